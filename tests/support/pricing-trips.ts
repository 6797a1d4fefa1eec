import fc from 'fast-check'
import type { Policies } from '../../functions/flights/policies.ts'
import type { PricedPassenger, PricedPet, PricedSegment, Tariff } from '../../functions/flights/pricing.ts'
import type { Place } from '../../functions/flights/tax.ts'
import { addDays, type IsoDate } from '../../shared/dates.ts'

/** Trips of every kind for the pricing properties: itineraries, parties, pets, promotions, taxes, rates. */

export type Trip = {
  segments: PricedSegment[]
  passengers: PricedPassenger[]
  pets: PricedPet[]
  code: string | null
  tariff: Tariff
}

const place = (code: string, cityCode: string, countryCode: string): Place => ({
  code,
  cityCode,
  countryCode,
})
const BOG = place('BOG', 'BOG', 'CO')
const AIRPORTS = [
  BOG,
  place('MDE', 'MDE', 'CO'),
  place('EOH', 'MDE', 'CO'),
  place('ADZ', 'ADZ', 'CO'),
  place('MIA', 'MIA', 'US'),
  place('JFK', 'NYC', 'US'),
]
/** Digits after the decimal mark. */
export const EXPONENT: Record<string, number> = { COP: 2, USD: 2, CLP: 0, JPY: 0 }
const CURRENCIES = Object.keys(EXPONENT)
const CODES = ['CARIBE10', 'OTRO20']
export const SALE: IsoDate = '2026-02-10'

fc.configureGlobal({ numRuns: 300 })

const integer = (min: number, max: number) => fc.integer({ min, max })
const airport = fc.constantFrom(...AIRPORTS)
const airportCode = airport.map(({ code }) => code)
const currency = fc.constantFrom('COP', ...CURRENCIES)
const amount = fc.oneof(integer(0, 2_000), integer(0, 5_000_000))
/** From fares of a few minor units, where halves are common, to the most that a fare may be. */
const fareAmount = fc.oneof(integer(1, 2_000), integer(1, 2_000), integer(1, 200_000_000), integer(1, 1e12))
const promotionRate = fc.oneof(
  fc.constant(1_000),
  fc.constantFrom(500, 1_250, 5_000, 10_000),
  integer(1, 10_000),
)
const taxRate = fc.oneof(fc.constant(1_900), fc.constantFrom(250, 1_000, 5_000), integer(0, 100_000))
/** Days from a date to an edge of a window: mostly inside, often on the edge, at times one day off. */
const before = fc.oneof({ weight: 4, arbitrary: integer(-60, 0) }, fc.constantFrom(-1, 0, 1))
const after = fc.oneof({ weight: 4, arbitrary: integer(0, 500) }, fc.constantFrom(-1, 0, 1))

const leg = fc.record({
  fare: fareAmount,
  promotional: fc.boolean(),
  cabin: fc.constantFrom('Y', 'C'),
  wait: fc.constantFrom(0, 0, 1),
})
const direction = fc.record({
  stops: fc
    .array(airport, { minLength: 2, maxLength: 4 })
    .filter((stops) => stops.every((stop, at) => stop !== stops[at + 1])),
  legs: fc.tuple(leg, leg, leg),
})

/** Ages at departure, and how many days ago the last birthday was: 0 is today, 364 the day before the next one. */
const traveller = fc.record({
  age: fc.oneof(fc.constantFrom(0, 1, 1, 2, 6, 7, 11, 12, 12, 13), integer(0, 95)),
  sinceBirthday: fc.oneof(fc.constantFrom(0, 1, 364), integer(0, 364)),
  residency: fc.option(fc.constantFrom('CO', 'US', 'ADZ', 'MDE', 'NYC')),
})

const scope = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, fc.array(value, { maxLength: 3 }))
const promotion = fc.record({
  rateBasisPoints: promotionRate,
  code: fc.option(fc.constantFrom(...CODES), { freq: 2 }),
  routes: scope(fc.tuple(airportCode, airportCode).map((pair) => pair.join('-'))),
  destinations: scope(airportCode),
  cabins: scope(fc.constantFrom('Y', 'C')),
  window: fc.record({ saleFrom: before, saleTo: after, travelFrom: before, travelTo: after }),
})

const basis = fc.oneof(
  fc.record({
    basis: fc.constant('fixed'),
    ...{ amount, currency, rateBasisPoints: fc.constant(null), base: fc.constant(null) },
    chargedPer: fc.constantFrom('passenger', 'pet'),
  }),
  fc.record({
    basis: fc.constant('percentage'),
    ...{ amount: fc.constant(null), currency: fc.constant(null), rateBasisPoints: taxRate },
    base: fc.constantFrom('net-fare', 'full-fare'),
    chargedPer: fc.constant('passenger'),
  }),
)
const taxedPlace = fc
  .tuple(airport, fc.constantFrom('airport', 'city', 'country', 'country'))
  .map(([{ code, cityCode, countryCode }, placeKind]) => ({
    ...{ placeKind, place: { airport: code, city: cityCode, country: countryCode }[placeKind] },
  }))
