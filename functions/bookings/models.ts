import * as z from 'zod/mini'
import { OperationalReason, Remedy } from '../../shared/events/flights.ts'
import {
  AirportCode,
  BookingClass,
  Cabin,
  CurrencyCode,
  DateText,
  Id,
  Instant,
  MinorUnits,
} from '../../shared/schemas.ts'

/** The shapes of the bookings slice: what a client sends and gets. Numbers of passengers, pets and segments count from 1. */

// Letters with their marks, and what joins them in names: space, apostrophes, hyphens, full stop.
const NAME = /^[\p{L}\p{M}]+(?:[ '’.-]+[\p{L}\p{M}]+)*\.?$/u
/** A name as it is written, kept exactly but for Unicode composition and outer space. */
const PersonName = z
  .string()
  .check(
    z.trim(),
    z.normalize('NFC'),
    z.minLength(1),
    z.maxLength(60),
    z.regex(NAME, 'must hold letters, spaces, apostrophes, hyphens and full stops only'),
  )

const PetRequest = z.strictObject({
  /** PETC: in the cabin. AVIH: in the hold. */
  service: z.enum(['PETC', 'AVIH'], 'must be PETC (in the cabin) or AVIH (in the hold)'),
  species: z.enum(['dog', 'cat', 'bird', 'rabbit', 'other']),
  breed: z.optional(
    z.string().check(z.trim(), z.minLength(1), z.maxLength(60), z.regex(/^[\p{L}\p{M} '’.-]+$/u)),
  ),
  /** Kilograms, with the carrier, rounded up. */
  weightKg: z.int().check(z.minimum(1), z.maximum(120)),
  /** The three sides of the carrier in centimetres; needed in the cabin. */
  carrierCm: z.optional(z.array(z.int().check(z.minimum(1), z.maximum(300))).check(z.length(3))),
})
export type PetRequest = z.output<typeof PetRequest>

export const PetOrder = PetRequest.check(
  z.refine((pet) => pet.service === 'AVIH' || pet.carrierCm !== undefined, {
    error: 'must be given for a pet in the cabin',
    path: ['carrierCm'],
  }),
)

/** What a price depends on. */
export const Order = z.strictObject({
  /** One direction, or out and back; each its flights in order of travel. */
  directions: z
    .array(z.strictObject({ flights: z.array(Id('flight')).check(z.minLength(1), z.maxLength(4)) }))
    .check(z.minLength(1), z.maxLength(2)),
  cabin: z._default(Cabin, 'Y'),
  /** Left out: the cheapest class that seats the party, flight by flight. */
  bookingClass: z.optional(BookingClass),
  passengers: z
    .array(
      z.strictObject({
        birthDate: DateText,
        /** The place whose residents' exemptions the passenger has, such as ADZ. */
        residency: z.optional(AirportCode),
      }),
    )
    .check(z.minLength(1), z.maxLength(20)),
  pets: z._default(z.array(PetOrder).check(z.maxLength(9)), []),
  promotionCode: z.optional(
    z.string().check(z.regex(/^[A-Z0-9]{3,20}$/, 'must be 3 to 20 capital letters or digits')),
  ),
})
export type Order = z.output<typeof Order>

/** The people of a booking. Who is who follows from the order of the quote's passengers. */
export const BookingPassenger = z.strictObject({
  givenNames: PersonName,
  surnames: z.array(PersonName).check(z.minLength(1), z.maxLength(2)),
})
export const Contact = z.strictObject({
  name: PersonName,
  email: z.email('must be an e-mail address').check(z.maxLength(254)),
  phone: z
    .string()
    .check(
      z.regex(/^\+[1-9]\d{6,14}$/, 'must be a telephone number with its country code, as +573001234567'),
    ),
  language: z._default(z.enum(['es', 'en']), 'es'),
})
export const Payer = z.strictObject({ name: PersonName })

/** Six characters without those that are mistaken for each other: 0, O, 1, I and L. */
export const Locator = z
  .string()
  .check(z.trim(), z.toUpperCase(), z.regex(/^[A-HJKMNP-Z2-9]{6}$/, 'must be six letters or digits'))

// Answers ------------------------------------------------------------------------------------------------------

export const Line = z.object({
  kind: z.enum(['fare', 'discount', 'tax', 'pet-fee', 'seat-fee', 'fee']),
  rule: z.string(),
  code: z.string(),
  passenger: z.nullable(z.int()),
  pet: z.nullable(z.int()),
  segment: z.int(),
  amount: z.int(),
  original: z.optional(
    z.object({ amount: z.int(), currency: CurrencyCode, rateMillionths: z.int(), day: DateText }),
  ),
})

export const Segment = z.object({
  number: z.int(),
  direction: z.int(),
  flightId: Id('flight'),
  flightNumber: z.string(),
  origin: AirportCode,
  destination: AirportCode,
  /** With the local offset. */
  departsAt: Instant,
  arrivesAt: Instant,
  departureDate: DateText,
  cabin: Cabin,
  bookingClass: BookingClass,
  fareBasis: z.string(),
  conditions: z.object({ refundable: z.boolean(), changeable: z.boolean(), changeFee: MinorUnits }),
})
export type Segment = z.output<typeof Segment>

export const Rule = z.object({
  kind: z.enum(['tax', 'promotion']),
  name: z.object({ es: z.string(), en: z.string() }),
  authority: z.optional(z.string()),
  source: z.optional(z.string()),
  refundable: z.optional(z.boolean()),
  sample: z.optional(z.boolean()),
})

const PassengerTypeCode = z.enum(['ADT', 'CHD', 'INF'])

/** The parts that a quote and a booking share: what is sold and what it costs. */
const sold = {
  currency: CurrencyCode,
  /** Sum of the lines, in minor units. */
  total: z.int(),
  segments: z.array(Segment),
  lines: z.array(Line),
  /** Due at the airline's counter; not in the total. */
  counter: z.array(Line),
  /** The taxes and promotions that the lines name. */
  rules: z.record(z.string(), Rule),
}

export const QuotePassenger = z.object({
  number: z.int(),
  type: PassengerTypeCode,
  /** On the day of the first departure. */
  age: z.int(),
  birthDate: DateText,
  residency: z.optional(z.nullable(AirportCode)),
  candies: z.boolean(),
})
export type QuotePassenger = z.output<typeof QuotePassenger>

export const Pet = z.object({
  number: z.int(),
  service: z.enum(['PETC', 'AVIH']),
  species: z.string(),
  breed: z.optional(z.nullable(z.string())),
  weightKg: z.int(),
})

export const Quote = z.object({
  quoteId: Id('quote'),
  expiresAt: Instant,
  ...sold,
  passengers: z.array(QuotePassenger),
  pets: z.array(Pet),
})
export type Quote = z.output<typeof Quote>

const BookingStatus = z.enum(['held', 'confirmed', 'cancelled', 'expired'])

/** What creating a booking answers. */
export const BookingReceipt = z.object({
  bookingId: Id('booking'),
  locator: Locator,
  status: BookingStatus,
  /** A held booking is to be paid by then. */
  payBy: z.optional(Instant),
  currency: CurrencyCode,
  total: z.int(),
})

const FlightState = z.object({
  departsAt: z.optional(Instant),
  arrivesAt: z.optional(Instant),
  aircraftType: z.optional(z.string()),
})
export const Seat = z.object({ passenger: z.int(), segment: z.int(), seat: z.string() })

const Disruption = z.object({
  disruptionId: Id('disruption'),
  flightId: Id('flight'),
  kind: z.enum(['retimed', 'equipment-changed', 'cancelled']),
  reason: OperationalReason,
  /** Of a retimed flight its times, of another aircraft its type. */
  before: z.optional(FlightState),
  after: z.optional(FlightState),
  /** Seats that had been chosen and are not on the new aircraft. */
  seatsLost: z.optional(z.array(z.object({ passenger: z.int(), seat: z.string() }))),
  /** Of a cancelled flight. */
  remedy: z.optional(Remedy),
  notedAt: Instant,
  answer: z.nullable(z.enum(['accepted', 'rebooked', 'refunded'])),
})

export const Booking = z.object({
  bookingId: Id('booking'),
  locator: Locator,
  version: z.int(),
  status: BookingStatus,
  createdAt: Instant,
  payBy: z.nullable(Instant),
  confirmedAt: z.nullable(Instant),
  ...sold,
  passengers: z.array(
    z.object({
      number: z.int(),
      type: PassengerTypeCode,
      givenNames: z.string(),
      surnames: z.array(z.string()),
      birthDate: DateText,
      residency: z.nullable(AirportCode),
      /** Of an infant the adult on whose lap it is, of another minor the adult who goes with it: a number. */
      accompaniedBy: z.nullable(z.int()),
    }),
  ),
  pets: z.array(Pet),
  coupons: z.array(
    z.object({
      couponId: z.string().check(z.regex(/^bkg_[0-9a-f]{32}\.\d{1,3}$/)),
      passenger: z.int(),
      segment: z.int(),
      type: PassengerTypeCode,
      status: z.enum(['open', 'checked-in', 'flown', 'no-show', 'exchanged', 'refunded']),
    }),
  ),
  /** The seats that were chosen. */
  seats: z.array(Seat),
  /** What happened to its flights. Open ones (without an answer) are the passenger's to answer, but for a cancelled flight. */
  disruptions: z.array(Disruption),
  contact: Contact,
  payer: Payer,
})
export type Booking = z.output<typeof Booking>
