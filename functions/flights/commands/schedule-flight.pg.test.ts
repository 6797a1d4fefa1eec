import { beforeAll, expect, test } from 'vitest'
import { addDays } from '../../../shared/dates.ts'
import { uuidOf } from '../../../shared/ids.ts'
import { database, transaction } from '../../../shared/postgres/client.ts'
import { useApi } from '../../../tests/support/api.ts'
import { nextSpringForward, today } from '../../../tests/support/dates.ts'
import { appendPolicy } from './set-policy.ts'

const api = useApi()
const flight = {
  flightNumber: 'T9801',
  origin: 'JFK',
  destination: 'BOG',
  departureDate: addDays(today(), 60),
  departureTime: '21:05',
  blockMinutes: 340,
  aircraftType: '32N',
}
const schedule = (change: object = {}, options: object = {}) =>
  api.request('POST', '/v1/flights', { role: 'admin', body: { ...flight, ...change }, ...options })
const flights = () => database()`select flight_number, departure_date from flights.flights order by id`

beforeAll(() =>
  transaction(async (sql) => {
    const common = { source: 'test' }
    const set = (name: string, value: number, validFrom: string) =>
      appendPolicy(sql, 'staff:test', { name, value, validFrom, ...common } as never)
    await set('booking-horizon-days', 400, today())
    await set('sales-close-minutes', 90, today())
    await set('sales-close-minutes', 15, addDays(today(), 1))
  }),
)

test('schedules a flight and opens its inventory by the policies in force', async () => {
  const sql = database()
  const answer = await schedule({ overbookingPercent: 5 })

  expect(answer).toMatchObject({ status: 201, body: { flightId: expect.stringMatching(/^flt_/) } })
  const { flightId, departsAt, arrivesAt } = answer.body
  expect(Date.parse(arrivesAt) - Date.parse(departsAt)).toBe(340 * 60_000)
  expect(
    await sql`
      select series_id, flight_number, departure_date, origin, destination, departs_at, aircraft_type, status, version,
        scheduled_by, (departs_at at time zone 'America/New_York')::text as local
      from flights.flights where id = ${uuidOf(flightId)}`,
  ).toEqual([
    {
      series_id: null,
      flight_number: 'T9801',
      departure_date: flight.departureDate,
      origin: 'JFK',
      destination: 'BOG',
      departs_at: new Date(departsAt),
      aircraft_type: '32N',
      status: 'scheduled',
      version: 1,
      scheduled_by: 'staff:local-admin',
      local: `${flight.departureDate} 21:05:00`,
    },
  ])
  // 5 % of 141 is 7 and of 12 is 0, rounded down; limits are shares of the authorised seats, rounded up.
  const salesCloseAt = new Date(Date.parse(departsAt) - 90 * 60_000)
  expect(
    await sql`
      select cabin, physical, authorised, sold, classes, limits, class_sold, sales_close_at
      from flights.cabin_inventory where flight_id = ${uuidOf(flightId)} order by cabin desc`,
  ).toEqual([
    {
      cabin: 'Y',
      physical: 141,
      authorised: 148,
      sold: 0,
      classes: ['Y', 'B', 'M', 'Q', 'L'],
      limits: [148, 126, 97, 67, 30],
      class_sold: [0, 0, 0, 0, 0],
      sales_close_at: salesCloseAt,
    },
    {
      cabin: 'C',
      physical: 12,
      authorised: 12,
      sold: 0,
      classes: ['C', 'D'],
      limits: [12, 8],
      class_sold: [0, 0],
      sales_close_at: salesCloseAt,
    },
  ])
  expect(
    await sql`
      select infant_capacity, infant_sold, petc_capacity, petc_sold, avih_capacity, avih_sold
      from flights.service_inventory where flight_id = ${uuidOf(flightId)}`,
  ).toEqual([
    { infant_capacity: 15, infant_sold: 0, petc_capacity: 6, petc_sold: 0, avih_capacity: 4, avih_sold: 0 },
  ])
})

