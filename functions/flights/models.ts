import * as z from 'zod/mini'
import {
  AirportCode,
  BookingClass,
  Cabin,
  Count,
  CurrencyCode,
  DateText,
  Id,
  Instant,
  MinorUnits,
} from '../../shared/schemas.ts'

/** The shapes of the flights slice's answers, and what several of its queries take. */

/** A party in a query string, by type: its ages are taken as 30, 8 and 1 on the day of departure. */
export const party = {
  adults: z._default(Count(1, 9), 1),
  children: z._default(Count(0, 8), 0),
  infants: z._default(Count(0, 9), 0),
  cabin: z._default(Cabin, 'Y'),
}

export const AirportSummary = z.object({
  code: AirportCode,
  name: z.string(),
  city: z.string(),
  cityCode: z.string(),
  countryCode: z.string(),
  timeZone: z.string(),
})

export const PriceFrom = z.object({
  currency: CurrencyCode,
  /** For the whole party, taxes in the ticket included, in minor units. */
  total: MinorUnits,
  /** Of one adult, before promotion and taxes. */
  fare: MinorUnits,
  bookingClass: BookingClass,
  fareBasis: z.string(),
  /** The promotion that the price holds. */
  promotion: z.nullable(
    z.object({
      id: Id('promotion'),
      name: z.object({ es: z.string(), en: z.string() }),
      rateBasisPoints: z.int(),
    }),
  ),
  /** Due at the counter, for the whole party; not in the total. */
  dueAtCounter: MinorUnits,
})

export const FlightSummary = z.object({
  flightId: Id('flight'),
  flightNumber: z.string(),
  origin: AirportCode,
  destination: AirportCode,
  /** With the local offset. */
  departsAt: Instant,
  arrivesAt: Instant,
  /** Days between the local dates of departure and arrival. */
  dayChange: z.int(),
  durationMinutes: z.int(),
  aircraftType: z.string(),
  seatsLeft: z.int(),
  /** Null when the party does not find seats. */
  priceFrom: z.nullable(PriceFrom),
})
export type FlightSummary = z.output<typeof FlightSummary>

export const Tax = z.object({
  taxId: Id('tax'),
  code: z.string(),
  name: z.object({ es: z.string(), en: z.string() }),
  authority: z.string(),
  point: z.enum(['origin', 'destination']),
  placeKind: z.enum(['airport', 'city', 'country']),
  place: z.string(),
  excludedAirports: z.array(AirportCode),
  scope: z.enum(['domestic', 'international', 'any']),
  charge: z.union([
    z.object({ basis: z.literal('fixed'), amount: MinorUnits, currency: CurrencyCode }),
    z.object({
      basis: z.literal('percentage'),
      rateBasisPoints: z.int(),
      base: z.enum(['net-fare', 'full-fare']),
    }),
  ]),
  chargedPer: z.enum(['passenger', 'pet']),
  minAge: z.int(),
  maxAge: z.int(),
  exemptResidents: z.boolean(),
  refundable: z.boolean(),
  collected: z.enum(['ticket', 'counter']),
  validFrom: DateText,
  validTo: z.nullable(DateText),
  validBy: z.enum(['sale', 'departure']),
  source: z.string(),
  sample: z.boolean(),
})