const ageBand = fc
  .oneof(
    fc.constantFrom([0, 150], [2, 150], [7, 150], [0, 1], [2, 11], [12, 12]),
    fc.tuple(integer(0, 95), integer(0, 95)).map(([a, b]) => (a < b ? [a, b] : [b, a])),
  )
  .map(([minAge = 0, maxAge = 0]) => ({ minAge, maxAge }))
const taxRule = fc.record({
  ...{ basis, taxedPlace, ageBand, exemptResidents: fc.boolean() },
  point: fc.constantFrom('origin', 'destination'),
  excludedAirports: fc.oneof(fc.constant([]), fc.array(airportCode, { maxLength: 2 })),
  scope: fc.constantFrom('any', 'any', 'domestic', 'international'),
  collected: fc.constantFrom('ticket', 'ticket', 'counter'),
  validBy: fc.constantFrom('sale', 'departure'),
  window: fc.record({ validFrom: before, validTo: fc.option(after, { freq: 2 }) }),
})

const ratio = fc.record({ numerator: integer(0, 100), denominator: integer(1, 100) })
const fee = fc.record({ amount, currency })
/** The policies that prices follow. */
const policies = fc.record({
  'candy-max-age': integer(0, 17),
  'child-fare': fc.oneof(fc.constant({ numerator: 2, denominator: 3 }), ratio),
  'infant-lap-fare': fc.oneof(fc.constant({ numerator: 0, denominator: 1 }), ratio),
  'petc-fee': fee,
  'avih-fee': fee,
})

export const trips = fc
  .record({
    departure: fc.oneof(
      fc.constantFrom('2027-02-28', '2027-03-01', '2028-02-29'),
      integer(0, 400).map((days) => addDays(SALE, days)),
    ),
    directions: fc.array(direction, { minLength: 1, maxLength: 2 }),
    stay: fc.oneof(integer(0, 14), integer(0, 400)),
    travellers: fc.array(traveller, { minLength: 1, maxLength: 5 }),
    pets: fc.array(fc.constantFrom('PETC', 'AVIH'), { maxLength: 3 }),
    code: fc.option(fc.constantFrom(...CODES), { freq: 3 }),
    promotions: fc.array(promotion, { minLength: 1, maxLength: 4 }),
    taxRules: fc.array(taxRule, { minLength: 3, maxLength: 8 }),
    currency: fc.constantFrom('COP', 'COP', 'USD', 'CLP'),
    rates: fc.tuple(
      ...CURRENCIES.map(() =>
        fc.oneof(fc.constantFrom(4_050_000_000, 4_050_500_000, 500_000), integer(1, 10_000_000_000)),
      ),
    ),
    policies,
  })
  .map(({ currency, departure, directions, stay, travellers, pets, code, ...some }): Trip => {
    const names = { nameEs: 'Una', nameEn: 'One' }
    let day = departure
    const segments = directions.flatMap(({ stops, legs }, way) => {
      if (way > 0) day = addDays(day, stay)
      return stops.slice(1).map((destination, at) => {
        const { fare, promotional, cabin, wait } = legs[at] ?? legs[0]
        if (at > 0) day = addDays(day, wait)
        const filed = {
          id: `fare ${way}.${at}`,
          fareBasis: `B${way}${at}`,
          amount: fare,
          currency,
          promotional,
        }
        const terms = { bookingClass: 'B', refundable: true, changeable: true, changeFee: 0 }
        const origin = stops[at] ?? BOG
        const flight = { direction: way + 1, origin, destination, departureDate: day, cabin }
        return { ...flight, fare: { ...filed, ...terms } }
      })
    })
    const tariff = {
      ...{ saleDate: SALE, currency, policies: some.policies as Policies },
      promotions: some.promotions.map(({ window, ...promotion }, at) => ({
        ...{ id: `promotion ${at}`, ...names, ...promotion },
        ...{ saleFrom: addDays(SALE, window.saleFrom), saleTo: addDays(SALE, window.saleTo) },
        travelFrom: addDays(departure, window.travelFrom),
        travelTo: addDays(departure, window.travelTo),
      })),
      taxRules: some.taxRules.map(({ basis, taxedPlace, ageBand, window, ...rule }, at) => {
        const edge = rule.validBy === 'sale' ? SALE : departure
        const validTo = window.validTo === null ? null : addDays(edge, window.validTo)
        return {
          ...{ id: `tax ${at}`, code: `T${at}`, ...names, authority: 'DIAN', source: 'sample', sample: true },
          ...{ ...rule, ...basis, ...taxedPlace, ...ageBand, refundable: true },
          ...{ validFrom: addDays(edge, window.validFrom), validTo },
        }
      }),
      rates: CURRENCIES.flatMap((from, at) =>
        CURRENCIES.filter((to) => to !== from).map((to, column) => ({
          ...{
            from,
            to,
            rateMillionths: (some.rates[at] ?? 1) + column * 1_000_000,
            day: addDays(SALE, -at),
          },
        })),
      ),
    }
    return {
      ...{ code, tariff },
      segments: segments.map((segment, at) => ({ number: at + 1, ...segment })),
      passengers: travellers.map(({ age, sinceBirthday, residency }, at) => {
        const birthday = `${Number(departure.slice(0, 4)) - age}${departure.slice(4)}`
        return { number: at + 1, birthDate: addDays(birthday, -sinceBirthday), residency }
      }),
      pets: pets.map((service, at) => ({ number: at + 1, service })),
    }
  })
