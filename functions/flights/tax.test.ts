import { describe, expect, test } from 'vitest'
import { concerns, fallsOn, type Place, type TaxRule } from './tax.ts'

const place = (code: string, cityCode: string, countryCode: string): Place => ({
  code,
  cityCode,
  countryCode,
})
const BOG = place('BOG', 'BOG', 'CO')
const EOH = place('EOH', 'MDE', 'CO')
const ADZ = place('ADZ', 'ADZ', 'CO')
const JFK = place('JFK', 'NYC', 'US')

const rule = (some: Partial<TaxRule> = {}): TaxRule => ({
  ...{ id: 'tax', code: 'XX', nameEs: 'Una', nameEn: 'One', authority: 'DIAN', source: 'ley', sample: true },
  ...{ point: 'destination', placeKind: 'airport', place: 'EOH', excludedAirports: [], scope: 'any' },
  ...{ basis: 'fixed', amount: 1_000, currency: 'COP', rateBasisPoints: null, base: null },
  ...{ chargedPer: 'passenger', minAge: 0, maxAge: 150, exemptResidents: false, refundable: true },
  ...{ collected: 'ticket', validFrom: '2026-01-01', validTo: '2026-12-31', validBy: 'sale' },
  ...some,
})
const journey = { origin: BOG, destination: EOH, departureDate: '2026-07-10', saleDate: '2026-03-10' }

describe('where a rule is in force', () => {
  test.for([
    ['at its airport', {}, true],
    ['not at another airport of its city', { place: 'MDE' }, false],
    ['in its city', { placeKind: 'city', place: 'MDE' }, true],
    ['not by the airport when it names a city', { placeKind: 'city', place: 'EOH' }, false],
    ['in its country', { placeKind: 'country', place: 'CO' }, true],
    ['not in another country', { placeKind: 'country', place: 'US' }, false],
    ['not at the origin when it names the destination', { place: 'BOG' }, false],
    ['at the origin when it names that', { point: 'origin', place: 'BOG' }, true],
    ['not at the destination when it names the origin', { point: 'origin' }, false],
    ['not to an excluded airport', { excludedAirports: ['EOH'] }, false],
    ['not from an excluded airport', { excludedAirports: ['ADZ', 'BOG'] }, false],
    ['beside an airport excluded elsewhere', { excludedAirports: ['ADZ'] }, true],
  ] as const)('%s', ([, some, held]) => {
    expect(concerns(rule(some), journey)).toBe(held)
  })

  test.for([
    ['domestic', 'domestic', ADZ, true],
    ['domestic', 'international', JFK, false],
    ['international', 'domestic', ADZ, false],
    ['international', 'international', JFK, true],
    ['any', 'domestic', ADZ, true],
    ['any', 'international', JFK, true],
  ] as const)('%s: a journey that is %s', ([scope, , origin, held]) => {
    expect(concerns(rule({ scope }), { ...journey, origin })).toBe(held)
  })
})

describe('when a rule is in force', () => {
  test.for([
    ['sale', '2025-12-31', '2026-07-10', false],
    ['sale', '2026-01-01', '2026-07-10', true],
    ['sale', '2026-12-31', '2027-07-10', true],
    ['sale', '2027-01-01', '2027-07-10', false],
    ['departure', '2025-12-01', '2025-12-31', false],
    ['departure', '2025-12-01', '2026-01-01', true],
    ['departure', '2026-06-01', '2026-12-31', true],
    ['departure', '2026-06-01', '2027-01-01', false],
  ] as const)('by day of %s: sold %s, departing %s: %s', ([validBy, saleDate, departureDate, held]) => {
    expect(concerns(rule({ validBy }), { ...journey, saleDate, departureDate })).toBe(held)
  })

  test('without an end it holds on', () => {
    expect(concerns(rule({ validTo: null }), { ...journey, saleDate: '2040-01-01' })).toBe(true)
  })
})

describe('whom a rule falls on', () => {
  test.for([
    [6, false],
    [7, true],
    [12, true],
    [13, false],
  ] as const)('from 7 to 12 years: %i, %s', ([age, owed]) => {
    expect(fallsOn(rule({ minAge: 7, maxAge: 12 }), { age, residency: null })).toBe(owed)
  })

  test.for([
    ['who resides there, exempt', true, 'EOH', false],
    ['who resides elsewhere', true, 'BOG', true],
    ['whose residency is not known', true, null, true],
    ['who resides there, when nobody is exempt', false, 'EOH', true],
  ] as const)('%s', ([, exemptResidents, residency, owed]) => {
    expect(fallsOn(rule({ exemptResidents }), { age: 30, residency })).toBe(owed)
  })

  test('no passenger, when it is charged per pet', () => {
    expect(fallsOn(rule({ chargedPer: 'pet' }), { age: 30, residency: null })).toBe(false)
  })
})
