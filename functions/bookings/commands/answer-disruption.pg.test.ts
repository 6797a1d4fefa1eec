import { beforeEach, describe, expect, it } from 'vitest'
import { database } from '../../../shared/postgres/client.ts'
import { useApi } from '../../../tests/support/api.ts'
import type { ApiRequest } from '../../../tests/support/client.ts'
import { scheduleTestFlight, type TestFlight } from '../../../tests/support/flights.ts'
import {
  bookConfirmed,
  bookHeld,
  cancelFlight,
  departIn,
  inDays,
  noteAll,
  readBooking,
  soldOf,
} from '../../../tests/support/operations.ts'
import { ADULT, birthDateFor } from '../../../tests/support/orders.ts'
import { expectRefusal } from '../../../tests/support/refusal.ts'

const api = useApi()
const DAY = inDays(30)
const fly = async (more: Partial<TestFlight> = {}) =>
  (await scheduleTestFlight({ origin: 'BOG', destination: 'ADZ', date: DAY, time: '10:00', ...more })).id
const AGENT: ApiRequest = { role: 'agent' }

let flight: string
let booking: { locator: string; id: string; total: number }
let disruption: string
const retime = async (of: string, time: string) => {
  const hour = Number(time.slice(0, 2))
  const body = {
    departsAt: { date: DAY, time },
    arrivesAt: { date: DAY, time: `${hour + 2}:00` },
    reason: 'crew',
  }
  const answer = await api.request('POST', `/v1/flights/${of}/retiming`, { role: 'admin', body })
  expect(answer.status).toBe(200)
  await noteAll()
}
const answer = (body: object, as: ApiRequest = AGENT, of = disruption) =>
  api.request('POST', `/v1/bookings/${booking.locator}/disruptions/${of}`, { ...as, body })

beforeEach(async () => {
  await database()`truncate platform.outbox`
  flight = await fly()
  booking = await bookConfirmed(api, [flight], [ADULT, birthDateFor(8, DAY)])
  await retime(flight, '14:00')
  disruption = (await readBooking(api, booking.locator)).disruptions[0].disruptionId
})

it('accepts: the booking has the flight at its new times, at the same price', async () => {
  const before = await readBooking(api, booking.locator)
  expect(await answer({ answer: 'accept' }, { ...AGENT, headers: { 'if-match': '"2"' } })).toMatchObject({
    status: 200,
    headers: { etag: '"3"' },
    body: { disruptionId: disruption, answer: 'accepted', version: 3, refund: 0, currency: null },
  })
  const { segments, version, disruptions, ...rest } = await readBooking(api, booking.locator)
  expect({ version, segments, disruptions }).toMatchObject({
    version: 3,
    segments: [{ flightId: flight, departsAt: `${DAY}T14:00:00-05:00` }],
    disruptions: [{ answer: 'accepted' }],
  })
  const { segments: _, version: __, disruptions: ___, ...unchanged } = before
  expect(rest).toEqual(unchanged)
})

it('gives all back, and what it held', async () => {
  const said = await answer({ answer: 'refund' })
  const { total } = booking
  expect(said).toMatchObject({
    status: 200,
    body: { answer: 'refunded', version: 3, refund: total, currency: 'COP' },
  })
  expect(await readBooking(api, booking.locator)).toMatchObject({
    status: 'cancelled',
    disruptions: [{ answer: 'refunded' }],
  })
  const refunds = await database()`
    select amount, reason from bookings.refunds where booking_id = ${booking.id}`
  expect(refunds).toEqual([{ amount: total, reason: 'retimed' }])
  expect((await soldOf(flight)).stored).toMatchObject({ seats: 0 })
})

it('gives an unpaid booking nothing back', async () => {
  const other = await fly()
  booking = await bookHeld(api, [other], [ADULT])
  await retime(other, '16:00')
  const [{ disruptionId }] = (await readBooking(api, booking.locator)).disruptions
  expect(await answer({ answer: 'refund' }, AGENT, disruptionId)).toMatchObject({
    status: 200,
    body: { refund: 0 },
  })
})

