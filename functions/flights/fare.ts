import type { IsoDate } from '../../shared/dates.ts'
import { timesRatio } from '../../shared/money.ts'
import type { PassengerType } from './passenger-type.ts'
import type { Policies } from './policies.ts'

/** A filed fare: what an adult pays for one flight in a booking class, in minor units. */
export type Fare = {
  id: string
  bookingClass: string
  fareBasis: string
  amount: number
  currency: string
  promotional: boolean
  refundable: boolean
  changeable: boolean
  changeFee: number
}

/** A discount on fares. Null lists mean everywhere; dates are inclusive. */
export type Promotion = {
  id: string
  nameEs: string
  nameEn: string
  rateBasisPoints: number
  code: string | null
  routes: readonly string[] | null
  destinations: readonly string[] | null
  cabins: readonly string[] | null
  saleFrom: IsoDate
  saleTo: IsoDate
  travelFrom: IsoDate
  travelTo: IsoDate
}

/** What a passenger of a type pays of an adult fare: children a share unless it is promotional, lap infants theirs. */
export function fareFor(fare: Fare, type: PassengerType, policies: Policies): number {
  if (type === 'ADT' || (type === 'CHD' && fare.promotional)) return fare.amount
  const ratio = policies[type === 'CHD' ? 'child-fare' : 'infant-lap-fare']
  return timesRatio(fare.amount, ratio.numerator, ratio.denominator)
}

/** A flight as a promotion sees it. */
export type PromotedFlight = {
  origin: string
  destination: string
  cabin: string
  departureDate: IsoDate
  saleDate: IsoDate
}

/** True when the promotion's scope and windows hold the flight. Its code is apart. */
export function covers(promotion: Promotion, flight: PromotedFlight): boolean {
  const inScope =
    (promotion.routes?.includes(`${flight.origin}-${flight.destination}`) ?? true) &&
    (promotion.destinations?.includes(flight.destination) ?? true) &&
    (promotion.cabins?.includes(flight.cabin) ?? true)
  const onSale = promotion.saleFrom <= flight.saleDate && flight.saleDate <= promotion.saleTo
  const travels = promotion.travelFrom <= flight.departureDate && flight.departureDate <= promotion.travelTo
  return inScope && onSale && travels
}

/** The one promotion of a fare: the highest rate among those without a code and the one whose code was given. */
export function promotionFor(
  promotions: readonly Promotion[],
  flight: PromotedFlight,
  code: string | null,
): Promotion | undefined {
  return promotions
    .filter((promotion) => (promotion.code === null || promotion.code === code) && covers(promotion, flight))
    .reduce<Promotion | undefined>(
      (best, next) => (best && best.rateBasisPoints >= next.rateBasisPoints ? best : next),
      undefined,
    )
}
