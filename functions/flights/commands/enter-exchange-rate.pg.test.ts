import { expect, test } from 'vitest'
import { addDays } from '../../../shared/dates.ts'
import { uuidOf } from '../../../shared/ids.ts'
import { database } from '../../../shared/postgres/client.ts'
import { useApi } from '../../../tests/support/api.ts'
import { today } from '../../../tests/support/dates.ts'
import { loadTariff } from '../tariff.ts'

const api = useApi()
const rate = { from: 'USD', to: 'COP', day: today(), rate: '4050.25', source: 'Test' }
const enter = (change: object = {}) =>
  api.request('POST', '/v1/exchange-rates', { role: 'revenue', body: { ...rate, ...change } })
const count = () => database()`select count(*) as rates from flights.exchange_rates`

test.each([
  ['4050.25', 4_050_250_000],
  ['4050', 4_050_000_000],
  ['0.000001', 1],
  ['9999999.999999', 9_999_999_999_999],
  ['17.1', 17_100_000],
])('stores %s exactly', async (text, millionths) => {
  const answer = await enter({ rate: text })
  expect(answer).toMatchObject({ status: 201, body: { rateId: expect.stringMatching(/^fxr_/) } })
  expect(
    await database()`
      select from_currency, to_currency, day, rate_millionths, source, entered_by
      from flights.exchange_rates where id = ${uuidOf(answer.body.rateId)}`,
  ).toEqual([
    {
      from_currency: 'USD',
      to_currency: 'COP',
      day: rate.day,
      rate_millionths: millionths,
      source: 'Test',
      entered_by: 'staff:local-revenue',
    },
  ])
  // A second rate for the day corrects the one before.
  expect((await loadTariff(database(), { airports: ['BOG'] })).rates).toEqual([
    { from: 'USD', to: 'COP', rateMillionths: millionths, day: rate.day },
  ])
})

const refuses = async (change: object, code: string, error: object) => {
  const before = await count()
  expect(await enter(change)).toMatchObject({ status: 422, body: { code, errors: [error] } })
  expect(await count()).toEqual(before)
}

test.each([
  ['rate-currency', { to: 'EUR' }, { pointer: '/to', detail: 'must be COP' }],
  ['date-in-future', { day: addDays(today(), 1) }, { pointer: '/day' }],
  ['invalid-request', { from: 'COP' }, { pointer: '/from' }],
  ['invalid-request', { rate: 4050.25 }, { pointer: '/rate' }],
])('refuses with %s what is asked by %o, and writes nothing', (code, change, error) =>
  refuses(change, code, error),
)

const REFUSED = [
  '0',
  '0.000000',
  '-1',
  '4050,25',
  '1.1234567',
  '12345678',
  '1e3',
  '007',
  '.5',
  '5.',
  ' 5',
  '',
]
test.each(REFUSED)('refuses the rate "%s"', (rate) =>
  refuses({ rate }, 'invalid-request', { pointer: '/rate' }),
)
