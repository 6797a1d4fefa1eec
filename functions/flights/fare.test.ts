import { describe, expect, test } from 'vitest'
import { covers, type Fare, fareFor, type Promotion, promotionFor } from './fare.ts'
import type { Policies } from './policies.ts'

const policies = {
  'child-fare': { numerator: 2, denominator: 3 },
  'infant-lap-fare': { numerator: 1, denominator: 10 },
} as Policies
const fare = (amount: number, promotional = false): Fare => ({
  ...{ id: 'fare', bookingClass: 'B', fareBasis: 'BOW', amount, currency: 'COP', promotional },
  ...{ refundable: true, changeable: true, changeFee: 0 },
})

test.for([
  ['ADT', 10_000, false, 10_000],
  ['ADT', 10_000, true, 10_000],
  ['CHD', 10_000, false, 6_667],
  ['CHD', 10_001, false, 6_667],
  ['CHD', 10_000, true, 10_000],
  ['INF', 10_000, false, 1_000],
  ['INF', 10_000, true, 1_000],
  ['INF', 10_004, false, 1_000],
  ['INF', 10_005, false, 1_001],
] as const)('%s pays of a fare of %i (promotional: %s) %i', ([type, amount, promotional, paid]) => {
  expect(fareFor(fare(amount, promotional), type, policies)).toBe(paid)
})

test('a lap infant whose share is nothing pays 0', () => {
  const free = { ...policies, 'infant-lap-fare': { numerator: 0, denominator: 1 } }
  expect(fareFor(fare(10_000), 'INF', free)).toBe(0)
})

const promotion = (some: Partial<Promotion> = {}): Promotion => ({
  ...{ id: 'promotion', nameEs: 'Una', nameEn: 'One', rateBasisPoints: 1_000, code: null },
  ...{ routes: null, destinations: null, cabins: null },
  ...{ saleFrom: '2026-03-01', saleTo: '2026-03-31', travelFrom: '2026-06-01', travelTo: '2026-06-30' },
  ...some,
})
const flight = {
  ...{ origin: 'BOG', destination: 'ADZ', cabin: 'Y', departureDate: '2026-06-15', saleDate: '2026-03-15' },
}

describe('a promotion covers a flight', () => {
  test.for([
    ['everywhere, when no list is given', {}, true],
    ['on a route of its list', { routes: ['MDE-ADZ', 'BOG-ADZ'] }, true],
    ['not on the way back of a route', { routes: ['ADZ-BOG'] }, false],
    ['to a destination of its list', { destinations: ['ADZ'] }, true],
    ['not from a destination of its list', { destinations: ['BOG'] }, false],
    ['in a cabin of its list', { cabins: ['C', 'Y'] }, true],
    ['not in another cabin', { cabins: ['C'] }, false],
    ['not when one list of two leaves it out', { routes: ['BOG-ADZ'], cabins: ['C'] }, false],
    ['nowhere, when a list is empty', { routes: [] }, false],
  ] as const)('%s', ([, some, covered]) => {
    expect(covers(promotion(some), flight)).toBe(covered)
  })

  test.for([
    ['saleDate', '2026-02-28', false],
    ['saleDate', '2026-03-01', true],
    ['saleDate', '2026-03-31', true],
    ['saleDate', '2026-04-01', false],
    ['departureDate', '2026-05-31', false],
    ['departureDate', '2026-06-01', true],
    ['departureDate', '2026-06-30', true],
    ['departureDate', '2026-07-01', false],
  ] as const)('with %s %s: %s', ([name, date, covered]) => {
    expect(covers(promotion(), { ...flight, [name]: date })).toBe(covered)
  })
})

describe('the promotion of a fare', () => {
  const open = promotion({ id: 'open 10' })
  const coded = promotion({ id: 'coded 20', rateBasisPoints: 2_000, code: 'CARIBE20' })
  const lower = promotion({ id: 'coded 5', rateBasisPoints: 500, code: 'CINCO' })
  const elsewhere = promotion({ ...coded, id: 'coded elsewhere', destinations: ['CTG'] })
  const best = promotion({ id: 'open 15', rateBasisPoints: 1_500 })

  test.for([
    ['none of none', [], null, undefined],
    ['the open one without a code', [coded, open], null, 'open 10'],
    ['the coded one by its code', [open, coded], 'CARIBE20', 'coded 20'],
    ['the open one with a code nobody knows', [open, coded], 'NADA', 'open 10'],
    ['the open one with the code of one that gives less', [lower, open], 'CINCO', 'open 10'],
    ['the open one with the code of one that does not cover', [elsewhere, open], 'CARIBE20', 'open 10'],
    ['none with a code that does not cover', [elsewhere], 'CARIBE20', undefined],
    ['none without the code of the only one', [coded], null, undefined],
    ['the highest rate of several', [open, best, lower], null, 'open 15'],
    ['the first of two that give the same', [open, { ...open, id: 'later' }], null, 'open 10'],
    ['none whose codes only differ in case', [coded], 'caribe20', undefined],
  ] as const)('%s', ([, promotions, code, id]) => {
    expect(promotionFor(promotions, flight, code)?.id).toBe(id)
  })
})
