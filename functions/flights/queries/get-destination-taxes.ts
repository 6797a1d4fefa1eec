import * as z from 'zod/mini'
import type { IsoDate } from '../../../shared/dates.ts'
import { endpoint } from '../../../shared/http/endpoint.ts'
import { problem } from '../../../shared/http/problem.ts'
import { HTTP_PROBLEMS } from '../../../shared/http/problems.ts'
import { sum } from '../../../shared/money.ts'
import { database } from '../../../shared/postgres/client.ts'
import { AirportCode, Count, CurrencyCode, DateText, Id, MinorUnits } from '../../../shared/schemas.ts'
import { getDestinationTaxes } from '../../catalog.ts'
import { Tax } from '../models.ts'
import { loadFares } from '../offer.ts'
import { type Price, type PriceLine, priceItinerary } from '../pricing.ts'
import { FLIGHT_PROBLEMS } from '../problems.ts'
import { loadTariff } from '../tariff.ts'
import { concerns, type Place, type TaxRule } from '../tax.ts'

const Query = z.strictObject({
  /** Day of departure; today when left out. A past day is answered as it was. */
  date: z.optional(DateText),
  /** Where the journey starts; when left out, the origin with most flights to the destination. */
  origin: z.optional(AirportCode),
  /** Age of each passenger on the day of departure. */
  ages: z._default(
    z.pipe(
      z.pipe(
        z.string().check(z.regex(/^\d{1,3}(,\d{1,3}){0,19}$/, 'must be ages in years, as 34,12,1')),
        z.transform((text) => text.split(',').map(Number)),
      ),
      z.array(z.int().check(z.maximum(120, 'must be ages up to 120'))),
    ),
    [30],
  ),
  /** The place whose residents the passengers are, such as ADZ. */
  residency: z.optional(AirportCode),
  petsInCabin: z._default(Count(0, 9), 0),
  petsInHold: z._default(Count(0, 9), 0),
})
type Query = z.output<typeof Query>

const Charge = z.object({
  taxId: Id('tax'),
  code: z.string(),
  /** Passengers or pets who pay it. */
  count: z.int(),
  amount: MinorUnits,
  collected: z.enum(['ticket', 'counter']),
})

const Answer = z.object({
  destination: AirportCode,
  city: z.string(),
  origin: AirportCode,
  date: DateText,
  /** Every rule in force for the journey, whoever pays it. */
  taxes: z.array(Tax),
  party: z.object({
    currency: CurrencyCode,
    charges: z.array(Charge),
    /** Taxes in the ticket, and those due at the airline's counter, in minor units. */
    inTicket: MinorUnits,
    atCounter: MinorUnits,
    total: MinorUnits,
    /** The adult fare that percentages were taken of: the cheapest that is filed, less its promotion. */
    assumedFare: z.nullable(MinorUnits),
    /** The airline's fee for the pets; not a tax and not in the total. */
    petFees: MinorUnits,
  }),
})

type Outcome =
  | { type: 'answered'; answer: z.output<typeof Answer> }
  | { type: 'unknown-airport'; code: string }
  | { type: 'exchange-rate-missing'; currency: string }

/** The taxes of a one-way journey to a destination, and what a party pays of them. */
async function destinationTaxes(destination: string, query: Query): Promise<Outcome> {
  const sql = database()
  const origin = query.origin ?? (await usualOrigin(destination))
  if (origin === undefined) return { type: 'unknown-airport', code: destination }
  const [airports, fares, tariff] = await Promise.all([
    sql<(Place & { city: string })[]>`
      select code, city_code as "cityCode", country_code as "countryCode", city
      from flights.airports where code in (${origin}, ${destination})`,
    loadFares(sql, origin, destination),
    loadTariff(sql, { airports: [origin, destination] }, query.date ?? null),
  ])
  const [from, to] = [origin, destination].map((code) => airports.find((airport) => airport.code === code))
  if (!from || !to) return { type: 'unknown-airport', code: from ? destination : origin }

  const date = query.date ?? tariff.saleDate
  const cheapest = fares
    .filter(({ cabin }) => cabin === 'Y')
    .reduce((best, fare) => (best && best.amount <= fare.amount ? best : fare), fares[0])
  const fare = cheapest ?? { ...NO_FARE, currency: tariff.currency }
  const segment = {
    number: 1,
    direction: 1,
    origin: from,
    destination: to,
    departureDate: date,
    cabin: 'Y',
    fare,
  }
  const passengers = query.ages.map((age, at) => {
    return { number: at + 1, birthDate: bornYearsBefore(date, age), residency: query.residency ?? null }
  })
  const pets = [
    ...Array.from({ length: query.petsInCabin }, () => 'PETC' as const),
    ...Array.from({ length: query.petsInHold }, () => 'AVIH' as const),
  ].map((service, at) => ({ number: at + 1, service }))
  const outcome = priceItinerary([segment], passengers, pets, null, tariff)
  if (outcome.type !== 'priced') return { type: 'exchange-rate-missing', currency: outcome.currency }

  const journey = { origin: from, destination: to, departureDate: date, saleDate: tariff.saleDate }
  const { price } = outcome
  const taxesIn = (lines: readonly PriceLine[]) => sum(lines.filter(isTax).map(({ amount }) => amount))
  return {
    type: 'answered',
    answer: {
      destination,
      city: to.city,
      origin,
      date,
      taxes: tariff.taxRules.filter((rule) => concerns(rule, journey)).map(describe),
      party: {
        currency: price.currency,
        charges: [...chargesOf(price.lines, 'ticket'), ...chargesOf(price.counter, 'counter')],
        inTicket: taxesIn(price.lines),
        atCounter: taxesIn(price.counter),
        total: taxesIn(price.lines) + taxesIn(price.counter),
        assumedFare: cheapest ? adultFare(price) : null,
        petFees: sum(price.lines.filter(({ kind }) => kind === 'pet-fee').map(({ amount }) => amount)),
      },
    },
  }
}

