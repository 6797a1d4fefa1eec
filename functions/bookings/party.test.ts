import { describe, expect, it } from 'vitest'
import { readPolicies } from '../../infra/postgres/seed/files.ts'
import type { Policies } from '../flights/index.ts'
import type { PetRequest } from './models.ts'
import { judgeParty, judgePets } from './party.ts'

const policies = Object.fromEntries(readPolicies().map(({ name, value }) => [name, value])) as Policies
const TODAY = '2026-11-24'
const DEPARTURE = '2026-12-10'

/** Birth dates of passengers who have their birthday on the day of departure. */
const aged = (...ages: number[]) => ages.map((age) => `${2026 - age}-12-10`)
const codeOf = (birthDates: string[]) => judgeParty(birthDates, DEPARTURE, TODAY, policies)?.code

describe('judgeParty', () => {
  it.each<[string, number[], string | undefined]>([
    ['one adult', [30], undefined],
    ['nine seated', Array(9).fill(30), undefined],
    ['nine seated and nine infants on their laps', [...Array(9).fill(30), ...Array(9).fill(1)], undefined],
    ['ten seated', Array(10).fill(30), 'too-many-passengers'],
    ['an infant alone', [1], 'infant-without-adult'],
    ['an infant with a child', [1, 11], 'infant-without-adult'],
    ['an infant with a youth of 17', [1, 17], 'infant-without-adult'],
    ['two infants, one adult', [30, 1, 1], 'too-many-infants'],
    ['an infant of two is a child', [30, 2, 1], undefined],
    ['a child alone', [11], 'minor-unaccompanied'],
    ['a minor of 14 alone', [14], 'minor-unaccompanied'],
    ['a youth of 15 alone', [15], undefined],
    ['a child with a youth of 16', [16, 8], 'minor-unaccompanied'],
    ['a child with an adult', [18, 8], undefined],
  ])('%s', (_, ages, code) => {
    expect(codeOf(aged(...ages))).toBe(code)
  })

  it('refuses who is not born yet, by name of the field', () => {
    const refusal = judgeParty(['1990-01-01', '2026-11-25'], DEPARTURE, TODAY, policies)
    expect(refusal).toMatchObject({
      code: 'birth-date-in-future',
      at: { pointer: '/passengers/1/birthDate' },
    })
  })

  it('names the infant who has nobody', () => {
    expect(judgeParty(aged(17, 1), DEPARTURE, TODAY, policies)?.at.pointer).toBe('/passengers/1')
  })
})

describe('judgePets', () => {
  const pet = (more: Partial<PetRequest>): PetRequest => ({
    service: 'PETC',
    species: 'dog',
    weightKg: 8,
    carrierCm: [50, 30, 20],
    ...more,
  })
  it.each<[string, Partial<PetRequest>, string | undefined]>([
    ['a small dog', {}, undefined],
    ['at the limit of weight and carrier', { weightKg: 10, carrierCm: [55, 35, 25] }, undefined],
    ['sides in another order', { carrierCm: [25, 55, 35] }, undefined],
    ['too heavy for the cabin', { weightKg: 11 }, 'pet-too-heavy'],
    ['one side too long', { carrierCm: [56, 20, 20] }, 'pet-carrier-too-large'],
    ['two long sides', { carrierCm: [50, 40, 20] }, 'pet-carrier-too-large'],
    ['heavy in the hold', { service: 'AVIH', weightKg: 40 }, undefined],
    ['a short nose in the hold', { service: 'AVIH', breed: 'Bulldog Francés' }, 'pet-breed-refused'],
    ['a short nose in the cabin', { breed: 'pug' }, undefined],
  ])('%s', (_, more, code) => {
    expect(judgePets([pet(more)], policies)?.code).toBe(code)
  })

  it('names the pet and the field', () => {
    expect(judgePets([pet({}), pet({ weightKg: 12 })], policies)?.at.pointer).toBe('/pets/1/weightKg')
  })
})
