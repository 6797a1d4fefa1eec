import { ageOn, type IsoDate, instantIn } from '../../shared/dates.ts'
import type { Fault } from '../../shared/http/problem.ts'
import { publicId, uuidOf } from '../../shared/ids.ts'
import { sum } from '../../shared/money.ts'
import {
  type DayTariff,
  type FiledFare,
  type OfferedFlight,
  offersOf,
  type Price,
  type PricedSegment,
  priceItinerary,
  typeOfAge,
} from '../flights/index.ts'
import type { Order, QuotePassenger, Segment } from './models.ts'
import { judgeParty, judgePets } from './party.ts'
import type { BookingProblemCode } from './problems.ts'

/** What is asked of each flight's inventory, one element a flight, in order of travel. */
export type Needs = {
  flightId: string
  cabin: string
  bookingClass: string
  seats: number
  infants: number
  petc: number
  avih: number
}

/** A price for an order, ready to be stored. */
export type ComposedQuote = {
  price: Price
  segments: Segment[]
  passengers: QuotePassenger[]
  pets: {
    number: number
    service: 'PETC' | 'AVIH'
    species: string
    breed: string | null
    weightKg: number
  }[]
  needs: Needs[]
  expiresAt: Date
  holdMinutes: number
  event: object
}

export type QuoteRefusal = {
  type: 'refused'
  code: BookingProblemCode | 'unknown-flight'
  at?: Fault
  flightId?: string
  limit?: number
}
export type QuoteOutcome = { type: 'quoted'; quote: ComposedQuote } | QuoteRefusal

/** A flight of the order, in its place. */
type Leg = { number: number; direction: number; flight: OfferedFlight; pointer: string }

/**
 * Decides whether an order can be sold now and at what price: who may travel, whether the flights join, the class of
 * each flight, the lines. Nothing is taken yet.
 */
export function composeQuote(
  order: Order,
  flights: readonly OfferedFlight[],
  fares: readonly FiledFare[],
  tariff: DayTariff,
  now: Date,
): QuoteOutcome {
  const legs = legsOf(order, flights)
  if (!Array.isArray(legs)) return legs
  const first = legs[0]
  if (!first) throw new RangeError('an order has at least one flight')
  const firstDeparture = first.flight.departureDate
  const birthDates = order.passengers.map(({ birthDate }) => birthDate)
  const unfit =
    judgeParty(birthDates, firstDeparture, tariff.saleDate, tariff.policies) ??
    judgePets(order.pets, tariff.policies)
  if (unfit) return { type: 'refused', ...unfit }

  const loads = legs.map((leg) => loadOf(order, leg.flight.departureDate, firstDeparture))
  const chosen: (Leg & { fare: FiledFare })[] = []
  for (const [index, leg] of legs.entries()) {
    const choice = chooseClass(order, leg, fares, loads[index] ?? { seats: 0, infants: 0 })
    if (choice.type === 'refused') return choice
    chosen.push({ ...leg, fare: choice.fare })
  }

  const passengers = order.passengers.map(({ birthDate, residency }, at) => {
    return { number: at + 1, birthDate, residency: residency ?? null }
  })
  const pets = order.pets.map(({ service, species, breed, weightKg }, at) => {
    return { number: at + 1, service, species, breed: breed ?? null, weightKg }
  })
  const segments = chosen.map(({ number, direction, flight, fare }): PricedSegment => {
    const { origin, destination, departureDate } = flight
    return { number, direction, origin, destination, departureDate, cabin: order.cabin, fare }
  })
  const outcome = priceItinerary(segments, passengers, pets, order.promotionCode ?? null, tariff)
  if (outcome.type !== 'priced') return { type: 'refused', code: 'exchange-rate-missing' }
  const { price } = outcome
  if (order.promotionCode && !price.lines.some(({ code }) => code === order.promotionCode)) {
    const at = { pointer: '/promotionCode', detail: 'applies to none of the flights today' }
    return { type: 'refused', code: 'promotion-not-applicable', at }
  }

  const people = passengers.map((passenger): QuotePassenger => {
    const age = ageOn(passenger.birthDate, firstDeparture)
    return { ...passenger, age, type: typeOfAge(age), candies: price.candies.includes(passenger.number) }
  })
  const petc = pets.filter(({ service }) => service === 'PETC').length
  const needs = chosen.map(({ flight, fare }, at) => {
    const { seats, infants } = loads[at] ?? { seats: 0, infants: 0 }
    const { cabin } = order
    return {
      flightId: flight.id,
      cabin,
      bookingClass: fare.bookingClass,
      seats,
      infants,
      petc,
      avih: pets.length - petc,
    }
  })
  return {
    type: 'quoted',
    quote: {
      price,
      segments: chosen.map((leg) => describe(leg, order.cabin)),
      passengers: people,
      pets,
      needs,
      expiresAt: new Date(now.getTime() + tariff.policies['quote-minutes'] * 60_000),
      holdMinutes: holdMinutes(first.flight, tariff, now),
      event: eventOf(chosen, people, pets, needs, price),
    },
  }
}

