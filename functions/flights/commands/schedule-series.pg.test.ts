import { beforeAll, expect, test } from 'vitest'
import { addDays } from '../../../shared/dates.ts'
import { uuidOf } from '../../../shared/ids.ts'
import { database, transaction } from '../../../shared/postgres/client.ts'
import { useApi } from '../../../tests/support/api.ts'
import { nextSpringForward, today } from '../../../tests/support/dates.ts'
import { scheduleTestFlight } from '../../../tests/support/flights.ts'
import { appendPolicy } from './set-policy.ts'

const api = useApi()
const series = {
  flightNumber: 'T9810',
  origin: 'JFK',
  destination: 'BOG',
  departureTime: '21:05',
  blockMinutes: 340,
  aircraftType: '32N',
  days: [1, 2, 3, 4, 5, 6, 7],
  validFrom: addDays(today(), 28),
  validTo: addDays(today(), 34),
}
const schedule = (change: object = {}) =>
  api.request('POST', '/v1/series', { role: 'admin', body: { ...series, ...change } })
const counts = () =>
  database()`
    select (select count(*) from flights.series) as series, (select count(*) from flights.flights) as flights,
      (select count(*) from flights.cabin_inventory) as cabins`

beforeAll(() =>
  transaction((sql) =>
    appendPolicy(sql, 'staff:test', {
      name: 'booking-horizon-days',
      value: 400,
      validFrom: today(),
      source: 'test',
    }),
  ),
)

test('keeps the local time across a clock change, and opens every flight', async () => {
  const sql = database()
  const change = nextSpringForward()
  const [validFrom, validTo] = [addDays(change, -2), addDays(change, 2)]
  const answer = await schedule({ validFrom, validTo })

  expect(answer).toMatchObject({ status: 201, body: { flights: 5 } })
  const id = uuidOf(answer.body.seriesId)
  const flights = await sql`
    select f.departure_date, (f.departs_at at time zone 'America/New_York')::text as local,
      (f.departs_at at time zone 'UTC')::time::text as utc, f.flight_number,
      (select sum(physical) from flights.cabin_inventory i where i.flight_id = f.id) as seats,
      (select infant_capacity from flights.service_inventory s where s.flight_id = f.id) as infants
    from flights.flights f where f.series_id = ${id} order by f.departure_date`
  expect(flights).toEqual(
    [-2, -1, 0, 1, 2].map((day) => ({
      departure_date: addDays(change, day),
      local: `${addDays(change, day)} 21:05:00`,
      utc: day < 0 ? '02:05:00' : '01:05:00',
      flight_number: 'T9810',
      seats: 153,
      infants: 15,
    })),
  )
  expect(
    await sql`
      select flight_number, origin, destination, departure_time, days, valid_from, valid_to, aircraft_type,
        block_minutes, scheduled_by
      from flights.series where id = ${id}`,
  ).toEqual([
    {
      flight_number: 'T9810',
      origin: 'JFK',
      destination: 'BOG',
      departure_time: '21:05:00',
      days: [1, 2, 3, 4, 5, 6, 7],
      valid_from: validFrom,
      valid_to: validTo,
      aircraft_type: '32N',
      block_minutes: 340,
      scheduled_by: 'staff:local-admin',
    },
  ])
})

test('flies on the given days of the week alone', async () => {
  const { body } = await schedule({ flightNumber: 'T9811', days: [7, 1], validTo: addDays(today(), 41) })
  expect(body.flights).toBe(4)
  expect(
    await database()`
      select extract(isodow from departure_date)::integer as day, count(*) as flights
      from flights.flights where series_id = ${uuidOf(body.seriesId)} group by day order by day`,
  ).toEqual([
    { day: 1, flights: 2 },
    { day: 7, flights: 2 },
  ])
})

test('a flight number that flies on one of the days refuses the whole series', async () => {
  const date = addDays(today(), 30)
  await scheduleTestFlight({ flightNumber: 'T9812', origin: 'BOG', destination: 'ADZ', date })
  const before = await counts()
  expect(await schedule({ flightNumber: 'T9812' })).toMatchObject({
    status: 409,
    body: { code: 'flight-number-taken', date },
  })
  expect(await counts()).toEqual(before)
})

const yesterday = addDays(today(), -1)
const beyond = addDays(today(), 402)
test.each([
  ['foreign-designator', { flightNumber: 'AV81' }, { errors: [{ pointer: '/flightNumber' }] }],
  ['unknown-airport', { destination: 'YYY' }, { errors: [{ pointer: '/destination' }] }],
  ['unknown-aircraft-type', { aircraftType: 'XXX' }, { errors: [{ pointer: '/aircraftType' }] }],
  ['date-in-past', { validFrom: yesterday }, { date: yesterday }],
  ['date-beyond-horizon', { validFrom: addDays(today(), 300), validTo: beyond }, {}],
  ['series-without-flights', { days: [dayAfter(series.validFrom)], validTo: series.validFrom }, {}],
  ['invalid-request', { validTo: addDays(series.validFrom, 366) }, { errors: [{ pointer: '/validTo' }] }],
  ['invalid-request', { validTo: addDays(series.validFrom, -1) }, { errors: [{ pointer: '/validTo' }] }],
  ['invalid-request', { days: [1, 1] }, { errors: [{ pointer: '/days' }] }],
  ['invalid-request', { validFrom: '2026-02-30' }, { errors: [{ pointer: '/validFrom' }] }],
])('refuses with %s what is asked by %o, and writes nothing', async (code, change, more) => {
  const before = await counts()
  const answer = await schedule({ flightNumber: 'T9813', ...change })
  expect(answer).toMatchObject({ status: 422, body: { code, ...more } })
  expect(await counts()).toEqual(before)
})

/** The ISO day of the week that follows a date's. */
function dayAfter(date: string): number {
  return new Date(`${date}T00:00:00Z`).getUTCDay() + 1
}
