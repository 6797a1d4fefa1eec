import { ageOn, type IsoDate } from '../../shared/dates.ts'
import { uuidOf } from '../../shared/ids.ts'
import { sum } from '../../shared/money.ts'
import { type Price, typeOfAge } from '../flights/index.ts'
import {
  changeFees,
  differenceOf,
  type LineScope,
  newLines,
  partLines,
  placeAfter,
  remainders,
} from './change-lines.ts'
import type {
  ChangeOutcome,
  ChangeRefusal,
  Person,
  PresentBooking,
  Today,
  WantedChange,
} from './change-models.ts'
import { partyOf, relocated } from './change-party.ts'
import { priceChange, routeOf } from './change-route.ts'
import { type ChosenSeat, chooseSeats } from './change-seats.ts'
import { companionsOf } from './companions.ts'
import { figuresOf } from './figures.ts'
import type { Segment } from './models.ts'
import { judgeParty, judgePets } from './party.ts'
import type { ComposedQuote, Needs } from './quote.ts'

/**
 * Composes what a booking would be after a change, and what the change costs: lines of a passenger or pet in a
 * direction that stays are kept as they were sold; all else is priced today. Nothing is taken yet.
 */
export function composeChange(present: PresentBooking, wanted: WantedChange, today: Today): ChangeOutcome {
  const { tariff, now } = today
  const party = partyOf(present, wanted, today)
  if ('type' in party) return party
  const route = routeOf(present, wanted.directions, today, party)
  if ('type' in route) return route
  const { segments: firstDraft } = route
  const firstDeparture = firstDraft[0]?.departureDate ?? ''
  const staying = present.people.filter(({ number }) => !party.gone.passengers.has(number))

  if (route.touched.size > 0 || wanted.addPassengers || wanted.removePassengers) {
    const unfit = judgeParty(
      party.people.map(({ birthDate }) => birthDate),
      firstDeparture,
      tariff.saleDate,
      tariff.policies,
    )
    if (unfit) return { type: 'refused', ...relocated(unfit, staying.length) }
  }
  const unfitPet = judgePets(wanted.addPets ?? [], tariff.policies)
  if (unfitPet) {
    const pointer = unfitPet.at.pointer?.replace('/pets', '/addPets')
    return { type: 'refused', ...unfitPet, at: { ...unfitPet.at, ...(pointer && { pointer }) } }
  }

  const offer = priceChange(present, party, route, today)
  if (offer.type !== 'priced') return offer
  const { segments } = offer
  const scope: LineScope = { ...party, touched: route.touched, before: present.segments, after: segments }
  const coupons = couponsAfter(present, offer.coupons, scope)
  const people = peopleAfter(party.people, present, firstDeparture, today)

  const isLapInfant = ({ passenger, segment }: ChosenSeat) =>
    coupons.find((one) => one.passenger === passenger && one.segment === segment)?.type === 'INF'
  const flown = new Set(segments.map(({ flightId }) => flightId))
  const seatsKept = present.seats
    .filter(({ passenger }) => !party.gone.passengers.has(passenger))
    .filter(({ segment }) =>
      flown.has(present.segments.find(({ number }) => number === segment)?.flightId ?? ''),
    )
    .map((chosen) => ({ ...chosen, segment: placeAfter(scope, chosen.segment) }))
    .filter((chosen) => !isLapInfant(chosen))
  const hasCabinPet = party.pets.some(({ service }) => service === 'PETC')
  const seated = chooseSeats(
    wanted.seats ?? [],
    seatsKept,
    { segments, people, coupons, hasCabinPet },
    today,
    tariff,
  )
  if (seated.type !== 'chosen') return seated
  const unready = notOpen(present, wanted.seats ?? [], scope, today)
  if (unready) return unready

  const isSeatLeft = (passenger: number, segment: number) => {
    const there = placeAfter(scope, segment)
    const of = (list: readonly ChosenSeat[]) =>
      list.find((one) => one.passenger === passenger && one.segment === there)?.seat
    return of(seated.seats) !== of(seatsKept) && of(seated.seats) !== undefined
  }
  const { kept, gone } = partLines(present.lines, scope, isSeatLeft)
  const charged = [...newLines(offer.lines, scope), ...seated.lines]
  const isTicketed = present.status === 'confirmed'
  const left = present.segments.filter(
    ({ direction, flightId }) => route.touched.has(direction) && !flown.has(flightId),
  )
  const fees = isTicketed ? changeFees(left, present.coupons, scope) : []
  // A hold has paid nothing: there is nothing to be kept of it.
  const stay = isTicketed ? remainders(gone, charged, scope, (rule) => today.refundableTaxes.has(rule)) : []
  const lines = [...kept, ...charged, ...fees, ...stay]
  const counter = [...partLines(present.counter, scope, () => false).kept, ...newLines(offer.counter, scope)]
  const total = sum(lines.map(({ amount }) => amount))

  const needs = needsOf(segments, coupons, party.pets)
  const price = { currency: present.currency, total, lines, counter, coupons }
  return {
    type: 'composed',
    change: {
      ...{ price, segments, people, needs, pets: party.pets, seats: seated.seats },
      event: figuresOf(
        segments,
        needs.map(({ seats, infants }) => ({ seats, infants })),
        people,
        party.pets,
        price,
      ),
      due: isTicketed ? total - present.total : 0,
      fee: sum(fees.map(({ amount }) => amount)),
      difference: differenceOf([...charged, ...fees, ...stay], gone),
      expiresAt: new Date(now.getTime() + tariff.policies['quote-minutes'] * 60_000),
    },
  }
}

