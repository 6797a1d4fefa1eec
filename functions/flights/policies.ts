import * as z from 'zod/mini'
import { CurrencyCode, Line, MinorUnits } from '../../shared/schemas.ts'

const whole = (minimum: number, maximum: number) => z.int().check(z.minimum(minimum), z.maximum(maximum))
const Ratio = z.strictObject({ numerator: whole(0, 1000), denominator: whole(1, 1000) })
const Fee = z.strictObject({ amount: MinorUnits, currency: CurrencyCode })

/**
 * Every value that law or the airline may change, by its name: in the database with the day from which it holds and
 * its source. Ages are whole years, times minutes, weights kilograms, lengths centimetres.
 */
export const POLICIES = {
  /** Oldest age that gets candies, on the day of departure. */
  'candy-max-age': whole(0, 17),
  /** A child's fare as a share of the adult's; not of a promotional fare. */
  'child-fare': Ratio,
  /** A lap infant's fare as a share of the adult's. */
  'infant-lap-fare': Ratio,
  /** Below this age a passenger needs an accompanying adult in the booking. */
  'minor-accompanied-below': whole(2, 18),
  /** From this age a passenger may accompany a minor and hold an infant. */
  'accompanying-adult-age': whole(12, 21),
  /** Most seated passengers in a booking. */
  'max-seated-passengers': whole(1, 50),
  /** How long a quote holds its price. */
  'quote-minutes': whole(1, 1440),
  /** How long a held booking keeps its seats unpaid; never beyond the close of sales. */
  'hold-minutes': whole(1, 43_200),
  /** How long before departure a flight's sale ends. */
  'sales-close-minutes': whole(0, 10_080),
  /** How far ahead flights are sold. */
  'booking-horizon-days': whole(1, 400),
  /** Seats sold beyond the physical ones, per cent of them; the law's cap is 5. */
  'overbooking-percent': whole(0, 5),
  /** Lap infants a flight takes, per cent of its seats. */
  'infant-capacity-percent': whole(0, 100),
  'petc-capacity': whole(0, 50),
  'avih-capacity': whole(0, 50),
  /** Heaviest pet in the cabin, with its carrier. */
  'petc-max-kg': whole(1, 50),
  /** Largest carrier in the cabin: its three sides, longest first. */
  'petc-carrier-max-cm': z.tuple([whole(1, 200), whole(1, 200), whole(1, 200)]),
  'petc-fee': Fee,
  'avih-fee': Fee,
  /** What a chosen seat costs by where it is; an exit row's price is its own, and so is that of any seat in business. */
  'seat-fee': z.strictObject({
    currency: CurrencyCode,
    window: MinorUnits,
    middle: MinorUnits,
    aisle: MinorUnits,
    exitRow: MinorUnits,
    business: MinorUnits,
  }),
  /** From this age, on the day of the flight, a passenger may sit in an exit row. */
  'exit-row-min-age': whole(12, 21),
  /** Right to withdraw from a distance sale: its window, and what the airline may retain. */
  retracto: z.strictObject({
    hoursFromPurchase: whole(0, 720),
    minDaysBeforeDomestic: whole(0, 90),
    minDaysBeforeInternational: whole(0, 90),
    maxRetainedPercentOfFare: whole(0, 100),
    maxRetained: z.array(Fee).check(z.maxLength(50)),
  }),
  /** Right to give up the journey: until how long before departure. */
  desistimiento: z.strictObject({ hoursBeforeDeparture: whole(0, 720) }),
  /** What the airline retains of the fare of a journey that is given up, and whether that holds for promotional fares. */
  'desistimiento-retention': z.strictObject({
    maxRetainedPercentOfFare: whole(0, 100),
    promotionalFares: z.boolean(),
  }),
  /** How many days after its flight's day a disrupted booking may fly instead. */
  'rebook-days': whole(0, 30),
  /** Check-in: from how long before departure, and until when. */
  'check-in-opens-hours': whole(1, 168),
  'check-in-closes-minutes': whole(0, 600),
  /** Breeds that are not carried in the hold, in lower case. */
  'avih-refused-breeds': z.array(Line(60)).check(z.maxLength(200)),
} as const

export type PolicyName = keyof typeof POLICIES
export type Policies = { [Name in PolicyName]: z.output<(typeof POLICIES)[Name]> }

/**
 * The policies in force, from their stored values.
 * @throws Error that names the policies that are missing or do not fit: the database was not seeded.
 */
export function policiesOf(stored: Record<string, unknown>): Policies {
  const parsed = z.object(POLICIES).safeParse(stored)
  if (parsed.success) return parsed.data
  const names = [...new Set(parsed.error.issues.map((issue) => issue.path[0]))].join(', ')
  throw new Error(`flights.policies has no fitting value in force for: ${names}`)
}