/** The origin that most coming flights to the destination leave from. */
async function usualOrigin(destination: string): Promise<string | undefined> {
  const [usual] = await database()<{ origin: string }[]>`
    select origin from flights.series where destination = ${destination} and valid_to >= current_date
    group by origin order by sum(cardinality(days)) desc, origin limit 1`
  return usual?.origin
}

const isTax = ({ kind }: PriceLine): boolean => kind === 'tax'
const bornYearsBefore = (date: IsoDate, age: number): IsoDate => `${Number(date.slice(0, 4)) - age}-01-01`

/** Stands for a fare where the airline has filed none; its percentages come to nothing. */
const NO_FARE = {
  id: 'none',
  bookingClass: 'Y',
  fareBasis: 'none',
  amount: 0,
  promotional: false,
  refundable: false,
  changeable: false,
  changeFee: 0,
}

function adultFare({ lines }: Price): number {
  const first = lines.filter(
    ({ passenger, kind }) => passenger === 1 && (kind === 'fare' || kind === 'discount'),
  )
  return sum(first.map(({ amount }) => amount))
}

function chargesOf(lines: readonly PriceLine[], collected: 'ticket' | 'counter'): z.output<typeof Charge>[] {
  return Object.values(Object.groupBy(lines.filter(isTax), ({ rule }) => rule)).flatMap((same = []) => {
    const [first] = same
    if (!first) return []
    const amount = sum(same.map((line) => line.amount))
    return [{ taxId: first.rule, code: first.code, count: same.length, amount, collected }]
  })
}

function describe(rule: TaxRule): z.output<typeof Tax> {
  const { id, nameEs, nameEn, basis, amount, currency, rateBasisPoints, base, ...rest } = rule
  const charge =
    basis === 'fixed'
      ? { basis, amount: amount ?? 0, currency: currency ?? '' }
      : { basis, rateBasisPoints: rateBasisPoints ?? 0, base: base ?? ('net-fare' as const) }
  return {
    taxId: id,
    name: { es: nameEs, en: nameEn },
    charge,
    ...rest,
    excludedAirports: [...rule.excludedAirports],
  }
}

export const route = endpoint(
  getDestinationTaxes,
  {
    description:
      'The taxes of a one-way journey to a destination on a date, each with its source, and the total that a party of these ages, residency and pets would pay: in the ticket, and at the counter.',
    params: z.strictObject({ destination: AirportCode }),
    query: Query,
    success: { status: 200, description: 'The taxes in force and what the party pays', schema: Answer },
    problems: [FLIGHT_PROBLEMS['unknown-airport'], FLIGHT_PROBLEMS['exchange-rate-missing']],
    example: { params: { destination: 'ADZ' }, query: { origin: 'BOG', ages: '34,12', petsInCabin: '1' } },
  },
  async ({ params, query }) => {
    if (query.origin === params.destination) {
      const errors = [{ parameter: 'origin', detail: 'must not be the destination' }]
      return problem(HTTP_PROBLEMS['invalid-request'], { errors })
    }
    const outcome = await destinationTaxes(params.destination, query)
    switch (outcome.type) {
      case 'answered':
        return { status: 200, body: outcome.answer }
      case 'unknown-airport': {
        const parameter = outcome.code === query.origin ? 'origin' : 'destination'
        return problem(FLIGHT_PROBLEMS['unknown-airport'], {
          errors: [{ parameter, detail: 'is not known' }],
        })
      }
      case 'exchange-rate-missing':
        return problem(FLIGHT_PROBLEMS['exchange-rate-missing'], { currency: outcome.currency })
    }
  },
)
