import { route } from '../functions/flights/queries/search-flights.ts'
import { readRoutes } from '../infra/postgres/seed/files.ts'
import { addDays, dateIn } from '../shared/dates.ts'
import { createApp } from '../shared/http/app.ts'
import { newUuid } from '../shared/ids.ts'
import type { Sql } from '../shared/postgres/client.ts'
import { drive, type Run } from './callers.ts'

const ROUTES = readRoutes()
/** A schedule is filled over this many days, all of them on sale. */
const DAYS = 320
/** Days that a search spans; with the least schedule they still fill a page. */
const RANGE = 31
const PAGE = 5
const WARM_UP_MS = 500
const BATCH = 20_000

/** Adds flights, spread evenly over the sample airline's routes and the coming months. */
export async function fillSchedule(
  sql: Sql,
  total: number,
  onProgress: (done: number) => void,
): Promise<void> {
  for (let done = 0; done < total; ) {
    const batch = Math.min(BATCH, total - done)
    await addFlights(sql, done, batch)
    done += batch
    onProgress(done)
  }
  await sql`vacuum (analyze) flights.flights, flights.cabin_inventory, flights.service_inventory`
}

/** Flight `n` is on route n mod routes; its time is a fixed fraction of the days for each n, so that any number fills them. */
async function addFlights(sql: Sql, from: number, count: number): Promise<void> {
  const ids = Array.from({ length: count }, newUuid)
  await sql`
    with routes as materialized (
      select origin, destination, aircraft, number - 1 as number
      from unnest(${ROUTES.map(({ origin }) => origin)}::text[],
                  ${ROUTES.map(({ destination }) => destination)}::text[],
                  ${ROUTES.map(({ aircraftType }) => aircraftType)}::text[])
        with ordinality as r (origin, destination, aircraft, number)
    ), planned as (
      select id, ${from}::integer + number::integer - 1 as n from unnest(${ids}::uuid[]) with ordinality as i (id, number)
    )
    insert into flights.flights (id, flight_number, departure_date, origin, destination, departs_at, arrives_at,
      aircraft_type, scheduled_by)
    select p.id, chr(65 + p.n % 26) || chr(65 + p.n / 26 % 26) || (p.n / 676 % 9999 + 1), t.at::date, r.origin,
      r.destination, t.at, t.at + interval '2 hours', r.aircraft, 'bench'
    from planned p
    join routes r on r.number = p.n % ${ROUTES.length}::integer,
      lateral (select current_date + 2 + make_interval(mins =>
        ((p.n / ${ROUTES.length}::integer) * 0.618033988749895 % 1 * ${DAYS * 24 * 60})::integer) as at) t`
  await sql`select flights.open_inventory(${ids}::uuid[])`
}

/**
 * Searches one after another through the endpoint: a route and day by turns, a page out and a page back.
 * @throws Error when a page is not full, for then two sizes of schedule would not be asked the same
 */
export async function runSearch(seconds: number): Promise<Run> {
  const app = createApp([route])
  const today = dateIn(new Date(), 'America/Bogota')
  const directed = new Set(ROUTES.map(({ origin, destination }) => `${origin}-${destination}`))
  const both = ROUTES.filter(({ origin, destination }) => directed.has(`${destination}-${origin}`))
  const search = async (n: number): Promise<void> => {
    const { origin, destination } = both[n % both.length] ?? {}
    const date = addDays(today, 3 + ((n * 37) % (DAYS - 2 * RANGE - 4)))
    const query = new URLSearchParams({
      origin: String(origin),
      destination: String(destination),
      date,
      dateTo: addDays(date, RANGE - 1),
      returnDate: addDays(date, RANGE),
      returnDateTo: addDays(date, 2 * RANGE - 1),
      limit: String(PAGE),
    })
    const response = await app.request(`/v1/flights?${query}`)
    const found = (await response.json()) as { outbound?: Page; inbound?: Page }
    if (found.outbound?.flights.length === PAGE && found.inbound?.flights.length === PAGE) return
    throw new Error(`the search ${query} answered ${response.status}: ${JSON.stringify(found)}`)
  }
  return await drive(search, { callers: 1, warmUpMs: WARM_UP_MS, seconds, most: Number.POSITIVE_INFINITY })
}

type Page = { flights: unknown[] }
