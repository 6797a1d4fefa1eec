import type { IsoDate } from '../../shared/dates.ts'
import { newUuid } from '../../shared/ids.ts'
import type { Transaction } from '../../shared/postgres/client.ts'
import { loadFlights, type OfferedFlight } from '../flights/index.ts'
import { fitOf, loadOf, type MisfitCode, replaceFlight, type Sold } from './replace-flight.ts'

/** A booking that is about to be moved, whose row this transaction holds: what was sold to whom. */
export type MovableBooking = Sold & {
  id: string
  version: number
  quoteId: string
  people: { number: number; birthDate: IsoDate }[]
  seatsChosen: { flightId: string; seat: string; passenger: number }[]
}

/** Who moves it: a person, or the schedule. */
export type Mover = { actor: string; traceparent: string | null }

/** Why a flight that seemed to have room was refused in the write: somebody was faster. */
const OUTRUN = [
  'sold-out',
  'class-sold-out',
  'class-closed',
  'infants-full',
  'pets-full',
  'flight-not-bookable',
]

export async function loadMovable(sql: Transaction, bookingId: string): Promise<MovableBooking> {
  const [booking] = await sql<MovableBooking[]>`
    select b.id, b.version, q.id as "quoteId", q.itinerary, q.coupons, q.event, q.flight_ids as "flightIds", q.cabins,
      q.classes, q.seats, q.infants, q.petc, q.avih,
      (select jsonb_agg(jsonb_build_object('number', p.number, 'type', p.type, 'givenNames', p.given_names,
          'surnames', p.surnames, 'birthDate', p.birth_date, 'residency', p.residency,
          'accompaniedBy', p.accompanied_by) order by p.number)
        from bookings.passengers p where p.booking_id = b.id and p.removed_at is null) as people,
      (select coalesce(jsonb_agg(jsonb_build_object('flightId', s.flight_id, 'seat', s.seat, 'passenger', s.passenger)),
          '[]')
        from bookings.seats s where s.booking_id = b.id) as "seatsChosen"
    from bookings.bookings b join bookings.quotes q on q.id = b.quote_id where b.id = ${bookingId}`
  if (!booking) throw new Error('a booking vanished')
  return booking
}

/**
 * Moves a booking from one of its flights to another at no charge: inventory, coupons, seats, history and event in this
 * transaction, or nothing and why.
 */
export async function rebook(
  sql: Transaction,
  booking: MovableBooking,
  from: string,
  to: OfferedFlight,
  mover: Mover,
): Promise<{ type: 'rebooked' } | { type: MisfitCode }> {
  const at = booking.flightIds.indexOf(from)
  if (at < 0 || booking.flightIds.includes(to.id)) return { type: 'rebook-flight-unfit' }
  const birthDates = new Map(booking.people.map(({ number, birthDate }) => [number, birthDate]))
  const load = loadOf(booking, at, birthDates, to.departureDate)
  const flights = await loadFlights(sql, booking.flightIds)
  const fit = fitOf(booking, at, to, load, flights)
  if (fit.type !== 'fits') return fit
  const moved = replaceFlight(booking, at, to, fit.bookingClass, load)

  const others = booking.seatsChosen.filter(({ flightId }) => flightId !== from)
  const left = flights.find(({ id }) => id === from)
  const kept = await freeSeats(sql, booking, left, to)
  for (const seats of kept.length > 0 ? [[...others, ...kept], others] : [others]) {
    const refusal = await apply(sql, booking, moved, seats, mover)
    if (refusal === null) return { type: 'rebooked' }
    if (refusal === 'seat-taken') continue
    if (!OUTRUN.includes(refusal)) throw new Error(`a rebooking was refused: ${refusal}`)
    return { type: refusal.startsWith('class-') ? 'sold-out' : (refusal as MisfitCode) }
  }
  throw new Error('a seat was taken that was not asked for')
}

/** The seats of the flight that is left, as far as the other has the same aircraft and nobody sits there. */
async function freeSeats(
  sql: Transaction,
  booking: MovableBooking,
  from: OfferedFlight | undefined,
  to: OfferedFlight,
): Promise<MovableBooking['seatsChosen']> {
  if (from?.aircraftType !== to.aircraftType) return []
  return await sql<MovableBooking['seatsChosen']>`
    select ${to.id}::uuid as "flightId", s.seat, s.passenger
    from bookings.seats s
    where s.booking_id = ${booking.id} and s.flight_id = ${from.id} and not exists (
      select from bookings.seats o where o.flight_id = ${to.id} and o.seat = s.seat)`
}

/** Makes the change, or undoes all that it wrote and says why not. */
async function apply(
  sql: Transaction,
  booking: MovableBooking,
  moved: Sold,
  seats: MovableBooking['seatsChosen'],
  { actor, traceparent }: Mover,
): Promise<string | null> {
  const attempt = sql.savepoint(async (inner) => {
    const within = inner as unknown as Transaction
    const quoteId = await storeMoved(within, booking, moved)
    const changeId = newUuid()
    await within`
      insert into bookings.changes (id, booking_id, booking_version, quote_id, expires_at, currency, due, lines,
        passengers, seats, surname_hashes)
      select ${changeId}, b.id, b.version, q.id, q.expires_at, q.currency, 0, '[]',
        ${within.json(booking.people as never)}, ${within.json(seats as never)}, b.surname_hashes
      from bookings.bookings b, bookings.quotes q where b.id = ${booking.id} and q.id = ${quoteId}`
    const [applied] = await within<{ refusal: string | null }[]>`
      select bookings.apply_change(${changeId}, ${actor}, ${newUuid()}, ${traceparent}) as refusal`
    if (applied?.refusal != null) throw new Refused(applied.refusal)
    return null
  })
  return attempt.catch((error) => {
    if (error instanceof Refused) return error.why
    throw error
  })
}

class Refused extends Error {
  readonly why: string
  constructor(why: string) {
    super(why)
    this.why = why
  }
}

/** Stores what was sold as a quote of its own, priced as the present one; answers its id. */
export async function storeMoved(
  sql: Transaction,
  { quoteId }: MovableBooking,
  moved: Sold,
): Promise<string> {
  const id = newUuid()
  const json = (value: unknown) => sql.json(value as never)
  await sql`
    insert into bookings.quotes (id, caller, expires_at, hold_minutes, currency, total, itinerary, passengers, pets,
      lines, counter, coupons, event, flight_ids, cabins, classes, seats, infants, petc, avih)
    select ${id}, q.caller, q.expires_at, q.hold_minutes, q.currency, q.total, ${json(moved.itinerary)}, q.passengers,
      q.pets, q.lines, q.counter, ${json(moved.coupons)}, ${json(moved.event)}, ${moved.flightIds}::uuid[], q.cabins,
      ${moved.classes}::text[], ${moved.seats}::integer[], ${moved.infants}::integer[], q.petc, q.avih
    from bookings.quotes q where q.id = ${quoteId}`
  return id
}
