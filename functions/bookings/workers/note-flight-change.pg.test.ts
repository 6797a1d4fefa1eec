import { beforeEach, describe, expect, it } from 'vitest'
import { uuidOf } from '../../../shared/ids.ts'
import { database } from '../../../shared/postgres/client.ts'
import { useApi } from '../../../tests/support/api.ts'
import { scheduleTestFlight } from '../../../tests/support/flights.ts'
import {
  bookConfirmed,
  bookHeld,
  cancelFlight,
  deliver,
  departIn,
  flightEvents,
  inDays,
  noteAll,
  readBooking,
} from '../../../tests/support/operations.ts'
import { ADULT, birthDateFor, infant } from '../../../tests/support/orders.ts'

const api = useApi()
const DAY = inDays(30)
const CHILD = birthDateFor(8, DAY)

let flight: string
beforeEach(async () => {
  await database()`truncate platform.outbox`
  flight = (await scheduleTestFlight({ origin: 'BOG', destination: 'ADZ', date: DAY, time: '10:00' })).id
})

const operate = (what: string, body?: object) =>
  api.request('POST', `/v1/flights/${flight}/${what}`, { role: 'admin', ...(body && { body }) })
const retime = (time: string) =>
  operate('retiming', {
    departsAt: { date: DAY, time },
    arrivesAt: { date: DAY, time: `${Number(time.slice(0, 2)) + 2}:00` },
    reason: 'airport',
  })
const historyOf = (id: string) => database()`
  select version, actor, action from bookings.history where booking_id = ${id} order by version`

describe('a retimed flight', () => {
  it('is noted with every booking that is on it, once however often it is delivered', async () => {
    const one = await bookConfirmed(api, [flight], [ADULT, CHILD])
    const held = await bookHeld(api, [flight], [ADULT])
    const elsewhere = await scheduleTestFlight({ origin: 'BOG', destination: 'ADZ', date: DAY })
    const other = await bookConfirmed(api, [elsewhere.id], [ADULT])
    await retime('14:00')
    await noteAll()
    await noteAll()
    await Promise.all([noteAll(), noteAll()])
    for (const { id, locator } of [one, held]) {
      const { version, disruptions } = await readBooking(api, locator)
      expect(version).toBe(2)
      expect(disruptions).toMatchObject([
        {
          flightId: flight,
          kind: 'retimed',
          reason: 'airport',
          answer: null,
          before: { departsAt: new Date(`${DAY}T10:00:00-05:00`).toISOString() },
          after: { departsAt: new Date(`${DAY}T14:00:00-05:00`).toISOString() },
        },
      ])
      expect(await historyOf(id)).toEqual([{ version: 2, actor: 'worker', action: 'disrupted' }])
    }
    expect((await readBooking(api, other.locator)).disruptions).toEqual([])
  })

  it('is nothing new for who bought it at its new times', async () => {
    await retime('14:00')
    const { locator } = await bookConfirmed(api, [flight], [ADULT])
    await noteAll()
    expect(await readBooking(api, locator)).toMatchObject({ version: 1, disruptions: [] })
  })

  it('is noted twice when it was moved twice, in whatever order that comes', async () => {
    const { locator } = await bookConfirmed(api, [flight], [ADULT])
    await retime('14:00')
    await retime('16:00')
    await deliver((await flightEvents()).toReversed())
    const { version, disruptions } = await readBooking(api, locator)
    expect([version, disruptions.length]).toEqual([3, 2])
  })
})

it('lets go of the seats that the new aircraft has not, and tells which', async () => {
  const { id, locator } = await bookConfirmed(api, [flight], [ADULT, ADULT, CHILD])
  const sql = database()
  // The new aircraft ends at row 25 here, and its row 12 is an exit row.
  await sql`delete from flights.seats where aircraft_type = '319'`
  await sql`
    insert into flights.seats (aircraft_type, seat, cabin, "row", "column", position, exit_row)
    select '319', r || c, 'Y', r, c, 'window', r = 12 from generate_series(1, 25) r, unnest(array['A', 'F']) c`
  const flightId = uuidOf(flight)
  await sql`
    insert into bookings.seats (flight_id, seat, booking_id, passenger)
    values (${flightId}, '20A', ${id}, 1), (${flightId}, '28A', ${id}, 2), (${flightId}, '12F', ${id}, 3)`
  expect((await operate('equipment', { aircraftType: '319', reason: 'technical' })).status).toBe(200)
  await noteAll()
  await noteAll()
  expect(await sql`select seat from bookings.seats where booking_id = ${id}`).toEqual([{ seat: '20A' }])
  expect((await readBooking(api, locator)).disruptions).toMatchObject([
    {
      kind: 'equipment-changed',
      before: { aircraftType: '320' },
      after: { aircraftType: '319' },
      seatsLost: [
        { passenger: 2, seat: '28A' },
        { passenger: 3, seat: '12F' },
      ],
    },
  ])
})

it('opens the settling of a cancelled flight, once', async () => {
  await bookConfirmed(api, [flight], [ADULT])
  await bookHeld(api, [flight], [ADULT])
  await cancelFlight(api, flight, 'rebook')
  await noteAll()
  const settlements = await database()`
    select remedy, total, finished_at from bookings.flight_settlements where flight_id = ${uuidOf(flight)}`
  expect(settlements).toEqual([{ remedy: 'rebook', total: 2, finished_at: null }])
})

it('uses the coupons of a closed flight: who boarded has flown, who did not is a no-show', async () => {
  const back = await scheduleTestFlight({ origin: 'ADZ', destination: 'BOG', date: inDays(40) })
  const { id, locator, bookingId } = await bookConfirmed(api, [flight, back.id], [ADULT, CHILD, infant()])
  const held = await bookHeld(api, [flight], [ADULT])
  const sql = database()
  await sql`
    update bookings.coupons set status = 'checked-in', boarded_at = case when passenger <> 2 then now() end
    where booking_id = ${id} and flight_id = ${uuidOf(flight)}`
  await departIn(flight, -1)
  expect((await operate('closure')).status).toBe(202)
  await noteAll()
  await noteAll()
  const read = await readBooking(api, locator)
  expect(read.version).toBe(2)
  expect(read.coupons.map(({ status }: { status: string }) => status)).toEqual([
    'flown',
    'no-show',
    'flown',
    'open',
    'open',
    'open',
  ])
  expect((await readBooking(api, held.locator)).coupons).toMatchObject([{ status: 'open' }])
  const told = await sql`
    select subject, version, data from platform.outbox where type = 'bookings.coupons-used.v1'`
  expect(told).toEqual([
    {
      subject: bookingId,
      version: 2,
      data: {
        bookingId,
        version: 2,
        flightId: flight,
        coupons: [
          { passenger: 1, segment: 1, type: 'ADT', status: 'flown' },
          { passenger: 2, segment: 1, type: 'CHD', status: 'no-show' },
          { passenger: 3, segment: 1, type: 'INF', status: 'flown' },
        ],
      },
    },
  ])
})
