import { config } from '../../shared/config.ts'
import { newUuid, uuidOf } from '../../shared/ids.ts'
import type { Transaction } from '../../shared/postgres/client.ts'
import type { ComposedChange, PresentBooking } from './change-models.ts'
import { surnameHashes } from './surname.ts'

/**
 * Stores a change that may be made until it expires: the quote that the booking would name, and what the quote does not
 * hold. Nothing of the booking or its inventory moves.
 * @returns the UUID of the change
 */
export async function storeChange(
  sql: Transaction,
  caller: string,
  present: PresentBooking,
  change: ComposedChange,
): Promise<string> {
  const [quoteId, changeId] = [newUuid(), newUuid()]
  const json = (value: unknown) => sql.json(value as never)
  const { price, people, needs, expiresAt } = change
  const quoted = people.map(({ number, type, age, birthDate, residency, candies }) => {
    return { number, type, age, birthDate, residency, candies }
  })
  const named = people.map(({ age: _, candies: __, ...person }) => person)
  const flightOf = new Map(change.segments.map(({ number, flightId }) => [number, uuidOf(flightId)]))
  const seats = change.seats.map(({ passenger, segment, seat }) => {
    return { flightId: flightOf.get(segment), seat, passenger }
  })
  const hashes = surnameHashes(people, config().LOOKUP_KEY)
  await sql`
    insert into bookings.quotes (id, caller, expires_at, hold_minutes, currency, total, itinerary, passengers, pets,
      lines, counter, coupons, event, flight_ids, cabins, classes, seats, infants, petc, avih)
    values (${quoteId}, ${caller}, ${expiresAt}, ${present.holdMinutes}, ${price.currency}, ${price.total},
      ${json(change.segments)}, ${json(quoted)}, ${json(change.pets)}, ${json(price.lines)}, ${json(price.counter)},
      ${json(price.coupons)}, ${json(change.event)},
      ${needs.map(({ flightId }) => flightId)}::uuid[], ${needs.map(({ cabin }) => cabin)}::text[],
      ${needs.map(({ bookingClass }) => bookingClass)}::text[], ${needs.map((need) => need.seats)}::integer[],
      ${needs.map(({ infants }) => infants)}::integer[], ${needs.map(({ petc }) => petc)}::integer[],
      ${needs.map(({ avih }) => avih)}::integer[])`
  await sql`
    insert into bookings.changes (id, booking_id, booking_version, quote_id, expires_at, currency, due, lines,
      passengers, seats, surname_hashes)
    values (${changeId}, ${present.id}, ${present.version}, ${quoteId}, ${expiresAt}, ${price.currency}, ${change.due},
      ${json(change.difference)}, ${json(named)}, ${json(seats)},
      array(select decode(h, 'hex') from unnest(${hashes}::text[]) h))`
  return changeId
}
