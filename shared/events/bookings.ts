import * as z from 'zod/mini'
import { AirportCode, BookingClass, Cabin, CurrencyCode, DateText, Id } from '../schemas.ts'

/** Price lines of one kind, rule and flight, added up over passengers or pets; minor units. */
const Charge = z.object({
  kind: z.enum(['fare', 'discount', 'tax', 'pet-fee', 'seat-fee', 'fee']),
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
/** What of a line returned and what stayed, why, and by which law or rule. Whose it is, by number; nobody's name. */
const Refunded = z.object({
  kind: z.enum(['fare', 'tax', 'pet-fee', 'seat-fee', 'fee']),
  rule: z.string(),
  code: z.string(),
  passenger: z.nullable(z.int()),
  pet: z.nullable(z.int()),
  segment: z.int(),
  paid: z.int(),
  /** What returned. */
  amount: z.int(),
  retained: z.int(),
  ground: z.string(),
  source: z.string(),
})
const BookingClosed = z.extend(BookingEvent, {
  /** Numbers of the flights that end with it: those that were flown stay as they were. */
  released: z.array(z.int()),
})
/** A booking was cancelled. `confirmed`: it had been paid, and counted; the refund is under way. */
export const BookingCancelled = z.extend(BookingClosed, {
  confirmed: z.boolean(),
  refund: z.int(),
  refunded: z.array(Refunded),
})
/** A booking was not paid in time: what it held is on sale again, and nothing is given back. */
export const BookingExpired = z.extend(BookingClosed, {
  confirmed: z.literal(false),
  refund: z.literal(0),
  refunded: z.array(z.never()),
})

/** A booking has other flights, people, pets or seats: what it holds now, and what it held before. */
export const BookingChanged = z.extend(BookingEvent, {
  /** False of one that is not paid yet: nothing of it was counted. */
  confirmed: z.boolean(),
  /** What was paid for the change, or given back when below zero; an unpaid booking pays its new total. */
  due: z.int(),
  before: z.extend(BookingFigures, { total: z.int() }),
})

/** A flight was closed: who boarded has flown, who did not has not shown up. Of one booking and one flight. */
export const CouponsUsed = z.object({
  bookingId: Id('booking'),
  version: z.int(),
  flightId: Id('flight'),
  coupons: z.array(
    z.object({
      passenger: z.int(),
      segment: z.int(),
      type: z.enum(['ADT', 'CHD', 'INF']),
      status: z.enum(['flown', 'no-show']),
    }),
  ),
})
