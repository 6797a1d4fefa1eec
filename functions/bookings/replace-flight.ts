import { ageOn, type IsoDate, instantIn } from '../../shared/dates.ts'
import type { BookingFigures } from '../../shared/events/index.ts'
import { publicId } from '../../shared/ids.ts'
import { classAvailability, type OfferedFlight, type Price, typeOfAge } from '../flights/index.ts'
import type { Segment } from './models.ts'

/** What was sold, as its quote has it; the parallel arrays have an element a flight. */
export type Sold = {
  itinerary: Segment[]
  coupons: Price['coupons']
  event: BookingFigures
  flightIds: string[]
  cabins: string[]
  classes: string[]
  seats: number[]
  infants: number[]
  petc: number[]
  avih: number[]
}

/** What a flight that stands in for another must have: who sits, who is on a lap, and the types on that day. */
export type Load = { seats: number; infants: number; coupons: Price['coupons'] }

export type MisfitCode =
  | 'rebook-flight-unfit'
  | 'cabin-not-offered'
  | 'flight-not-bookable'
  | 'sold-out'
  | 'infants-full'
  | 'pets-full'

/** The party on a flight of another day: an infant that has turned two by then has a seat, and pays nothing for it. */
export function loadOf(
  sold: Sold,
  at: number,
  birthDates: ReadonlyMap<number, IsoDate>,
  departure: IsoDate,
): Load {
  const coupons = sold.coupons.map((coupon) => {
    const birthDate = birthDates.get(coupon.passenger)
    const grown =
      coupon.segment === at + 1 &&
      coupon.type === 'INF' &&
      birthDate !== undefined &&
      typeOfAge(ageOn(birthDate, departure)) !== 'INF'
    return grown ? { ...coupon, type: 'CHD' as const } : coupon
  })
  const count = (list: Price['coupons']) =>
    list.filter(({ segment, type }) => segment === at + 1 && type === 'INF').length
  const grown = count(sold.coupons) - count(coupons)
  return { seats: (sold.seats[at] ?? 0) + grown, infants: (sold.infants[at] ?? 0) - grown, coupons }
}

/**
 * Whether a flight can stand in for the one at this place: it joins what is flown before and after, and has room in the
 * same cabin. In the class that was sold if that has seats, else in the dearest that has.
 * @param others the flights of the itinerary, by UUID; a cancelled one joins nothing
 */
export function fitOf(
  sold: Sold,
  at: number,
  flight: OfferedFlight,
  load: Load,
  others: readonly OfferedFlight[],
): { type: 'fits'; bookingClass: string } | { type: MisfitCode } {
  const neighbour = (step: number) =>
    others.find(({ id, status }) => id === sold.flightIds[at + step] && status !== 'cancelled')
  const [before, after] = [neighbour(-1), neighbour(1)]
  if (before && before.arrivesAt >= flight.departsAt) return { type: 'rebook-flight-unfit' }
  if (after && flight.arrivesAt >= after.departsAt) return { type: 'rebook-flight-unfit' }
  const inventory = flight.cabins.find(({ cabin }) => cabin === sold.cabins[at])
  if (!inventory) return { type: 'cabin-not-offered' }
  if (flight.status !== 'scheduled' || !inventory.salesOpen) return { type: 'flight-not-bookable' }
  const open = classAvailability(inventory).filter(({ closed, left }) => !closed && left >= load.seats)
  const chosen = open.find(({ bookingClass }) => bookingClass === sold.classes[at]) ?? open[0]
  if (!chosen) return { type: 'sold-out' }
  if (load.infants > flight.infantsLeft) return { type: 'infants-full' }
  if ((sold.petc[at] ?? 0) > flight.petcLeft || (sold.avih[at] ?? 0) > flight.avihLeft)
    return { type: 'pets-full' }
  return { type: 'fits', bookingClass: chosen.bookingClass }
}

/** The same sale at the same price with another flight at this place, or with the same one as it is now. */
export function replaceFlight(
  sold: Sold,
  at: number,
  flight: OfferedFlight,
  bookingClass: string,
  { seats, infants, coupons }: Load,
): Sold {
  const flightId = publicId('flight', flight.id)
  const { departureDate } = flight
  const put = <T>(list: readonly T[], value: T): T[] => list.with(at, value)
  return {
    ...sold,
    itinerary: sold.itinerary.map((segment) =>
      segment.number === at + 1
        ? {
            ...segment,
            flightId,
            flightNumber: flight.flightNumber,
            departsAt: instantIn(flight.departsAt, flight.origin.timeZone),
            arrivesAt: instantIn(flight.arrivesAt, flight.destination.timeZone),
            departureDate,
            bookingClass,
          }
        : segment,
    ),
    coupons,
    event: {
      ...sold.event,
      outbound: { ...sold.event.outbound, ...(at === 0 && { departureDate }) },
      flights: sold.event.flights.map((one) =>
        one.segment === at + 1 ? { ...one, flightId, departureDate, bookingClass, seats, infants } : one,
      ),
    },
    flightIds: put(sold.flightIds, flight.id),
    classes: put(sold.classes, bookingClass),
    seats: put(sold.seats, seats),
    infants: put(sold.infants, infants),
  }
}
