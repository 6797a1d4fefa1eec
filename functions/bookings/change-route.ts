import { ageOn } from '../../shared/dates.ts'
import { publicId, uuidOf } from '../../shared/ids.ts'
import {
  type FiledFare,
  type OfferedFlight,
  type Price,
  type PricedSegment,
  type PriceLine,
  priceItinerary,
  typeOfAge,
} from '../flights/index.ts'
import type { ChangeRefusal, Party, PresentBooking, Today, WantedChange } from './change-models.ts'
import type { Segment } from './models.ts'
import { chooseClass, describe, judgeJoin } from './quote.ts'

/** A flight of the itinerary after a change: one that stays as it was sold, or one whose direction is sold anew. */
type Stage = {
  number: number
  direction: number
  flight: OfferedFlight
  sold: Segment | null
  pointer: string
}
export type Route = { stages: Stage[]; touched: Set<number>; segments: { departureDate: string }[] }

/** The flights after a change, each leaving from where the one before arrives, and the directions that differ. */
export function routeOf(
  present: PresentBooking,
  directions: WantedChange['directions'],
  today: Today,
  { gone }: Party,
): Route | ChangeRefusal {
  const before = Object.values(Object.groupBy(present.segments, ({ direction }) => direction)).map(
    (one = []) => one,
  )
  const after = directions ?? before.map((one) => ({ flights: one.map(({ flightId }) => flightId) }))
  if (after.length !== before.length) {
    const detail = `must name the flights of ${before.length} directions, as the booking has them`
    return { type: 'refused', code: 'itinerary-broken', at: { pointer: '/directions', detail } }
  }
  const stages: Stage[] = []
  const touched = new Set<number>()
  for (const [index, { flights }] of after.entries()) {
    const sold = before[index] ?? []
    const direction = sold[0]?.direction ?? index + 1
    const isSame =
      flights.length === sold.length && sold.every(({ flightId }, at) => flightId === flights[at])
    if (!isSame) {
      touched.add(direction)
      const stuck = whyStuck(present, sold, gone.passengers, today)
      if (stuck) return stuck
    }
    for (const [at, id] of flights.entries()) {
      const pointer = `/directions/${index}/flights/${at}`
      const flight = today.flights.find((candidate) => candidate.id === uuidOf(id))
      if (!flight) {
        const fault = { pointer, detail: 'is not a flight of the airline' }
        return { type: 'refused', code: 'unknown-flight', at: fault }
      }
      if (!isSame && flight.status !== 'scheduled')
        return { type: 'refused', code: 'flight-not-bookable', flightId: id }
      const number = stages.length + 1
      stages.push({ number, direction, flight, pointer, sold: isSame ? (sold[at] ?? null) : null })
    }
  }
  for (const [at, { flight, pointer, direction }] of stages.entries()) {
    const last = stages[at - 1]
    if (!touched.has(direction) && !touched.has(last?.direction ?? direction)) continue
    const broken = judgeJoin(last?.flight, flight, pointer)
    if (broken) return broken
  }
  const segments = stages.map(({ flight, sold }) => ({
    departureDate: sold?.departureDate ?? flight.departureDate,
  }))
  return { stages, touched, segments }
}

/** Why a direction cannot be given up: it is being flown, or what was bought for it forbids it. */
function whyStuck(
  present: PresentBooking,
  sold: readonly Segment[],
  gone: ReadonlySet<number>,
  { flights, now }: Today,
): ChangeRefusal | undefined {
  for (const { number, flightId, conditions } of sold) {
    const refuse = (code: ChangeRefusal['code']): ChangeRefusal => ({ type: 'refused', code, flightId })
    const flight = flights.find(({ id }) => id === uuidOf(flightId))
    // The airline finds another flight for it at no charge.
    if (flight?.status === 'cancelled') return refuse('disruption-with-airline')
    const mine = present.coupons.filter(
      ({ segment, passenger }) => segment === number && !gone.has(passenger),
    )
    if (mine.some(({ status }) => status !== 'open')) return refuse('coupon-used')
    if (!flight || flight.departsAt <= now) return refuse('flight-departed')
    if (present.status === 'confirmed' && !conditions.changeable) return refuse('fare-not-changeable')
  }
  return undefined
}

