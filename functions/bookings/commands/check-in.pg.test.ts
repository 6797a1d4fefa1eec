import { beforeEach, describe, expect, it } from 'vitest'
import { signBookingToken } from '../../../shared/http/booking-token.ts'
import { database } from '../../../shared/postgres/client.ts'
import { useApi } from '../../../tests/support/api.ts'
import type { ApiRequest } from '../../../tests/support/client.ts'
import { scheduleTestFlight } from '../../../tests/support/flights.ts'
import {
  bookConfirmed,
  bookHeld,
  CANCEL,
  departIn,
  inDays,
  readBooking,
} from '../../../tests/support/operations.ts'
import { ADULT, infant } from '../../../tests/support/orders.ts'
import { expectRefusal } from '../../../tests/support/refusal.ts'

const api = useApi()
const HOURS = 60
let flight: string
let booking: { locator: string; id: string }
beforeEach(async () => {
  flight = (await scheduleTestFlight({ origin: 'BOG', destination: 'ADZ', date: inDays(9) })).id
  booking = await bookConfirmed(api, [flight], [ADULT, ADULT, infant()])
  await departIn(flight, 24 * HOURS)
})

const checkIn = (body: object, as: ApiRequest = { role: 'agent' }, of = booking.locator) =>
  api.request('POST', `/v1/bookings/${of}/check-in`, { ...as, body })
const statuses = async () =>
  (await readBooking(api, booking.locator)).coupons.map(({ status }: { status: string }) => status)

it('checks passengers in for a flight, the passenger with the token of the booking too', async () => {
  const { token } = await signBookingToken(booking.id)
  expect(await checkIn({ passengers: [1, 3], segment: 1 }, { token })).toMatchObject({
    status: 200,
    headers: { etag: '"2"' },
    body: { flightId: flight, segment: 1, passengers: [1, 3], version: 2 },
  })
  expect(await statuses()).toEqual(['checked-in', 'open', 'checked-in'])
  const [row] = await database()`
    select actor, action, detail from bookings.history where booking_id = ${booking.id}`
  expect(row).toEqual({
    actor: `passenger:${booking.id}`,
    action: 'checked-in',
    detail: { segment: 1, passengers: [1, 3] },
  })
})

it('opens 48 hours before departure and ends 45 minutes before', async () => {
  const ask = () => checkIn({ passengers: [1], segment: 1 })
  await departIn(flight, 48 * HOURS + 1)
  const early = await expectRefusal(ask, 409, 'check-in-not-open')
  expect(Math.abs(Date.parse(early.body.opensAt) - Date.now() - 60_000)).toBeLessThan(10_000)
  await departIn(flight, 44)
  const late = await expectRefusal(ask, 409, 'check-in-closed')
  expect(Math.abs(Date.parse(late.body.closedAt) - Date.now() + 60_000)).toBeLessThan(10_000)
  await departIn(flight, 46)
  expect((await ask()).status).toBe(200)
})

describe('refuses', () => {
  it('an unpaid booking', async () => {
    const other = (await scheduleTestFlight({ origin: 'BOG', destination: 'ADZ', date: inDays(9) })).id
    const { locator } = await bookHeld(api, [other], [ADULT])
    await departIn(other, 24 * HOURS)
    const ask = () => checkIn({ passengers: [1], segment: 1 }, { role: 'agent' }, locator)
    await expectRefusal(ask, 409, 'booking-unpaid')
  })

  it('all, when one is checked in already, is named twice or is not there', async () => {
    await checkIn({ passengers: [1], segment: 1 })
    const refused = (passengers: number[], at: number) =>
      expectRefusal(() => checkIn({ passengers, segment: 1 }), 409, 'coupon-not-open', {
        pointer: `/passengers/${at}`,
      })
    await refused([2, 1], 1)
    await refused([2, 2], 1)
    await refused([2, 7], 1)
    expect(await statuses()).toEqual(['checked-in', 'open', 'open'])
  })

  it('a flight that the booking has not, and a cancelled one', async () => {
    const place = { pointer: '/segment' }
    await expectRefusal(() => checkIn({ passengers: [1], segment: 2 }), 422, 'unknown-segment', place)
    const path = `/v1/flights/${flight}/cancellation`
    await api.request('POST', path, { role: 'admin', body: CANCEL('refund') })
    await expectRefusal(() => checkIn({ passengers: [1], segment: 1 }), 409, 'flight-not-scheduled')
  })

  it('another’s booking, a stale version and a closed booking', async () => {
    const body = { passengers: [1], segment: 1 }
    const stranger = { role: 'partner', subject: 'stranger' } as const
    await expectRefusal(() => checkIn(body, stranger), 404, 'booking-not-found')
    const stale = { role: 'agent', headers: { 'if-match': '"9"' } } as const
    await expectRefusal(() => checkIn(body, stale), 412, 'version-stale')
    await database()`update bookings.bookings set status = 'cancelled' where id = ${booking.id}`
    await expectRefusal(() => checkIn(body), 409, 'booking-closed')
  })
})

it('takes one of two at once', async () => {
  const both = await Promise.all([1, 2].map(() => checkIn({ passengers: [1, 2], segment: 1 })))
  expect(both.map(({ status }) => status).toSorted()).toEqual([200, 409])
  expect(await readBooking(api, booking.locator)).toMatchObject({ version: 2 })
})
