import { beforeEach, describe, expect, it } from 'vitest'
import { uuidOf } from '../../../shared/ids.ts'
import { database } from '../../../shared/postgres/client.ts'
import { useApi } from '../../../tests/support/api.ts'
import { scheduleTestFlight, type TestFlight } from '../../../tests/support/flights.ts'
import {
  bookConfirmed,
  bookHeld,
  cancelFlight,
  inDays,
  readBooking,
  soldOf,
} from '../../../tests/support/operations.ts'
import { ADULT, birthDateFor, CABIN_DOG, infant } from '../../../tests/support/orders.ts'
import { expectRefusal } from '../../../tests/support/refusal.ts'
import { schedule } from './settle-cancelled-flights.ts'

const api = useApi()
const DAY = inDays(30)
const CHILD = birthDateFor(8, DAY)
const fly = async (more: Partial<TestFlight> = {}) =>
  (await scheduleTestFlight({ origin: 'BOG', destination: 'ADZ', date: DAY, time: '10:00', ...more })).id
const progress = async (flight: string) =>
  (await api.request('GET', `/v1/flights/${flight}/disruption`, { role: 'agent' })).body
const refundsOf = (id: string) => database()`
  select amount, reason, lines, status from bookings.refunds where booking_id = ${id}`
const settle = () => schedule.run()
const statuses = (booking: { coupons: { status: string; segment: number }[] }, segment = 1) =>
  booking.coupons.filter((coupon) => coupon.segment === segment).map(({ status }) => status)

// Later flights of one test are no way out for another.
beforeEach(() => database()`update flights.flights set status = 'closed' where status = 'scheduled'`)

describe('rebooks', () => {
  it('on the next flight of the route with room for all of the party, at the same price', async () => {
    const flight = await fly()
    const [full, next] = [await fly({ time: '12:00', seats: 2 }), await fly({ time: '18:00' })]
    await fly({ time: '20:00' })
    const pets = { pets: [CABIN_DOG] }
    const { locator, id, total } = await bookConfirmed(api, [flight], [ADULT, CHILD, ADULT, infant()], pets)
    const [before] = await database()`select quote_id from bookings.bookings where id = ${id}`
    await cancelFlight(api, flight, 'rebook')
    expect(await progress(flight)).toMatchObject({ total: 1, open: 1, rebooked: 0, done: false })
    await settle()
    const read = await readBooking(api, locator)
    expect(read).toMatchObject({
      status: 'confirmed',
      version: 3,
      total,
      segments: [{ flightId: next, departsAt: `${DAY}T18:00:00-05:00` }],
      disruptions: [{ kind: 'cancelled', answer: 'rebooked', remedy: 'rebook' }],
    })
    expect(statuses(read)).toEqual([...Array(4).fill('exchanged'), ...Array(4).fill('open')])
    expect(await refundsOf(id)).toEqual([])
    const counted = { seats: 3, classes: 3, infants: 1, petc: 1, avih: 0 }
    const none = { seats: 0, classes: 0, infants: 0, petc: 0, avih: 0 }
    expect(await soldOf(next)).toEqual({ stored: counted, counted })
    expect(await soldOf(flight)).toEqual({ stored: none, counted: none })
    expect(await soldOf(full)).toEqual({ stored: none, counted: none })
    const [after] = await database()`
      select quote_id <> ${before?.quote_id} as moved, (select flight_ids from bookings.quotes where id = quote_id),
        (select event -> 'flights' -> 0 ->> 'flightId' from bookings.quotes where id = quote_id) as told
      from bookings.bookings where id = ${id}`
    expect(after).toEqual({ moved: true, flight_ids: [uuidOf(next)], told: next })
    expect(await progress(flight)).toMatchObject({
      status: 'cancelled',
      remedy: 'rebook',
      total: 1,
      rebooked: 1,
      refunded: 0,
      open: 0,
      done: true,
    })
  })

  it('in another class when the one sold has none left, and only in the same cabin', async () => {
    const abroad = { destination: 'JFK' }
    const flight = await fly({ ...abroad, business: { seats: 12 } })
    await fly({ ...abroad, time: '12:00' })
    const next = await fly({ ...abroad, time: '15:00', business: { seats: 12, limits: [12, 0] } })
    const { locator } = await bookConfirmed(api, [flight], [ADULT], { cabin: 'C', bookingClass: 'D' })
    await cancelFlight(api, flight, 'rebook')
    await settle()
    const { segments } = await readBooking(api, locator)
    expect(segments).toMatchObject([{ flightId: next, cabin: 'C', bookingClass: 'C', fareBasis: 'DPLUS' }])
  })

  it('a held booking too, which keeps its deadline', async () => {
    const [flight, next] = [await fly(), await fly({ time: '18:00' })]
    const { locator } = await bookHeld(api, [flight], [ADULT])
    const { payBy } = await readBooking(api, locator)
    await cancelFlight(api, flight, 'rebook')
    await settle()
    expect(await readBooking(api, locator)).toMatchObject({
      status: 'held',
      payBy,
      segments: [{ flightId: next }],
    })
  })

  it('an infant that has turned two by then on a seat of its own', async () => {
    const flight = await fly()
    const next = await fly({ date: inDays(32) })
    const turnsTwo = birthDateFor(2, inDays(31))
    const { locator } = await bookConfirmed(api, [flight], [ADULT, turnsTwo])
    await cancelFlight(api, flight, 'rebook')
    await settle()
    const read = await readBooking(api, locator)
    expect(read.coupons.map(({ type, status }: { type: string; status: string }) => [type, status])).toEqual([
      ['ADT', 'exchanged'],
      ['INF', 'exchanged'],
      ['ADT', 'open'],
      ['CHD', 'open'],
    ])
    const counted = { seats: 2, classes: 2, infants: 0, petc: 0, avih: 0 }
    expect(await soldOf(next)).toEqual({ stored: counted, counted })
  })

  it('one leg, when the new flight still joins the others', async () => {
    const flight = await fly({ destination: 'MDE', time: '08:00' })
    await fly({ destination: 'MDE', time: '10:30', blockMinutes: 60 })
    const onward = await fly({ origin: 'MDE', destination: 'ADZ', time: '11:00' })
    const early = await fly({ destination: 'MDE', time: '09:00', blockMinutes: 60 })
    const more = { directions: [{ flights: [flight, onward] }] }
    const joined = await bookConfirmed(api, [flight], [ADULT], more)
    await cancelFlight(api, flight, 'rebook')
    await settle()
    const read = await readBooking(api, joined.locator)
    expect(read.segments.map(({ flightId }: { flightId: string }) => flightId)).toEqual([early, onward])
    expect([statuses(read, 1), statuses(read, 2)]).toEqual([['exchanged', 'open'], ['open']])
  })
})

