import type { Transaction } from '../../shared/postgres/client.ts'
import { loadFlights, loadLaterFlights, policyInForce } from '../flights/index.ts'
import { loadMovable, rebook } from './rebook.ts'
import { refundInFull } from './refund-in-full.ts'

/** A cancelled flight whose bookings are being settled. */
export type Settlement = { flightId: string; eventId: string; remedy: 'rebook' | 'refund' }
export type Settled = { bookingId: string; answer: 'rebooked' | 'refunded' }

const MOVER = { actor: 'schedule', traceparent: null }

/**
 * Settles the next booking of a cancelled flight in this transaction: its move or its refund, and the mark that it is
 * done. Undefined when none is left that another is not just settling.
 * @param passed bookings to pass over
 */
export async function settleNext(
  sql: Transaction,
  { flightId, eventId, remedy }: Settlement,
  passed: readonly string[],
  onTaken: (bookingId: string) => void,
): Promise<Settled | undefined> {
  // Paid bookings first, in the order in which they were made. Both rows are locked, so that whoever was settled
  // while this statement ran is seen to be so.
  const [next] = await sql<{ bookingId: string; status: string }[]>`
    select b.id as "bookingId", b.status
    from bookings.disruptions d join bookings.bookings b on b.id = d.booking_id
    where d.flight_id = ${flightId} and d.event_id = ${eventId} and d.answer is null
      and b.id <> all (${passed as string[]}::uuid[])
    order by b.status = 'confirmed' desc, b.created_at, b.id limit 1
    for update skip locked`
  if (!next) return undefined
  const { bookingId, status } = next
  onTaken(bookingId)
  const isOpen = status === 'held' || status === 'confirmed'
  const isOnFlight = isOpen && (await holdsCoupons(sql, bookingId, flightId))
  // Its passengers may have left the flight by themselves in the meantime.
  let answer: Settled['answer'] = isOpen ? 'rebooked' : 'refunded'
  if (isOnFlight && !(remedy === 'rebook' && (await moveToNext(sql, bookingId, flightId)))) {
    await refundInFull(sql, bookingId, 'flight-cancelled', MOVER.actor, MOVER.traceparent)
    answer = 'refunded'
  }
  await markAnswered(sql, bookingId, answer === 'refunded' ? null : flightId, answer)
  return { bookingId, answer }
}

/** On the next flight of the route that takes all of the party; false when there is none. */
async function moveToNext(sql: Transaction, bookingId: string, flightId: string): Promise<boolean> {
  const [cancelled] = await loadFlights(sql, [flightId])
  if (!cancelled) throw new Error('a cancelled flight vanished')
  const candidates = await loadLaterFlights(sql, cancelled, await policyInForce(sql, 'rebook-days'))
  const booking = await loadMovable(sql, bookingId)
  for (const candidate of candidates) {
    const outcome = await rebook(sql, booking, flightId, candidate, MOVER)
    if (outcome.type === 'rebooked') return true
  }
  return false
}

async function holdsCoupons(sql: Transaction, bookingId: string, flightId: string): Promise<boolean> {
  const held = await sql`
    select from bookings.coupons
    where booking_id = ${bookingId} and flight_id = ${flightId} and status in ('open', 'checked-in') limit 1`
  return held.length > 0
}

/** Marks what is open of a booking on a flight, or on all of its flights, as answered. */
export async function markAnswered(
  sql: Transaction,
  bookingId: string,
  flightId: string | null,
  answer: 'accepted' | Settled['answer'],
): Promise<void> {
  await sql`
    update bookings.disruptions set answer = ${answer}, answered_at = now()
    where booking_id = ${bookingId} and (${flightId}::uuid is null or flight_id = ${flightId}) and answer is null`
}
