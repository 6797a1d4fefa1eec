import type { Sql } from '../shared/postgres/client.ts'
import { couponsOf, type Scenario } from './scenarios.ts'

/** Takes back all bookings, so that every run meets the same database; what is left to write is written first. */
export async function resetBookings(sql: Sql): Promise<void> {
  await sql`
    truncate bookings.bookings, bookings.passengers, bookings.pets, bookings.coupons, platform.idempotency_keys,
      platform.outbox restart identity cascade`
  await sql`
    update flights.cabin_inventory set sold = 0, class_sold = array_fill(0, array[cardinality(classes)])`
  await sql`select setval('bench.next_quote', 1, false)`
  await sql`vacuum (full, analyze) flights.cabin_inventory`
  await sql`checkpoint`
}

/** `unequal`: answers whose total is not the sum of the lines of the booking's quote. */
type Counts = Record<
  'bookings' | 'keys' | 'events' | 'passengers' | 'coupons' | 'sold' | 'classSold' | 'unequal',
  number
>

/**
 * Holds what a run left behind against the bookings that it says it made.
 * @throws Error that names each figure that is off: then its rate is worth nothing
 */
export async function checkBookings(sql: Sql, scenario: Scenario, made: number): Promise<void> {
  const [counts] = await sql<Counts[]>`
    select (select count(*)::integer from bookings.bookings where status = 'held' and version = 1) as bookings,
      (select count(*)::integer from platform.idempotency_keys where status = 201) as keys,
      (select count(*)::integer from platform.outbox where type = 'bookings.booking-created.v1') as events,
      (select count(*)::integer from bookings.passengers) as passengers,
      (select count(*)::integer from bookings.coupons where type <> 'INF') as coupons,
      (select sum(sold)::integer from flights.cabin_inventory) as sold,
      (select sum(n)::integer from flights.cabin_inventory, unnest(class_sold) n) as "classSold",
      (select count(*)::integer from bookings.bookings b join bookings.quotes q on q.id = b.quote_id where q.total <>
        (select sum((line ->> 'amount')::bigint) from jsonb_array_elements(q.lines) line)) as unequal`
  const coupons = made * couponsOf(scenario)
  const due: Counts = {
    bookings: made,
    keys: made,
    events: made,
    passengers: made * scenario.passengers,
    coupons,
    sold: coupons,
    classSold: coupons,
    unequal: 0,
  }
  const off = (Object.keys(due) as (keyof Counts)[]).filter((name) => counts?.[name] !== due[name])
  if (made > 0 && off.length === 0) return
  const told = off.map((name) => `${name} ${counts?.[name]}, due ${due[name]}`).join('; ')
  throw new Error(`${scenario.title}: ${made === 0 ? 'no booking was made' : told}`)
}
