import { expect, test } from 'vitest'
import { addDays } from '../../../shared/dates.ts'
import { uuidOf } from '../../../shared/ids.ts'
import { database } from '../../../shared/postgres/client.ts'
import { useApi } from '../../../tests/support/api.ts'
import { today } from '../../../tests/support/dates.ts'

const api = useApi()
const start = addDays(today(), 10)
const tax = {
  code: 'Z1',
  name: { es: 'Contribución de prueba', en: 'Test charge' },
  authority: 'Distrito de Santa Marta',
  charge: { basis: 'fixed', amount: 1_200_000, currency: 'COP' },
  refundable: true,
  validFrom: start,
  source: 'Test',
}
const register = (change: object = {}, destination = 'SMR') =>
  api.request('POST', `/v1/destinations/${destination}/taxes`, {
    role: 'revenue',
    body: { ...tax, ...change },
  })
const rulesOf = (code: string) =>
  database()`
    select valid_from, valid_to, min_age, max_age, amount from flights.tax_rules where code = ${code} order by id`

test('appends a fixed rule with what was left out', async () => {
  const answer = await register()
  expect(answer).toMatchObject({ status: 201, body: { taxId: expect.stringMatching(/^tax_/) } })
  expect(
    await database()`
      select code, name_es, name_en, authority, point, place_kind, place, excluded_airports, scope, basis, amount,
        currency, rate_basis_points, base, charged_per, min_age, max_age, exempt_residents, refundable, collected,
        valid_from, valid_to, valid_by, source, sample, registered_by
      from flights.tax_rules where id = ${uuidOf(answer.body.taxId)}`,
  ).toEqual([
    {
      code: 'Z1',
      name_es: 'Contribución de prueba',
      name_en: 'Test charge',
      authority: 'Distrito de Santa Marta',
      point: 'destination',
      place_kind: 'airport',
      place: 'SMR',
      excluded_airports: [],
      scope: 'any',
      basis: 'fixed',
      amount: 1_200_000,
      currency: 'COP',
      rate_basis_points: null,
      base: null,
      charged_per: 'passenger',
      min_age: 0,
      max_age: 150,
      exempt_residents: false,
      refundable: true,
      collected: 'ticket',
      valid_from: start,
      valid_to: null,
      valid_by: 'departure',
      source: 'Test',
      sample: false,
      registered_by: 'staff:local-revenue',
    },
  ])
})

test.each([
  ['city', 'MDE'],
  ['country', 'CO'],
])('a rule of the %s of EOH is a rule of %s', async (placeKind, place) => {
  const charge = { basis: 'percentage', rateBasisPoints: 350, base: 'net-fare' }
  const { body } = await register({ code: 'Z2', placeKind, charge, excludedAirports: ['ADZ'] }, 'EOH')
  expect(
    await database()`
      select place_kind, place, basis, amount, rate_basis_points, base, excluded_airports
      from flights.tax_rules where id = ${uuidOf(body.taxId)}`,
  ).toEqual([
    {
      place_kind: placeKind,
      place,
      basis: 'percentage',
      amount: null,
      rate_basis_points: 350,
      base: 'net-fare',
      excluded_airports: ['ADZ'],
    },
  ])
})

test('refuses a rule that meets another on a day and at an age, and takes one that does not', async () => {
  const children = { code: 'Z3', maxAge: 11, validTo: addDays(start, 30) }
  expect(await register(children)).toMatchObject({ status: 201 })
  const before = await rulesOf('Z3')
  for (const change of [{}, { minAge: 11 }, { validFrom: addDays(start, 30) }, { scope: 'domestic' }]) {
    expect(await register({ code: 'Z3', ...change })).toMatchObject({
      status: 409,
      body: { code: 'tax-rule-overlaps' },
    })
  }
  expect(await rulesOf('Z3')).toEqual(before)
  expect(await register({ code: 'Z3', minAge: 12 })).toMatchObject({ status: 201 })
  expect(await register({ ...children, validFrom: addDays(start, 31), validTo: undefined })).toMatchObject({
    status: 201,
  })
})

test('a rule that supersedes another ends it the day before', async () => {
  const { body } = await register({ code: 'Z4' })
  const next = { code: 'Z4', validFrom: addDays(start, 20), charge: { ...tax.charge, amount: 1_500_000 } }
  expect(await register({ ...next, supersedes: body.taxId })).toMatchObject({ status: 201 })
  expect(await rulesOf('Z4')).toMatchObject([
    { valid_from: start, valid_to: addDays(start, 19), amount: 1_200_000 },
    { valid_from: addDays(start, 20), valid_to: null, amount: 1_500_000 },
  ])
})

test('what refuses the new rule leaves the one that it would supersede as it was', async () => {
  const { body } = await register({ code: 'Z5', maxAge: 11 })
  await register({ code: 'Z5', minAge: 12 })
  const before = await rulesOf('Z5')
  const next = { code: 'Z5', validFrom: addDays(start, 20), supersedes: body.taxId }
  expect(await register(next)).toMatchObject({ status: 409, body: { code: 'tax-rule-overlaps' } })
  expect(await register(next, 'XXX')).toMatchObject({ status: 422, body: { code: 'unknown-airport' } })
  expect(await rulesOf('Z5')).toEqual(before)
})

test('an ended, a later and another tax cannot be superseded', async () => {
  const { body: open } = await register({ code: 'Z6' })
  const { body: ended } = await register({ code: 'Z7', validTo: addDays(start, 5) })
  const before = [await rulesOf('Z6'), await rulesOf('Z7')]
  const later = addDays(start, 20)
  for (const change of [
    { code: 'Z6', validFrom: start, supersedes: open.taxId },
    { code: 'Z6', validFrom: today(), supersedes: open.taxId },
    { code: 'Z7', validFrom: later, supersedes: ended.taxId },
    { code: 'Z7', validFrom: later, supersedes: open.taxId },
    { code: 'Z7', validFrom: later, supersedes: 'tax_019abcde000070008000000000000001' },
  ]) {
    expect(await register(change)).toMatchObject({ status: 409, body: { code: 'nothing-to-supersede' } })
  }
  expect([await rulesOf('Z6'), await rulesOf('Z7')]).toEqual(before)
})

test('refuses an airport that is not known', async () => {
  expect(await register({ code: 'Z8' }, 'XXX')).toMatchObject({
    status: 422,
    body: { code: 'unknown-airport', errors: [{ parameter: 'destination' }] },
  })
  expect(await rulesOf('Z8')).toEqual([])
})

test.each([
  [
    'a percentage per pet',
    { chargedPer: 'pet', charge: { basis: 'percentage', rateBasisPoints: 100, base: 'full-fare' } },
    '/charge/basis',
  ],
  ['an end before the start', { validTo: addDays(start, -1) }, '/validTo'],
  ['ages upside down', { minAge: 12, maxAge: 2 }, '/maxAge'],
  ['a counter charge by day of sale', { collected: 'counter', validBy: 'sale' }, '/validBy'],
])('refuses %s', async (_, change, pointer) => {
  expect(await register({ code: 'Z9', ...change })).toMatchObject({
    status: 422,
    body: { code: 'invalid-request', errors: [{ pointer }] },
  })
})
