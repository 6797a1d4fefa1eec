import type { IsoDate } from '../../shared/dates.ts'
import type { BookingFigures } from '../../shared/events/index.ts'
import type { Fault } from '../../shared/http/problem.ts'
import type { DayTariff, FiledFare, OfferedFlight, Price, PriceLine } from '../flights/index.ts'
import type { LineScope } from './change-lines.ts'
import type { Aboard, ChosenSeat } from './change-seats.ts'
import type { CouponState } from './life.ts'
import type { PetRequest, QuotePassenger, Segment } from './models.ts'
import type { BookingProblemCode } from './problems.ts'
import type { ComposedQuote, Needs } from './quote.ts'

/** What a change is composed from, and what comes of it. */

/** Who travels, with what their booking knows of them. */
export type Person = QuotePassenger & {
  residency: string | null
  givenNames: string
  surnames: string[]
  accompaniedBy: number | null
}

/** A booking as it stands before a change. */
export type PresentBooking = {
  id: string
  version: number
  status: 'held' | 'confirmed' | 'cancelled' | 'expired'
  currency: string
  total: number
  holdMinutes: number
  segments: Segment[]
  lines: PriceLine[]
  counter: PriceLine[]
  /** Those that are neither exchanged nor refunded. */
  coupons: (Price['coupons'][number] & { status: CouponState })[]
  people: Person[]
  pets: ComposedQuote['pets']
  seats: ChosenSeat[]
  /** The highest numbers ever given: numbers of who left are not given again. */
  lastPassenger: number
  lastPet: number
}

/** What is wanted; what is left out stays as it is. */
export type WantedChange = {
  /** All directions; one with the flights that it has is left alone. */
  directions?: { flights: string[] }[]
  names?: { passenger: number; givenNames: string; surnames: string[] }[]
  addPassengers?: { birthDate: IsoDate; residency?: string; givenNames: string; surnames: string[] }[]
  removePassengers?: number[]
  addPets?: PetRequest[]
  removePets?: number[]
  seats?: ChosenSeat[]
}

/** What a change is composed from beside the booking: the offer of today. */
export type Today = Aboard & {
  /** Of the booking and of what is wanted. */
  flights: readonly OfferedFlight[]
  fares: readonly FiledFare[]
  tariff: DayTariff
  /** Public ids of the taxes sold that return. */
  refundableTaxes: ReadonlySet<string>
  now: Date
}

export type ComposedChange = {
  price: Omit<Price, 'candies'>
  segments: Segment[]
  people: Person[]
  pets: ComposedQuote['pets']
  seats: ChosenSeat[]
  needs: Needs[]
  event: BookingFigures
  /** Below zero: given back. Nothing is due for an unpaid booking, which pays its new total. */
  due: number
  /** The part of it that the fares' conditions ask for the change. */
  fee: number
  /** What is charged and credited. */
  difference: PriceLine[]
  expiresAt: Date
}

export type ChangeRefusal = {
  type: 'refused'
  code: BookingProblemCode | 'unknown-flight' | 'exchange-rate-missing' | 'flight-departed'
  at?: Fault
  flightId?: string
  limit?: number
}
export type ChangeOutcome = { type: 'composed'; change: ComposedChange } | ChangeRefusal

/** Who and what travels after the change. */
export type Party = Pick<LineScope, 'gone' | 'added'> & { people: Person[]; pets: ComposedQuote['pets'] }