test('without a percentage the policy of overbooking holds; an aircraft without business has one cabin', async () => {
  const { body } = await schedule({ flightNumber: 'T9802', aircraftType: '320' })
  expect(
    await database()`
      select cabin, physical, authorised from flights.cabin_inventory where flight_id = ${uuidOf(body.flightId)}`,
  ).toEqual([{ cabin: 'Y', physical: 180, authorised: 180 }])
})

test('the dearest class may sell every authorised seat, whatever its share', async () => {
  const sql = database()
  await sql`update flights.booking_classes set limit_percent = 90 where cabin = 'Y' and rank = 1`
  const { body } = await schedule({ flightNumber: 'T9806', aircraftType: '320' })
  expect(
    await sql`select limits from flights.cabin_inventory where flight_id = ${uuidOf(body.flightId)}`,
  ).toEqual([{ limits: [180, 153, 117, 81, 36] }])
})

test('an hour that a clock change skips is moved an hour later', async () => {
  const departureDate = nextSpringForward()
  const { body } = await schedule({ departureDate, departureTime: '02:30' })
  expect(body.departsAt).toBe(`${departureDate}T07:30:00.000Z`)
  expect(
    await database()`
      select (departs_at at time zone 'America/New_York')::text as local, departure_date
      from flights.flights where id = ${uuidOf(body.flightId)}`,
  ).toEqual([{ local: `${departureDate} 03:30:00`, departure_date: departureDate }])
})

test('the last day of the booking horizon is on sale, the next is not', async () => {
  const local = { flightNumber: 'T9803', origin: 'BOG', destination: 'JFK' }
  const latest = addDays(today(), 400)
  expect(await schedule({ ...local, departureDate: latest })).toMatchObject({ status: 201 })
  const date = addDays(latest, 1)
  expect(await schedule({ ...local, departureDate: date })).toMatchObject({
    status: 422,
    body: { code: 'date-beyond-horizon', date, latest },
  })
})

test.each([
  ['foreign-designator', { flightNumber: 'AV801' }, { errors: [{ pointer: '/flightNumber' }] }],
  [
    'unknown-airport',
    { origin: 'XXX', destination: 'YYY' },
    { errors: [{ pointer: '/origin' }, { pointer: '/destination' }] },
  ],
  ['unknown-aircraft-type', { aircraftType: 'XXX' }, { errors: [{ pointer: '/aircraftType' }] }],
  ['date-in-past', { departureDate: addDays(today(), -1) }, { date: addDays(today(), -1) }],
  ['flight-number-taken', {}, { date: flight.departureDate }],
  ['invalid-request', { destination: 'JFK' }, { errors: [{ pointer: '/destination' }] }],
  ['invalid-request', { overbookingPercent: 6 }, { errors: [{ pointer: '/overbookingPercent' }] }],
  ['invalid-request', { flightNumber: 'T9081' }, { errors: [{ pointer: '/flightNumber' }] }],
])('refuses with %s what is asked by %o, and writes nothing', async (code, change, more) => {
  const before = await flights()
  const status = code === 'flight-number-taken' ? 409 : 422
  expect(await schedule(change)).toMatchObject({ status, body: { code, ...more } })
  expect(await flights()).toEqual(before)
})

test('a repeat with the same key gets the first answer and schedules nothing', async () => {
  const options = { key: 'schedule-once-0001' }
  const first = await schedule({ flightNumber: 'T9804' }, options)
  const again = await schedule({ flightNumber: 'T9804' }, options)
  expect(first.status).toBe(201)
  expect(again).toMatchObject({ status: 201, body: first.body, headers: { 'idempotent-replayed': 'true' } })
  expect((await flights()).filter((row) => row.flight_number === 'T9804')).toHaveLength(1)
})

test('revenue may not schedule', async () => {
  expect(await schedule({ flightNumber: 'T9805' }, { role: 'revenue' })).toMatchObject({
    status: 403,
    body: { code: 'role-missing' },
  })
})