/** The flights of an order in order of travel, each leaving from where the one before arrived, after it did. */
function legsOf(order: Order, flights: readonly OfferedFlight[]): Leg[] | QuoteRefusal {
  const legs: Leg[] = []
  for (const [direction, { flights: ids }] of order.directions.entries()) {
    for (const [at, id] of ids.entries()) {
      const pointer = `/directions/${direction}/flights/${at}`
      const flight = flights.find((candidate) => candidate.id === uuidOf(id))
      if (!flight) {
        return {
          type: 'refused',
          code: 'unknown-flight',
          at: { pointer, detail: 'is not a flight of the airline' },
        }
      }
      if (flight.status !== 'scheduled') return { type: 'refused', code: 'flight-not-bookable', flightId: id }
      const before = legs.at(-1)?.flight
      if (
        before &&
        (before.destination.code !== flight.origin.code || before.arrivesAt >= flight.departsAt)
      ) {
        const detail = `must leave from ${before.destination.code} after ${instantIn(before.arrivesAt, before.destination.timeZone)}`
        return { type: 'refused', code: 'itinerary-broken', at: { pointer, detail } }
      }
      legs.push({ number: legs.length + 1, direction: direction + 1, flight, pointer })
    }
  }
  return legs
}

/** Seats and lap infants on a flight: who has turned two by then has a seat. */
function loadOf(
  order: Order,
  departure: IsoDate,
  firstDeparture: IsoDate,
): { seats: number; infants: number } {
  const infants = order.passengers.filter(
    ({ birthDate }) =>
      typeOfAge(ageOn(birthDate, firstDeparture)) === 'INF' &&
      typeOfAge(ageOn(birthDate, departure)) === 'INF',
  ).length
  return { seats: order.passengers.length - infants, infants }
}

/** The class asked for, or the cheapest that seats the party. */
function chooseClass(
  order: Order,
  { flight, pointer }: Leg,
  fares: readonly FiledFare[],
  { seats, infants }: { seats: number; infants: number },
): { type: 'chosen'; fare: FiledFare } | QuoteRefusal {
  const flightId = publicId('flight', flight.id)
  const refuse = (code: BookingProblemCode): QuoteRefusal => ({ type: 'refused', code, flightId })
  const inventory = flight.cabins.find(({ cabin }) => cabin === order.cabin)
  if (!inventory) return refuse('cabin-not-offered')
  if (!inventory.salesOpen) return refuse('flight-not-bookable')
  if (infants > flight.infantsLeft) return refuse('infants-full')
  const petc = order.pets.filter(({ service }) => service === 'PETC').length
  if (petc > flight.petcLeft || order.pets.length - petc > flight.avihLeft) return refuse('pets-full')
  const offers = offersOf(flight, order.cabin, fares)
  if (order.bookingClass) {
    const offer = offers.find(({ fare }) => fare.bookingClass === order.bookingClass)
    if (!offer || offer.closed) {
      const at = { pointer: '/bookingClass', detail: `is closed on the flight at ${pointer}` }
      return { type: 'refused', code: 'class-closed', at, flightId }
    }
    return offer.left >= seats ? { type: 'chosen', fare: offer.fare } : refuse('class-sold-out')
  }
  const cheapest = offers.find(({ left }) => left >= seats)
  return cheapest ? { type: 'chosen', fare: cheapest.fare } : refuse('sold-out')
}

/** How long a booking may stay unpaid: the policy's time, but never past the close of the first flight's sale. */
function holdMinutes(first: OfferedFlight, { policies }: DayTariff, now: Date): number {
  const untilClose = (first.departsAt.getTime() - now.getTime()) / 60_000 - policies['sales-close-minutes']
  return Math.max(1, Math.min(policies['hold-minutes'], Math.floor(untilClose)))
}

function describe(
  { number, direction, flight, fare }: Leg & { fare: FiledFare },
  cabin: Segment['cabin'],
): Segment {
  return {
    number,
    direction,
    flightId: publicId('flight', flight.id),
    flightNumber: flight.flightNumber,
    origin: flight.origin.code,
    destination: flight.destination.code,
    departsAt: instantIn(flight.departsAt, flight.origin.timeZone),
    arrivesAt: instantIn(flight.arrivesAt, flight.destination.timeZone),
    departureDate: flight.departureDate,
    cabin,
    bookingClass: fare.bookingClass,
    fareBasis: fare.fareBasis,
    conditions: { refundable: fare.refundable, changeable: fare.changeable, changeFee: fare.changeFee },
  }
}

/** What the booking's events will tell: ids and figures, charges summed by rule and flight, nobody's name. */
function eventOf(
  legs: readonly (Leg & { fare: FiledFare })[],
  passengers: readonly QuotePassenger[],
  pets: ComposedQuote['pets'],
  needs: readonly Needs[],
  price: Price,
): object {
  const charges = (lines: Price['lines']) =>
    Object.values(Object.groupBy(lines, ({ kind, rule, segment }) => `${kind} ${rule} ${segment}`)).map(
      (same = []) => {
        const { kind, rule, code, segment } = same[0] ?? {}
        return {
          kind,
          rule,
          code,
          segment,
          count: same.length,
          amount: sum(same.map(({ amount }) => amount)),
        }
      },
    )
  return {
    outbound: {
      origin: legs[0]?.flight.origin.code,
      destination: legs.findLast(({ direction }) => direction === 1)?.flight.destination.code,
      departureDate: legs[0]?.flight.departureDate,
    },
    flights: legs.map(({ number, direction, flight, fare }, at) => ({
      segment: number,
      direction,
      flightId: publicId('flight', flight.id),
      origin: flight.origin.code,
      destination: flight.destination.code,
      departureDate: flight.departureDate,
      cabin: fare.cabin,
      bookingClass: fare.bookingClass,
      seats: needs[at]?.seats,
      infants: needs[at]?.infants,
    })),
    passengers: passengers.map(({ number, type, age, candies }) => ({ number, type, age, candies })),
    pets: pets.map(({ number, service, species }) => ({ number, service, species })),
    charges: charges(price.lines),
    counter: charges(price.counter),
  }
}
