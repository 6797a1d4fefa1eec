import { expect, test } from 'vitest'
import { addDays } from '../../../shared/dates.ts'
import { uuidOf } from '../../../shared/ids.ts'
import { database } from '../../../shared/postgres/client.ts'
import { useApi } from '../../../tests/support/api.ts'
import { today } from '../../../tests/support/dates.ts'
import { loadFares } from '../offer.ts'

const api = useApi()
const fare = {
  origin: 'BOG',
  destination: 'ADZ',
  cabin: 'Y',
  bookingClass: 'M',
  fareBasis: 'MTEST',
  amount: 31_500_050,
  currency: 'COP',
  promotional: false,
  refundable: false,
  changeable: true,
  changeFee: 9_000_000,
  saleFrom: today(),
}
const set = (change: object = {}) =>
  api.request('POST', '/v1/fares', { role: 'revenue', body: { ...fare, ...change } })
const inForce = async () =>
  (await loadFares(database(), 'BOG', 'ADZ')).find(({ cabin, bookingClass }) => cabin + bookingClass === 'YM')
const count = () => database()`select count(*) as fares from flights.fares`

test('a fare is in force from its first day of sale, and a later one for the day corrects it', async () => {
  const answer = await set()
  expect(answer).toMatchObject({ status: 201, body: { fareId: expect.stringMatching(/^far_/) } })
  const { cabin, bookingClass, saleFrom, ...terms } = fare
  expect(await inForce()).toEqual({ id: answer.body.fareId, cabin, bookingClass, ...terms })
  expect(
    await database()`
      select sale_from, registered_by from flights.fares where id = ${uuidOf(answer.body.fareId)}`,
  ).toEqual([{ sale_from: saleFrom, registered_by: 'staff:local-revenue' }])

  await set({ amount: 1, saleFrom: addDays(today(), 1) })
  expect(await inForce()).toMatchObject({ amount: fare.amount })
  await set({ amount: 31_400_000 })
  expect(await inForce()).toMatchObject({ amount: 31_400_000 })
})

test.each([
  [
    'unknown-airport',
    { origin: 'XXX', destination: 'YYY' },
    [{ pointer: '/origin' }, { pointer: '/destination' }],
  ],
  ['unknown-booking-class', { cabin: 'C' }, [{ pointer: '/bookingClass' }]],
  ['fare-currency', { currency: 'USD' }, [{ pointer: '/currency', detail: 'must be COP' }]],
  ['date-in-past', { saleFrom: addDays(today(), -1) }, [{ pointer: '/saleFrom' }]],
  ['invalid-request', { amount: 0 }, [{ pointer: '/amount' }]],
  ['invalid-request', { amount: 0.5 }, [{ pointer: '/amount' }]],
  ['invalid-request', { destination: 'BOG' }, [{ pointer: '/destination' }]],
  ['invalid-request', { changeable: false }, [{ pointer: '/changeFee' }]],
])('refuses with %s what is asked by %o, and writes nothing', async (code, change, errors) => {
  const before = await count()
  expect(await set(change)).toMatchObject({ status: 422, body: { code, errors } })
  expect(await count()).toEqual(before)
})