describe('refunds', () => {
  const none = { seats: 0, classes: 0, infants: 0, petc: 0, avih: 0 }

  it('all that was paid, when no flight has room within the days', async () => {
    const flight = await fly()
    const late = await fly({ date: inDays(38) })
    const { locator, id, total } = await bookConfirmed(api, [flight], [ADULT, infant()])
    await cancelFlight(api, flight, 'rebook')
    await settle()
    const read = await readBooking(api, locator)
    expect(read).toMatchObject({ status: 'cancelled', disruptions: [{ answer: 'refunded' }] })
    expect(statuses(read)).toEqual(['refunded', 'refunded'])
    const [refund, ...more] = await refundsOf(id)
    expect(more).toEqual([])
    expect(refund).toMatchObject({ amount: total, reason: 'flight-cancelled', status: 'pending' })
    for (const line of refund?.lines ?? []) {
      expect(line).toMatchObject({ amount: line.paid, retained: 0, ground: 'flight-cancelled' })
    }
    for (const each of [flight, late]) expect(await soldOf(each)).toEqual({ stored: none, counted: none })
    expect(await progress(flight)).toMatchObject({ rebooked: 0, refunded: 1, open: 0, done: true })
  })

  it('everybody, when that is the remedy, whatever has room; an unpaid booking gets nothing', async () => {
    const [flight] = [await fly(), await fly({ time: '18:00' })]
    const paid = await bookConfirmed(api, [flight], [ADULT])
    const held = await bookHeld(api, [flight], [ADULT])
    await cancelFlight(api, flight, 'refund')
    await settle()
    expect(await refundsOf(paid.id)).toMatchObject([{ amount: paid.total }])
    expect(await readBooking(api, held.locator)).toMatchObject({ status: 'cancelled' })
    expect(await refundsOf(held.id)).toEqual([])
    expect(await soldOf(flight)).toEqual({ stored: none, counted: none })
  })

  it('only what was not flown', async () => {
    const out = await fly()
    const back = await fly({ origin: 'ADZ', destination: 'BOG', date: inDays(35) })
    const { locator, id } = await bookConfirmed(api, [out, back], [ADULT, ADULT])
    await database()`
      update bookings.coupons set status = case passenger when 1 then 'flown' else 'no-show' end
      where booking_id = ${id} and segment = 1`
    const { lines } = await readBooking(api, locator)
    const unflown = lines
      .filter(({ segment }: { segment: number }) => segment === 2)
      .reduce((sum: number, { amount }: { amount: number }) => sum + amount, 0)
    await cancelFlight(api, back, 'refund')
    await settle()
    expect(await refundsOf(id)).toMatchObject([{ amount: unflown }])
    const read = await readBooking(api, locator)
    expect([statuses(read, 1), statuses(read, 2)]).toEqual([
      ['flown', 'no-show'],
      ['refunded', 'refunded'],
    ])
    expect((await soldOf(out)).stored).toMatchObject({ seats: 2 })
  })
})

