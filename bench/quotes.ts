import { storeQuote } from '../functions/bookings/store-quote.ts'
import { newUuid, publicId, uuidOf } from '../shared/ids.ts'
import { database, type Sql } from '../shared/postgres/client.ts'
import { FLIGHTS, type Scenario } from './scenarios.ts'

/** Who quotes and books: a passenger without a token. */
export const CALLER = 'public'
/** Who schedules. */
const STAFF = 'bench'

const ORIGIN = 'BOG'
const DESTINATION = 'ADZ'
/** Seats that a flight may sell: nothing is to sell out. */
const PLENTY = 1_000_000_000

/** The UUID of quote `n` of the pool, counted from 1; bench.quote_uuid says the same in SQL. */
export const quoteUuid = (n: number): string => `00000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`

/** Opens the market: flights out in a month and back a week later, each with seats without end. */
export async function openMarket(sql: Sql): Promise<void> {
  await sql`create schema bench`
  await sql`create table bench.market (number integer primary key, out uuid not null, back uuid not null)`
  const ids = () => Array.from({ length: FLIGHTS }, newUuid)
  await sql`
    insert into bench.market (number, out, back)
    select number, out, back
    from unnest(${ids()}::uuid[], ${ids()}::uuid[]) with ordinality as m (out, back, number)`
  await addFlights(sql, sql`out`, ORIGIN, DESTINATION, 0)
  await addFlights(sql, sql`back`, DESTINATION, ORIGIN, 7)
  await sql`select flights.open_inventory(array(select id from flights.flights))`
  await sql`
    update flights.cabin_inventory
    set authorised = ${PLENTY}, limits = array_fill(${PLENTY}::integer, array[cardinality(classes)])`
}

async function addFlights(
  sql: Sql,
  id: ReturnType<Sql>,
  origin: string,
  destination: string,
  daysLater: number,
): Promise<void> {
  await sql`
    insert into flights.flights (id, flight_number, departure_date, origin, destination, departs_at, arrives_at,
      aircraft_type, scheduled_by)
    select ${id}, a.designator || (number + 1000), d.day, ${origin}, ${destination},
      d.day + interval '12 hours', d.day + interval '14 hours', '320', ${STAFF}
    from bench.market, platform.airline a,
      lateral (select current_date + 30 + ${daysLater}::integer + number % 5 as day) d`
}

/**
 * Fills the pool with `size` quotes for a scenario: one real quote, stored by the application, and copies of its row
 * with other ids and flights. A flight is drawn by a hash, so that some of those under way meet on one.
 */
export async function fillPool(
  sql: Sql,
  { trip, passengers, flights }: Scenario,
  size: number,
): Promise<void> {
  await sql`truncate bookings.quotes cascade`
  const [first] = await sql<
    { out: string; back: string }[]
  >`select out, back from bench.market where number = 1`
  if (!first) throw new Error('bench.market is empty')
  const { out, back } = first
  const ways = trip === 'return' ? [out, back] : [out]
  const outcome = await storeQuote(database(), CALLER, {
    directions: ways.map((id) => ({ flights: [publicId('flight', id)] })),
    cabin: 'Y',
    passengers: Array.from({ length: passengers }, (_, at) => ({ birthDate: `199${at}-05-17` })),
    pets: [],
  })
  if (outcome.type !== 'quoted') throw new Error(`the sample quote was refused: ${outcome.code}`)

  const elsewhere = (json: ReturnType<Sql>) => sql`
    replace(replace(${json}::text, ${bare(out)}, replace(m.out::text, '-', '')),
      ${bare(back)}, replace(m.back::text, '-', ''))::jsonb`
  await sql`
    with sample as materialized (
      select m.number, case cardinality(q.flight_ids) when 2 then array[m.out, m.back] else array[m.out] end as flights,
        ${elsewhere(sql`q.itinerary`)} as itinerary, ${elsewhere(sql`q.event`)} as event
      from bookings.quotes q, bench.market m where m.number <= ${flights}
    )
    insert into bookings.quotes (id, caller, expires_at, hold_minutes, currency, total, itinerary, passengers, pets,
      lines, counter, coupons, event, flight_ids, cabins, classes, seats, infants, petc, avih)
    select bench.quote_uuid(n), q.caller, now() + interval '1 day', q.hold_minutes, q.currency, q.total, s.itinerary,
      q.passengers, q.pets, q.lines, q.counter, q.coupons, s.event, s.flights, q.cabins, q.classes, q.seats,
      q.infants, q.petc, q.avih
    from generate_series(1, ${size}::integer) n
    join sample s on s.number = 1 + abs(hashint4(n)::bigint) % ${flights}
    cross join bookings.quotes q`
  await sql`delete from bookings.quotes where id = ${uuidOf(outcome.quoteId)}`
  await sql`vacuum (analyze) bookings.quotes`
}

const bare = (uuid: string): string => uuid.replaceAll('-', '')
