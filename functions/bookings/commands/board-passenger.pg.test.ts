import { beforeEach, expect, it } from 'vitest'
import { useApi } from '../../../tests/support/api.ts'
import { scheduleTestFlight } from '../../../tests/support/flights.ts'
import { bookConfirmed, CANCEL, departIn, inDays, readBooking } from '../../../tests/support/operations.ts'
import { ADULT } from '../../../tests/support/orders.ts'
import { expectRefusal } from '../../../tests/support/refusal.ts'

const api = useApi()
let flight: string
let locator: string
beforeEach(async () => {
  flight = (await scheduleTestFlight({ origin: 'BOG', destination: 'ADZ', date: inDays(9) })).id
  locator = (await bookConfirmed(api, [flight], [ADULT, ADULT])).locator
  await departIn(flight, 90)
  const body = { passengers: [1], segment: 1 }
  await api.request('POST', `/v1/bookings/${locator}/check-in`, { role: 'agent', body })
})
const board = (passenger: number, of = flight, who = locator) =>
  api.request('POST', `/v1/flights/${of}/boarding`, {
    role: 'agent',
    body: { locator: who, passenger },
  })

it('marks a checked-in passenger as boarded, once', async () => {
  const said = await board(1)
  expect(said).toMatchObject({
    status: 200,
    headers: { etag: '"3"' },
    body: { locator, passenger: 1, version: 3 },
  })
  const again = await expectRefusal(() => board(1), 409, 'already-boarded')
  expect(again.body.boardedAt).toBe(said.body.boardedAt)
  expect((await readBooking(api, locator)).coupons).toMatchObject([
    { status: 'checked-in' },
    { status: 'open' },
  ])
})

it('marks once of two at once', async () => {
  const both = await Promise.all([board(1), board(1)])
  expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409])
})

it('refuses who is not checked in or not on the flight, and a flight or booking that is not there', async () => {
  await expectRefusal(() => board(2), 409, 'not-checked-in')
  await expectRefusal(() => board(3), 409, 'not-on-flight')
  const other = (await scheduleTestFlight({ origin: 'BOG', destination: 'ADZ', date: inDays(9) })).id
  await expectRefusal(() => board(1, other), 409, 'not-on-flight')
  await expectRefusal(() => board(1, 'flt_019abcde000070008000000000000001'), 404, 'unknown-flight')
  await expectRefusal(() => board(1, flight, 'AAAAAA'), 404, 'booking-not-found')
})

it('refuses once the flight is closed or cancelled', async () => {
  const path = `/v1/flights/${flight}/cancellation`
  await api.request('POST', path, { role: 'admin', body: CANCEL('refund') })
  const said = await expectRefusal(() => board(1), 409, 'flight-not-scheduled')
  expect(said.body.flightStatus).toBe('cancelled')
})
