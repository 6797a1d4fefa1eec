import { type Answer, problem } from '../../shared/http/problem.ts'
import { newUuid, publicId, uuidOf } from '../../shared/ids.ts'
import type { Sql, Transaction } from '../../shared/postgres/client.ts'
import { FLIGHT_PROBLEMS, loadFaresOf, loadFlights, loadTariff } from '../flights/index.ts'
import type { Order } from './models.ts'
import { BOOKING_PROBLEMS } from './problems.ts'
import { type ComposedQuote, composeQuote, type QuoteRefusal } from './quote.ts'

type Outcome = { type: 'quoted'; quoteId: string; quote: ComposedQuote } | QuoteRefusal

/** Prices an order and stores the price; it holds until the quote expires. Nothing is taken from the inventory. */
export async function storeQuote(sql: Sql | Transaction, caller: string, order: Order): Promise<Outcome> {
  const flightIds = order.directions.flatMap(({ flights }) => flights.map(uuidOf))
  const [flights, fares, tariff] = await Promise.all([
    loadFlights(sql, flightIds),
    loadFaresOf(sql, flightIds),
    loadTariff(sql, { flights: flightIds }),
  ])
  const outcome = composeQuote(order, flights, fares, tariff, new Date())
  if (outcome.type === 'refused') return outcome
  const { quote } = outcome
  const id = newUuid()
  const json = (value: unknown) => sql.json(value as never)
  const { price, needs } = quote
  await sql`
    insert into bookings.quotes (id, caller, expires_at, hold_minutes, currency, total, itinerary, passengers, pets,
      lines, counter, coupons, event, flight_ids, cabins, classes, seats, infants, petc, avih)
    values (${id}, ${caller}, ${quote.expiresAt}, ${quote.holdMinutes}, ${price.currency}, ${price.total},
      ${json(quote.segments)}, ${json(quote.passengers)}, ${json(quote.pets)}, ${json(price.lines)},
      ${json(price.counter)}, ${json(price.coupons)}, ${json(quote.event)},
      ${needs.map(({ flightId }) => flightId)}::uuid[], ${needs.map(({ cabin }) => cabin)}::text[],
      ${needs.map(({ bookingClass }) => bookingClass)}::text[], ${needs.map(({ seats }) => seats)}::integer[],
      ${needs.map(({ infants }) => infants)}::integer[], ${needs.map(({ petc }) => petc)}::integer[],
      ${needs.map(({ avih }) => avih)}::integer[])`
  return { type: 'quoted', quoteId: publicId('quote', id), quote }
}

/** What a client is told when an order cannot be sold. `inside` is where the order stands in the body. */
export function refusalOf({ code, at, flightId, limit }: QuoteRefusal, inside = ''): Answer {
  const kind =
    code === 'unknown-flight' || code === 'exchange-rate-missing'
      ? FLIGHT_PROBLEMS[code]
      : BOOKING_PROBLEMS[code]
  const errors = at && {
    errors: [{ ...at, ...(at.pointer !== undefined && { pointer: inside + at.pointer }) }],
  }
  return problem(kind, { ...errors, ...(flightId && { flightId }), ...(limit !== undefined && { limit }) })
}

/** The ways in which an order may be refused. */
export const ORDER_PROBLEMS = [
  FLIGHT_PROBLEMS['unknown-flight'],
  BOOKING_PROBLEMS['birth-date-in-future'],
  BOOKING_PROBLEMS['too-many-passengers'],
  BOOKING_PROBLEMS['infant-without-adult'],
  BOOKING_PROBLEMS['too-many-infants'],
  BOOKING_PROBLEMS['minor-unaccompanied'],
  BOOKING_PROBLEMS['pet-too-heavy'],
  BOOKING_PROBLEMS['pet-carrier-too-large'],
  BOOKING_PROBLEMS['pet-breed-refused'],
  BOOKING_PROBLEMS['itinerary-broken'],
  BOOKING_PROBLEMS['flight-not-bookable'],
  BOOKING_PROBLEMS['cabin-not-offered'],
  BOOKING_PROBLEMS['class-closed'],
  BOOKING_PROBLEMS['class-sold-out'],
  BOOKING_PROBLEMS['sold-out'],
  BOOKING_PROBLEMS['infants-full'],
  BOOKING_PROBLEMS['pets-full'],
  BOOKING_PROBLEMS['promotion-not-applicable'],
  FLIGHT_PROBLEMS['exchange-rate-missing'],
]
