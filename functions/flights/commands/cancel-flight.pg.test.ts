import { expect, it } from 'vitest'
import { uuidOf } from '../../../shared/ids.ts'
import { database } from '../../../shared/postgres/client.ts'
import { useApi } from '../../../tests/support/api.ts'
import { scheduleTestFlight } from '../../../tests/support/flights.ts'
import { CANCEL, departIn, flightEvents, inDays } from '../../../tests/support/operations.ts'
import { ADULT, orderOf, sales } from '../../../tests/support/orders.ts'
import { expectRefusal } from '../../../tests/support/refusal.ts'

const api = useApi()
const schedule = async () =>
  (await scheduleTestFlight({ origin: 'BOG', destination: 'ADZ', date: inDays(30) })).id
const cancel = (flight: string, body: object = CANCEL('rebook')) =>
  api.request('POST', `/v1/flights/${flight}/cancellation`, { role: 'admin', body })

it('cancels the flight, ends its sale and tells the remedy', async () => {
  const flight = await schedule()
  const { quote, quotedBooking, book } = sales(api)
  const waiting = await quotedBooking(flight)
  expect(await cancel(flight)).toMatchObject({
    status: 202,
    headers: { location: `/v1/flights/${flight}/disruption` },
    body: { flightId: flight, version: 2, status: 'cancelled' },
  })
  await expectRefusal(() => book(waiting), 409, 'flight-not-bookable')
  await expectRefusal(() => quote(orderOf([flight], [ADULT])), 409, 'flight-not-bookable')
  const events = (await flightEvents()).filter(({ subject }) => subject === flight)
  expect(events).toMatchObject([
    { type: 'flights.flight-cancelled.v1', version: 2, data: { reason: 'weather', remedy: 'rebook' } },
  ])
})

it('waits for a sale that is under way, which is then on the flight', async () => {
  const flight = await schedule()
  const { quotedBooking, book } = sales(api)
  const bodies = await Promise.all(Array.from({ length: 20 }, () => quotedBooking(flight)))
  const [cancelled, ...booked] = await Promise.all([
    book(bodies[0] ?? {}).then(() => cancel(flight)),
    ...bodies.slice(1).map((body) => book(body)),
  ])
  expect(cancelled.status).toBe(202)
  const made = booked.filter(({ status }) => status === 201).length + 1
  const [row] = await database()`
    select (select sold from flights.cabin_inventory where flight_id = ${uuidOf(flight)}) as sold,
      (select count(*)::integer from bookings.coupons where flight_id = ${uuidOf(flight)}) as coupons`
  expect(row).toEqual({ sold: made, coupons: made })
})

it('refuses twice, a flight that has left, an unknown one, and no remedy', async () => {
  const flight = await schedule()
  await cancel(flight)
  const said = await expectRefusal(() => cancel(flight), 409, 'flight-not-scheduled')
  expect(said.body.flightStatus).toBe('cancelled')
  const left = await schedule()
  await departIn(left, -1)
  await expectRefusal(() => cancel(left), 409, 'flight-departed')
  await expectRefusal(() => cancel('flt_019abcde000070008000000000000001'), 404, 'unknown-flight')
  await expectRefusal(() => cancel(left, { reason: 'weather' }), 422, 'invalid-request', {
    pointer: '/remedy',
  })
})
