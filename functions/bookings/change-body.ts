import * as z from 'zod/mini'
import { AirportCode, Cabin, CurrencyCode, DateText, Id, Instant, MinorUnits } from '../../shared/schemas.ts'
import { BookingPassenger, Line, Pet, PetOrder, QuotePassenger, Rule, Seat, Segment } from './models.ts'

/** The shapes of changes and seats: what a client sends and gets. */

const Place = z.int().check(z.minimum(1), z.maximum(999))
const Numbers = z.array(Place).check(z.minLength(1), z.maxLength(20))

export const ChangeRequest = z
  .strictObject({
    /** All directions of the booking; one with the flights that it has stays as it was sold. */
    directions: z.optional(
      z
        .array(z.strictObject({ flights: z.array(Id('flight')).check(z.minLength(1), z.maxLength(4)) }))
        .check(z.minLength(1), z.maxLength(2)),
    ),
    /** Names as they should have been written. */
    names: z.optional(
      z.array(z.extend(BookingPassenger, { passenger: Place })).check(z.minLength(1), z.maxLength(20)),
    ),
    /** They get the numbers after the highest that the booking ever gave. */
    addPassengers: z.optional(
      z
        .array(z.extend(BookingPassenger, { birthDate: DateText, residency: z.optional(AirportCode) }))
        .check(z.minLength(1), z.maxLength(20)),
    ),
    removePassengers: z.optional(Numbers),
    addPets: z.optional(z.array(PetOrder).check(z.minLength(1), z.maxLength(9))),
    removePets: z.optional(Numbers),
    /** On flights as they are numbered after the change. */
    seats: z.optional(
      z
        .array(
          z.strictObject({
            passenger: Place,
            segment: Place,
            seat: z.string().check(z.regex(/^[1-9]\d?[A-K]$/, 'must be a row and a letter, as 12A')),
          }),
        )
        .check(z.minLength(1), z.maxLength(160)),
    ),
  })
  .check(
    z.refine((body) => Object.keys(body).length > 0, {
      error: 'must say what changes',
      path: ['directions'],
    }),
  )

export const ChangeQuote = z.object({
  changeId: Id('change'),
  bookingId: Id('booking'),
  /** The version of the booking that the change is for. */
  version: z.int(),
  expiresAt: Instant,
  currency: CurrencyCode,
  /** The price of the booking after the change. */
  total: z.int(),
  /** Above zero to be paid, below zero given back; nothing for an unpaid booking, which pays its new total. */
  due: z.int(),
  /** The fares' fee for the change, which due holds. */
  fee: MinorUnits,
  /** What is charged, and with a minus what is credited, on flights as they were numbered before. */
  lines: z.array(Line),
  segments: z.array(Segment),
  passengers: z.array(z.extend(QuotePassenger, { accompaniedBy: z.nullable(z.int()) })),
  pets: z.array(Pet),
  seats: z.array(Seat),
  rules: z.record(z.string(), Rule),
})

export const BookingChange = z.object({
  bookingId: Id('booking'),
  changeId: Id('change'),
  version: z.int(),
  currency: CurrencyCode,
  /** The price of the booking now. */
  total: z.int(),
  /** Below zero: what is given back. */
  due: z.int(),
})

export const SeatMap = z.object({
  flightId: Id('flight'),
  aircraftType: z.string(),
  currency: CurrencyCode,
  cabins: z.array(
    z.object({
      cabin: Cabin,
      seats: z.array(
        z.object({
          seat: z.string(),
          row: z.int(),
          column: z.string(),
          position: z.enum(['window', 'middle', 'aisle']),
          exitRow: z.boolean(),
          free: z.boolean(),
          /** What choosing it costs, each flight. */
          fee: MinorUnits,
        }),
      ),
    }),
  ),
})
export type SeatMap = z.output<typeof SeatMap>
