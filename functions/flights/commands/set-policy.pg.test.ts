import { expect, test } from 'vitest'
import { addDays } from '../../../shared/dates.ts'
import { uuidOf } from '../../../shared/ids.ts'
import { database } from '../../../shared/postgres/client.ts'
import { useApi } from '../../../tests/support/api.ts'
import { today } from '../../../tests/support/dates.ts'
import { loadTariff } from '../tariff.ts'

const api = useApi()
const set = (name: string, value: unknown, validFrom = today()) =>
  api.request('POST', '/v1/policies', { role: 'admin', body: { name, value, validFrom, source: 'Test' } })
const inForce = async () => (await loadTariff(database(), { airports: ['BOG'] })).policies
const count = () => database()`select count(*) as policies from flights.policies`

test('a policy is in force from its first day, and a second one for the day corrects it', async () => {
  const answer = await set('candy-max-age', 13)
  expect(answer).toMatchObject({ status: 201, body: { policyId: expect.stringMatching(/^pol_/) } })
  expect(
    await database()`
      select name, value, valid_from, source, set_by from flights.policies where id = ${uuidOf(answer.body.policyId)}`,
  ).toEqual([
    { name: 'candy-max-age', value: 13, valid_from: today(), source: 'Test', set_by: 'staff:local-admin' },
  ])
  await set('candy-max-age', 10, addDays(today(), 1))
  expect(await inForce()).toMatchObject({ 'candy-max-age': 13 })
  await set('candy-max-age', 14)
  expect(await inForce()).toMatchObject({ 'candy-max-age': 14 })
})

test.each([
  ['child-fare', { numerator: 1, denominator: 2 }],
  ['petc-carrier-max-cm', [50, 40, 20]],
  ['petc-fee', { amount: 4000, currency: 'USD' }],
  ['avih-refused-breeds', ['pug']],
  ['avih-refused-breeds', []],
])('stores %s as %j', async (name, value) => {
  expect(await set(name, value)).toMatchObject({ status: 201 })
  expect(await inForce()).toMatchObject({ [name]: value })
})

test.each([
  ['date-in-past', 'candy-max-age', 12, '/validFrom', addDays(today(), -1)],
  ['invalid-request', 'sweets', 12, '/name', undefined],
  ['invalid-request', 'overbooking-percent', 6, '/value', undefined],
  ['invalid-request', 'overbooking-percent', '3', '/value', undefined],
  ['invalid-request', 'child-fare', { numerator: 1, denominator: 0 }, '/value/denominator', undefined],
  ['invalid-request', 'petc-fee', { amount: 1, currency: 'XXX' }, '/value/currency', undefined],
  ['invalid-request', 'candy-max-age', 12, '/validFrom', '2027-13-01'],
])('refuses with %s: %s %j', async (code, name, value, pointer, validFrom) => {
  const before = await count()
  expect(await set(name, value, validFrom)).toMatchObject({
    status: 422,
    body: { code, errors: [{ pointer }] },
  })
  expect(await count()).toEqual(before)
})

test('says which policies there are', async () => {
  const { body } = await set('sweets', 12)
  expect(body.errors[0].detail).toMatch(/^must be one of candy-max-age, child-fare, /)
})