it('refunds a journey whose only other flight would miss the next one', async () => {
  const flight = await fly({ destination: 'MDE', time: '08:00' })
  await fly({ destination: 'MDE', time: '10:30', blockMinutes: 60 })
  const onward = await fly({ origin: 'MDE', destination: 'ADZ', time: '11:00' })
  const more = { directions: [{ flights: [flight, onward] }] }
  const { locator } = await bookConfirmed(api, [flight], [ADULT], more)
  await cancelFlight(api, flight, 'rebook')
  await settle()
  expect(await readBooking(api, locator)).toMatchObject({ status: 'cancelled' })
})

it('has nothing left to do for who gave the booking up in the meantime', async () => {
  const flight = await fly()
  const { id, total } = await bookConfirmed(api, [flight], [ADULT])
  await cancelFlight(api, flight, 'refund')
  await database()`
    select bookings.close(b, 'cancelled', 'test', 'cancelled', ${total}, '[]', gen_random_uuid(), null)
    from bookings.bookings b where id = ${id}`
  await settle()
  expect(await refundsOf(id)).toMatchObject([{ amount: total, reason: 'cancelled' }])
  expect(await progress(flight)).toMatchObject({ refunded: 1, done: true })
  const [steps] = await database()`
    select count(*)::integer as steps from bookings.history where booking_id = ${id}`
  expect(steps).toEqual({ steps: 2 })
})

it('settles a booking once that is on two cancelled flights', async () => {
  const [out, back] = [await fly(), await fly({ origin: 'ADZ', destination: 'BOG', date: inDays(35) })]
  const { id, total } = await bookConfirmed(api, [out, back], [ADULT])
  await cancelFlight(api, out, 'refund')
  await cancelFlight(api, back, 'refund')
  await settle()
  expect(await refundsOf(id)).toMatchObject([{ amount: total }])
  for (const flight of [out, back]) expect(await progress(flight)).toMatchObject({ refunded: 1, done: true })
})

it('shares the work of several runs at once, and does nothing in a second one', async () => {
  const flight = await fly()
  const next = await fly({ time: '18:00', seats: 25 })
  const made = []
  for (let n = 0; n < 20; n++) made.push(await bookConfirmed(api, [flight], [ADULT, CHILD]))
  await cancelFlight(api, flight, 'rebook')
  await Promise.all([settle(), settle(), settle(), settle()])
  await settle()
  expect(await progress(flight)).toMatchObject({ total: 20, rebooked: 12, refunded: 8, open: 0, done: true })
  const counted = { seats: 24, classes: 24, infants: 0, petc: 0, avih: 0 }
  expect(await soldOf(next)).toEqual({ stored: counted, counted })
  const [steps] = await database()`
    select count(*)::integer as steps from bookings.history
    where booking_id = any (${made.map(({ id }) => id)}) and action in ('changed', 'cancelled')`
  expect(steps).toEqual({ steps: 20 })
})

it('passes over a booking that fails, and goes on with the others', async () => {
  const flight = await fly()
  const [first, second] = [
    await bookConfirmed(api, [flight], [ADULT]),
    await bookConfirmed(api, [flight], [ADULT]),
  ]
  await cancelFlight(api, flight, 'refund')
  const sql = database()
  // A seat that was never taken cannot be given back.
  await sql`update flights.cabin_inventory set sold = 1 where flight_id = ${uuidOf(flight)}`
  await settle()
  expect(await progress(flight)).toMatchObject({ refunded: 1, open: 1, done: false })
  await sql`update flights.cabin_inventory set sold = 1 where flight_id = ${uuidOf(flight)}`
  await settle()
  expect(await progress(flight)).toMatchObject({ refunded: 2, open: 0, done: true })
  for (const { id, total } of [first, second]) expect(await refundsOf(id)).toMatchObject([{ amount: total }])
})

it('tells the progress of a flight that is not known to nobody', async () => {
  const unknown = 'flt_019abcde000070008000000000000001'
  const ask = () => api.request('GET', `/v1/flights/${unknown}/disruption`, { role: 'agent' })
  await expectRefusal(ask, 404, 'unknown-flight')
  expect(await progress(await fly())).toMatchObject({ total: 0, remedy: null, done: true, seconds: 0 })
})
