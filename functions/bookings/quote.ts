import { ageOn, type IsoDate, instantIn } from '../../shared/dates.ts'
import type { BookingFigures } from '../../shared/events/index.ts'
import type { Fault } from '../../shared/http/problem.ts'
import { publicId, uuidOf } from '../../shared/ids.ts'
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
import { figuresOf, type Load } from './figures.ts'
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
  event: BookingFigures
}

export type QuoteRefusal = {
  type: 'refused'
  code: BookingProblemCode | 'unknown-flight' | 'exchange-rate-missing'
  at?: Fault
  flightId?: string
  limit?: number
}
export type QuoteOutcome = { type: 'quoted'; quote: ComposedQuote } | QuoteRefusal

/** A flight of the order, in its place. */
export type Leg = { number: number; direction: number; flight: OfferedFlight; pointer: string }

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
    const choice = chooseClass(order, leg, fares, loadAt(loads, index))
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
    const { seats, infants } = loadAt(loads, at)
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
  const sold = chosen.map((leg) => describe(leg, order.cabin))
  return {
    type: 'quoted',
    quote: {
      price,
      segments: sold,
      passengers: people,
      pets,
      needs,
      expiresAt: new Date(now.getTime() + tariff.policies['quote-minutes'] * 60_000),
      holdMinutes: holdMinutes(first.flight, tariff, now),
      event: figuresOf(sold, loads, people, pets, price),
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
      const broken = judgeJoin(legs.at(-1)?.flight, flight, pointer)
      if (broken) return broken
      legs.push({ number: legs.length + 1, direction: direction + 1, flight, pointer })
    }
  }
  return legs
}

/** Why a flight cannot be flown after another, if it cannot. */
export function judgeJoin(
  before: OfferedFlight | undefined,
  flight: OfferedFlight,
  pointer: string,
): QuoteRefusal | undefined {
  if (!before || (before.destination.code === flight.origin.code && before.arrivesAt < flight.departsAt))
    return undefined
  const { code, timeZone } = before.destination
  const detail = `must leave from ${code} after ${instantIn(before.arrivesAt, timeZone)}`
  return { type: 'refused', code: 'itinerary-broken', at: { pointer, detail } }
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
export function chooseClass(
  order: Pick<Order, 'cabin' | 'bookingClass'> & { pets: readonly { service: 'PETC' | 'AVIH' }[] },
  { flight, pointer }: Leg,
  fares: readonly FiledFare[],
  { seats, infants }: Load,
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

/** A flight as it is sold, with the conditions of its fare. */
export function describe(
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

const loadAt = (loads: readonly Load[], at: number): Load => {
  const load = loads[at]
  if (!load) throw new RangeError(`no load for flight ${at + 1}`)
  return load
}