it('moves to a named flight, an earlier one too, at no charge', async () => {
  const to = await fly({ date: inDays(28), seats: 2 })
  expect(await answer({ answer: 'rebook', flightId: to })).toMatchObject({
    status: 200,
    body: { answer: 'rebooked', version: 3, refund: 0 },
  })
  expect(await readBooking(api, booking.locator)).toMatchObject({
    status: 'confirmed',
    total: booking.total,
    segments: [{ flightId: to }],
    disruptions: [{ answer: 'rebooked' }],
  })
  expect([(await soldOf(flight)).stored, (await soldOf(to)).stored]).toMatchObject([
    { seats: 0 },
    { seats: 2 },
  ])
})

it('answers for all that is open of the flight, and does it once under one key', async () => {
  await retime(flight, '18:00')
  const key = crypto.randomUUID()
  await answer({ answer: 'accept' }, { ...AGENT, key })
  const again = await answer({ answer: 'accept' }, { ...AGENT, key })
  expect(again.headers['idempotent-replayed']).toBe('true')
  const { disruptions, segments } = await readBooking(api, booking.locator)
  expect(disruptions).toMatchObject([{ answer: 'accepted' }, { answer: 'accepted' }])
  expect(segments).toMatchObject([{ departsAt: `${DAY}T18:00:00-05:00` }])
})

describe('refuses', () => {
  it('who may not see the booking, and a disruption of another', async () => {
    const stranger = { role: 'partner', subject: 'stranger' } as const
    await expectRefusal(() => answer({ answer: 'accept' }, stranger), 404, 'booking-not-found')
    const unknown = 'dis_01990000000070008000000000000001'
    await expectRefusal(() => answer({ answer: 'accept' }, AGENT, unknown), 404, 'unknown-disruption')
  })

  it('a stale version', async () => {
    const stale = { ...AGENT, headers: { 'if-match': '"1"' } }
    await expectRefusal(() => answer({ answer: 'accept' }, stale), 412, 'version-stale')
  })

  it('a second answer, and any for a closed booking', async () => {
    await answer({ answer: 'accept' })
    await expectRefusal(() => answer({ answer: 'refund' }), 409, 'disruption-answered')
    await database()`update bookings.bookings set status = 'cancelled' where id = ${booking.id}`
    await expectRefusal(() => answer({ answer: 'refund' }), 409, 'booking-closed')
  })

  it('a flight that has left', async () => {
    await departIn(flight, -1)
    await expectRefusal(() => answer({ answer: 'refund' }), 409, 'flight-departed')
  })

  it('a cancelled flight: that is the airline’s to settle', async () => {
    await cancelFlight(api, flight, 'rebook')
    await expectRefusal(() => answer({ answer: 'accept' }), 409, 'disruption-with-airline')
    const { disruptions } = await readBooking(api, booking.locator)
    const { disruptionId } = disruptions.find(({ kind }: { kind: string }) => kind === 'cancelled')
    await expectRefusal(
      () => answer({ answer: 'refund' }, AGENT, disruptionId),
      409,
      'disruption-with-airline',
    )
  })

  it.each([
    ['another route', { destination: 'CTG' }, 'rebook-flight-unfit'],
    ['a day too far', { date: inDays(38) }, 'rebook-flight-unfit'],
    ['one without room', { seats: 1 }, 'sold-out'],
    ['one whose sale has ended', { salesCloseMinutes: 60 * 24 * 31 }, 'flight-not-bookable'],
  ])('to move to %s', async (_, more, code) => {
    const to = await fly(more)
    await expectRefusal(() => answer({ answer: 'rebook', flightId: to }), 409, code)
  })

  it('to move to the same or an unknown flight, or to none', async () => {
    await expectRefusal(() => answer({ answer: 'rebook', flightId: flight }), 409, 'rebook-flight-unfit')
    const unknown = 'flt_019abcde000070008000000000000001'
    const place = { pointer: '/flightId' }
    await expectRefusal(() => answer({ answer: 'rebook', flightId: unknown }), 404, 'unknown-flight', place)
    await expectRefusal(() => answer({ answer: 'rebook' }), 422, 'invalid-request', place)
    await expectRefusal(() => answer({ answer: 'accept', flightId: unknown }), 422, 'invalid-request', place)
  })
})
