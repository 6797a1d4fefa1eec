import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { addDays, dateIn } from '../../../shared/dates.ts'
import { newUuid } from '../../../shared/ids.ts'
import { database, transaction } from '../../../shared/postgres/client.ts'
import { useDatabase } from '../../../tests/support/database.ts'
import { readRoutes } from './files.ts'
import { extendSchedule, seed } from './load.ts'

const { url } = useDatabase()
const today = () => dateIn(new Date(), 'America/Bogota')
const progress: { done: number; total: number }[] = []

// One day for the whole file: at midnight in the airline's zone the schedule would grow between two tests.
const NOW = Date.now()
const stopTheClock = () => vi.useFakeTimers({ toFake: ['Date'], now: NOW })

beforeAll(async () => {
  stopTheClock()
  expect(await seed(url, { onProgress: (at) => progress.push(at) })).toBe(true)
}, 120_000)
afterEach(() => {
  stopTheClock()
})
afterAll(() => {
  vi.useRealTimers()
})

test('tells how far it is, to the end', async () => {
  const [{ flights } = { flights: 0 }] = await database()<{ flights: number }[]>`
    select count(*) as flights from flights.flights`
  expect(flights).toBeGreaterThan(20_000)
  expect(progress.at(-1)).toEqual({ done: flights, total: flights })
})

test('flies at least 60 domestic and 20 international routes, each as often as its plan says', async () => {
  const routes = await database()<
    { origin: string; destination: string; weekly: number; domestic: boolean }[]
  >`
    select f.origin, f.destination, count(*) as weekly, o.country_code = d.country_code as domestic
    from flights.flights f
    join flights.airports o on o.code = f.origin
    join flights.airports d on d.code = f.destination
    where f.departure_date between ${today()}::date + 50 and ${today()}::date + 56
    group by f.origin, f.destination, domestic`
  expect(routes.filter(({ domestic }) => domestic).length).toBeGreaterThanOrEqual(60)
  expect(routes.filter(({ domestic }) => !domestic).length).toBeGreaterThanOrEqual(20)
  const flown = new Map(routes.map(({ origin, destination, weekly }) => [`${origin}-${destination}`, weekly]))
  const planned = readRoutes().map((route) => [`${route.origin}-${route.destination}`, route.weeklyFlights])
  expect(Object.fromEntries(flown)).toEqual(Object.fromEntries(planned))
})

test('flies from today to the hundred and twentieth day, under the same number between the same airports', async () => {
  const sql = database()
  expect(
    await sql`select min(departure_date) as first, max(departure_date) as last from flights.flights`,
  ).toEqual([{ first: today(), last: addDays(today(), 120) }])
  expect(
    await sql`
      select flight_number from flights.flights
      group by flight_number having count(distinct (origin, destination)) > 1`,
  ).toEqual([])
})

test('leaves at the same hour of the origin in every zone, summer or winter', async () => {
  const flights = await database()<
    {
      departs_at: Date
      departure_date: string
      zone: string
      planned: string
      minutes: number
      block: number
    }[]
  >`
    select f.departs_at, f.departure_date, o.time_zone as zone, to_char(s.departure_time, 'HH24:MI') as planned,
      extract(epoch from f.arrives_at - f.departs_at)::integer / 60 as minutes, s.block_minutes as block
    from flights.flights f
    join flights.series s on s.id = f.series_id
    join flights.airports o on o.code = f.origin`
  const zones = new Map([...new Set(flights.map(({ zone }) => zone))].map((zone) => [zone, clockOf(zone)]))
  expect(zones.size).toBeGreaterThan(8)
  const wrong = flights.filter(
    ({ departs_at, departure_date, zone, planned, minutes, block }) =>
      zones.get(zone)?.(departs_at) !== `${departure_date} ${planned}` || minutes !== block,
  )
  expect(wrong).toEqual([])
})

/** Local date and time, told by JavaScript's time zones: PostgreSQL has its own. */
function clockOf(timeZone: string): (instant: Date) => string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'short' })
  return (instant) => format.format(instant)
}

test('opens the inventory of every cabin, with its ladder, and the services of every flight', async () => {
  const incomplete = await database()`
    select f.flight_number, c.cabin
    from flights.flights f
    join flights.aircraft_cabins c using (aircraft_type)
    left join flights.cabin_inventory i on i.flight_id = f.id and i.cabin = c.cabin
    left join flights.service_inventory s on s.flight_id = f.id
    where (i.physical = c.seats and i.sold = 0 and i.limits[1] = i.authorised and s.petc_capacity > 0
      and cardinality(i.classes) = (select count(*) from flights.booking_classes b where b.cabin = c.cabin))
      is not true`
  expect(incomplete).toEqual([])
})

test('a second seeding does nothing', async () => {
  const before = await fingerprint()
  expect(await seed(url)).toBe(false)
  expect(await transaction((sql) => extendSchedule(sql))).toBe(0)
  expect(await fingerprint()).toEqual(before)
})

test('a start weeks later adds the days that came on sale, leaving aside what staff scheduled', async () => {
  const sql = database()
  vi.useFakeTimers({ toFake: ['Date'], now: NOW + 21 * 86_400_000 })
  const day = addDays(today(), 115)
  const [taken] = await sql<{ flight_number: string }[]>`
    select flight_number from flights.series where 1 = any (days) and cardinality(days) = 7 limit 1`
  await sql`
    insert into flights.flights (id, flight_number, departure_date, origin, destination, departs_at, arrives_at,
      aircraft_type, scheduled_by)
    values (${newUuid()}, ${taken?.flight_number ?? ''}, ${day}, 'BOG', 'MDE', ${`${day}T15:00Z`}, ${`${day}T16:00Z`},
      '320', 'staff:test')`
  await sql`
    insert into flights.series (id, flight_number, origin, destination, departure_time, days, valid_from, valid_to,
      aircraft_type, block_minutes, scheduled_by)
    values (${newUuid()}, 'T9999', 'BOG', 'MDE', '10:00', '{1,2,3,4,5,6,7}', ${day}, ${addDays(day, 300)}, '320', 60,
      'staff:test')`

  const weekly = readRoutes().reduce((sum, route) => sum + route.weeklyFlights, 0)
  expect(await transaction((tx) => extendSchedule(tx))).toBe(3 * weekly - 1)
  expect(await transaction((tx) => extendSchedule(tx))).toBe(0)
  expect(await sql`select max(departure_date) as last from flights.flights`).toEqual([
    { last: addDays(today(), 120) },
  ])
  expect(await sql`select id from flights.flights where flight_number = 'T9999'`).toEqual([])
  // The flight of staff came without inventory; all others have theirs.
  expect(
    await sql`
      select flight_number from flights.flights f
      where not exists (select from flights.cabin_inventory i where i.flight_id = f.id)`,
  ).toEqual([{ flight_number: taken?.flight_number }])
})

const fingerprint = () =>
  database()`
    select count(*) as flights, md5(string_agg(id::text, ',' order by id)) as ids,
      (select count(*) from flights.cabin_inventory) as cabins, (select count(*) from flights.series) as series,
      (select count(*) from flights.fares) as fares, (select count(*) from flights.policies) as policies
    from flights.flights`
