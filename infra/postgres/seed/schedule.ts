import { addDays, dateIn } from '../../../shared/dates.ts'
import { newUuid } from '../../../shared/ids.ts'
import type { Sql, Transaction } from '../../../shared/postgres/client.ts'
import { readRoutes } from './files.ts'
import { planSeries } from './plan-series.ts'
import { SEEDED_BY } from './reference.ts'

/** How far ahead flights are kept on sale. */
const DAYS_AHEAD = 120
/** How long the sample airline goes on flying its plan. */
const SERIES_DAYS = 730
/** Flights a statement: large enough to be fast, small enough for a progress bar to move. */
const BATCH = 3000

export type ScheduleOptions = {
  /** Flights are made for today and this many days after it. */
  days?: number
  /** Flights made of those that this run makes. */
  onProgress?: (progress: { done: number; total: number }) => void
}

/**
 * Adds the sample airline's series and their flights with inventory. The database holds the reference data, and no
 * series yet; run it in a transaction.
 */
export async function seedSchedule(sql: Sql | Transaction, options: ScheduleOptions = {}): Promise<void> {
  const { designator, today } = await airlineOf(sql)
  const series = planSeries(readRoutes(), designator).map((planned) => ({
    id: newUuid(),
    flight_number: planned.flightNumber,
    origin: planned.origin,
    destination: planned.destination,
    departure_time: planned.departureTime,
    days: planned.days,
    valid_from: today,
    valid_to: addDays(today, SERIES_DAYS),
    aircraft_type: planned.aircraftType,
    block_minutes: planned.blockMinutes,
  }))
  await sql`
    insert into flights.series (id, flight_number, origin, destination, departure_time, days, valid_from, valid_to,
      aircraft_type, block_minutes, scheduled_by)
    select id, flight_number, origin, destination, departure_time, days, valid_from, valid_to,
      aircraft_type, block_minutes, ${SEEDED_BY}
    from jsonb_populate_recordset(null::flights.series, ${sql.json(series)})`
  await extendSchedule(sql, options)
}

/**
 * Adds the flights of the seeded series that are missing from today on. Series that staff scheduled are left alone:
 * their command made all their flights. Cheap when nothing is missing, and no flight is made twice.
 * @returns how many flights were added
 */
export async function extendSchedule(
  sql: Sql | Transaction,
  { days = DAYS_AHEAD, onProgress }: ScheduleOptions = {},
): Promise<number> {
  const { today } = await airlineOf(sql)
  const missing = await sql<{ series: string; day: string }[]>`
    select s.id as series, d.day::text as day
    from flights.series s
    join (select ${today}::text::date + n as day from generate_series(0, ${days}::integer) n) d
      on d.day between s.valid_from and s.valid_to and extract(isodow from d.day) = any (s.days)
    where s.scheduled_by = ${SEEDED_BY} and not exists (
      select from flights.flights f where f.flight_number = s.flight_number and f.departure_date = d.day)
    order by d.day, s.flight_number`
  let added = 0
  for (let done = 0; done < missing.length; done += BATCH) {
    const batch = missing.slice(done, done + BATCH)
    added += await addFlights(sql, batch)
    onProgress?.({ done: done + batch.length, total: missing.length })
  }
  return added
}

async function addFlights(sql: Sql | Transaction, batch: { series: string; day: string }[]): Promise<number> {
  // The clock time is the origin's: its zone turns date and time into an instant, summer time included.
  const flights = await sql<{ id: string }[]>`
    insert into flights.flights (id, series_id, flight_number, departure_date, origin, destination, departs_at,
      arrives_at, aircraft_type, scheduled_by)
    select m.id, s.id, s.flight_number, m.day, s.origin, s.destination, l.departs_at,
      l.departs_at + make_interval(mins => s.block_minutes), s.aircraft_type, ${SEEDED_BY}
    from unnest(${batch.map(() => newUuid())}::uuid[], ${batch.map(({ series }) => series)}::uuid[],
                ${batch.map(({ day }) => day)}::text[]::date[]) as m (id, series_id, day)
    join flights.series s on s.id = m.series_id
    join flights.airports o on o.code = s.origin,
    lateral (select (m.day + s.departure_time) at time zone o.time_zone as departs_at) l
    on conflict (flight_number, departure_date) do nothing
    returning id`
  await sql`select flights.open_inventory(${flights.map(({ id }) => id)}::uuid[])`
  return flights.length
}

async function airlineOf(sql: Sql | Transaction): Promise<{ designator: string; today: string }> {
  const [airline] = await sql<{ designator: string; time_zone: string }[]>`
    select designator, time_zone from platform.airline`
  if (!airline) throw new Error('platform.airline is empty: seed the reference data first')
  return { designator: airline.designator, today: dateIn(new Date(), airline.time_zone) }
}