const flightOf = ({ segments }: PresentBooking, number: number): string =>
  segments.find((segment) => segment.number === number)?.flightId ?? ''

/** Coupons that stay, under their flight's new number, and those that the price made anew. */
function couponsAfter(present: PresentBooking, made: Price['coupons'], scope: LineScope): Price['coupons'] {
  const directionOf = new Map(scope.after.map(({ number, direction }) => [number, direction]))
  const stay = present.coupons
    .filter(({ passenger }) => !scope.gone.passengers.has(passenger))
    .map(({ status: _, ...coupon }) => ({ ...coupon, segment: placeAfter(scope, coupon.segment) }))
    .filter(({ segment }) => !scope.touched.has(directionOf.get(segment) ?? 0))
  const fresh = made.filter(
    ({ passenger, segment }) =>
      scope.touched.has(directionOf.get(segment) ?? 0) || scope.added.passengers.has(passenger),
  )
  return [...stay, ...fresh].sort(
    (one, other) => one.segment - other.segment || one.passenger - other.passenger,
  )
}

/** Ages, types and candies on the new first day; as they were while that is the same. */
function peopleAfter(
  people: readonly Person[],
  present: PresentBooking,
  firstDeparture: IsoDate,
  { tariff }: Today,
): Person[] {
  const isSameDay = present.segments[0]?.departureDate === firstDeparture
  const companions = companionsOf(people, firstDeparture, tariff.policies)
  return people.map((person) => {
    const accompaniedBy = companions.get(person.number) ?? null
    if (isSameDay && person.number <= present.lastPassenger) return { ...person, accompaniedBy }
    const age = ageOn(person.birthDate, firstDeparture)
    return {
      ...person,
      accompaniedBy,
      age,
      type: typeOfAge(age),
      candies: age <= tariff.policies['candy-max-age'],
    }
  })
}

/** A seat of a flight that has left, or of a coupon in use, is not given up or chosen any more. */
function notOpen(
  present: PresentBooking,
  seats: readonly ChosenSeat[],
  scope: LineScope,
  { flights, now }: Today,
): ChangeRefusal | undefined {
  for (const { passenger, segment } of seats) {
    const flightId = scope.after.find(({ number }) => number === segment)?.flightId ?? ''
    const flight = flights.find(({ id }) => id === uuidOf(flightId))
    if (flight && flight.departsAt <= now) return { type: 'refused', code: 'flight-departed', flightId }
    const coupon = present.coupons.find(
      (one) => one.passenger === passenger && flightOf(present, one.segment) === flightId,
    )
    if (coupon && coupon.status !== 'open') return { type: 'refused', code: 'coupon-used', flightId }
  }
  return undefined
}

/** What each flight's inventory is asked for, counted from the coupons. */
function needsOf(
  segments: readonly Segment[],
  coupons: Price['coupons'],
  pets: ComposedQuote['pets'],
): Needs[] {
  const petc = pets.filter(({ service }) => service === 'PETC').length
  return segments.map(({ number, flightId, cabin, bookingClass }) => {
    const here = coupons.filter(({ segment }) => segment === number)
    const infants = here.filter(({ type }) => type === 'INF').length
    const seats = here.length - infants
    return { flightId: uuidOf(flightId), cabin, bookingClass, seats, infants, petc, avih: pets.length - petc }
  })
}
