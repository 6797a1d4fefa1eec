import * as z from 'zod/mini'
import { AirportCode, BookingClass, Cabin, CurrencyCode, DateText, Id } from '../schemas.ts'

/** Price lines of one kind, rule and flight, added up over passengers or pets; minor units. */
const Charge = z.object({
  kind: z.enum(['fare', 'discount', 'tax', 'pet-fee']),
  rule: z.string(),
  code: z.string(),
  segment: z.int(),
  count: z.int(),
  amount: z.int(),
})

/** What a booking's events tell of it beside its id: figures of who flies where and what it costs. Nobody's name. */
export const BookingFigures = z.object({
  /** The first direction, end to end: what the preferred destination and the candies follow. */
  outbound: z.object({ origin: AirportCode, destination: AirportCode, departureDate: DateText }),
  flights: z.array(
    z.object({
      segment: z.int(),
      direction: z.int(),
      flightId: Id('flight'),
      origin: AirportCode,
      destination: AirportCode,
      departureDate: DateText,
      cabin: Cabin,
      bookingClass: BookingClass,
      seats: z.int(),
      infants: z.int(),
    }),
  ),
  passengers: z.array(
    z.object({ number: z.int(), type: z.enum(['ADT', 'CHD', 'INF']), age: z.int(), candies: z.boolean() }),
  ),
  pets: z.array(z.object({ number: z.int(), service: z.enum(['PETC', 'AVIH']), species: z.string() })),
  charges: z.array(Charge),
  /** Due at the counter; in no total. */
  counter: z.array(Charge),
})
export type BookingFigures = z.output<typeof BookingFigures>

const BookingEvent = z.extend(BookingFigures, {
  bookingId: Id('booking'),
  /** The booking's version after the change; what is older than known is ignored. */
  version: z.int(),
  currency: CurrencyCode,
  total: z.int(),
})

/** A booking took its seats: held until it is paid, or on its way to being confirmed. */
export const BookingCreated = BookingEvent
/** A booking was paid, or put on an agency account: rankings, taxes and candies follow this one. */
export const BookingConfirmed = BookingEvent