export type ChangeOffer = {
  type: 'priced'
  segments: Segment[]
  lines: PriceLine[]
  counter: PriceLine[]
  coupons: Price['coupons']
}

/** Finds a class for what is sold anew, and prices the whole itinerary today; of which the caller takes what is new. */
export function priceChange(
  present: PresentBooking,
  party: Party,
  { stages, touched }: Route,
  today: Today,
): ChangeOffer | ChangeRefusal {
  const segments: Segment[] = []
  const priced: PricedSegment[] = []
  const isJoined = party.added.passengers.size + party.added.pets.size > 0
  for (const { number, direction, flight, sold, pointer } of stages) {
    const cabin = sold?.cabin ?? present.segments[0]?.cabin ?? 'Y'
    const departureDate = sold?.departureDate ?? flight.departureDate
    let fare: FiledFare
    const leg = { number, direction, flight: withoutOwn(present, flight), pointer }
    if (sold && party.added.passengers.size === 0) {
      const full = party.added.pets.size > 0 ? petsRefused(party, leg.flight, cabin) : undefined
      if (full) return { type: 'refused', code: full, flightId: sold.flightId }
      fare = fareAsSold(sold)
      segments.push({ ...sold, number })
    } else {
      const infants = party.people.filter(
        ({ birthDate }) => typeOfAge(ageOn(birthDate, departureDate)) === 'INF',
      ).length
      const load = { seats: party.people.length - infants, infants }
      const order = { cabin, pets: party.pets, ...(sold && { bookingClass: sold.bookingClass }) }
      const choice = chooseClass(order, leg, today.fares, load)
      if (choice.type === 'refused') {
        // Nobody asked for the class: it is the one that the others are in.
        const { at: _, ...refusal } = choice
        return refusal
      }
      fare = choice.fare
      segments.push(sold ? { ...sold, number } : describe({ ...leg, flight, fare }, cabin))
    }
    const { origin, destination } = flight
    priced.push({ number, direction, origin, destination, departureDate, cabin, fare })
  }
  if (touched.size === 0 && !isJoined)
    return { type: 'priced', segments, lines: [], counter: [], coupons: [] }
  const outcome = priceItinerary(priced, party.people, party.pets, null, today.tariff)
  if (outcome.type !== 'priced') return { type: 'refused', code: 'exchange-rate-missing' }
  const { lines, counter, coupons } = outcome.price
  return { type: 'priced', segments, lines, counter, coupons }
}

/** Why pets that join cannot go on a flight that is kept, if they cannot. */
function petsRefused({ pets }: Party, flight: OfferedFlight, cabin: string) {
  if (!flight.cabins.some((one) => one.cabin === cabin && one.salesOpen)) return 'flight-not-bookable'
  const petc = pets.filter(({ service }) => service === 'PETC').length
  return petc > flight.petcLeft || pets.length - petc > flight.avihLeft ? 'pets-full' : undefined
}

/** Stands for the fare of a flight on which nobody is priced anew: its lines are left out. */
const fareAsSold = ({
  flightId,
  origin,
  destination,
  cabin,
  bookingClass,
  fareBasis,
  conditions,
}: Segment): FiledFare => ({
  ...{ id: flightId, origin, destination, cabin, bookingClass, fareBasis, ...conditions },
  ...{ amount: 0, currency: '', promotional: false },
})

/** A flight as it would be offered if the booking were not on it. */
function withoutOwn(present: PresentBooking, flight: OfferedFlight): OfferedFlight {
  const own = present.segments.find(({ flightId }) => flightId === publicId('flight', flight.id))
  if (!own) return flight
  const here = present.coupons.filter(({ segment }) => segment === own.number)
  const infants = here.filter(({ type }) => type === 'INF').length
  const seats = here.length - infants
  const petc = present.pets.filter(({ service }) => service === 'PETC').length
  return {
    ...flight,
    infantsLeft: flight.infantsLeft + infants,
    petcLeft: flight.petcLeft + petc,
    avihLeft: flight.avihLeft + present.pets.length - petc,
    cabins: flight.cabins.map((inventory) =>
      inventory.cabin === own.cabin
        ? {
            ...inventory,
            sold: inventory.sold - seats,
            classSold: inventory.classSold.map((sold, at) =>
              inventory.classes[at] === own.bookingClass ? sold - seats : sold,
            ),
          }
        : inventory,
    ),
  }
}
