import type { Promotion } from '../../functions/flights/fare.ts'
import type { PricedPassenger, PricedSegment, PriceLine, Tariff } from '../../functions/flights/pricing.ts'
import type { TaxRule } from '../../functions/flights/tax.ts'
import type { IsoDate } from '../../shared/dates.ts'
import { EXPONENT, type Trip } from './pricing-trips.ts'

/** The expected price of a trip, line by line, in BigInt and without the code under test. */

export type Expected = Pick<PriceLine, 'kind' | 'rule' | 'passenger' | 'pet' | 'segment'> & {
  amount: bigint
  counter: boolean
  original: { amount: number; currency: string } | null
  /** The exact amount ends in half a minor unit. */
  half: boolean
}

const halfUp = (numerator: bigint, denominator: bigint): bigint =>
  (2n * numerator + denominator) / (2n * denominator)
const isHalf = (numerator: bigint, denominator: bigint): boolean =>
  (2n * numerator) % denominator === 0n && numerator % denominator !== 0n

export const digits = (date: IsoDate): bigint => BigInt(date.replaceAll('-', ''))
export const ageAt = (birthDate: IsoDate, date: IsoDate): bigint =>
  (digits(date) - digits(birthDate)) / 10_000n
export const firstDay = ({ segments }: Trip): IsoDate => segments[0]?.departureDate ?? ''

export function expectedType({ birthDate }: PricedPassenger, segment: PricedSegment, trip: Trip) {
  const age = ageAt(birthDate, firstDay(trip))
  if (age >= 12n) return 'ADT'
  return age >= 2n || ageAt(birthDate, segment.departureDate) >= 2n ? 'CHD' : 'INF'
}

function expectedFare(passenger: PricedPassenger, segment: PricedSegment, trip: Trip): bigint {
  const { amount, promotional } = segment.fare
  const type = expectedType(passenger, segment, trip)
  if (type === 'ADT' || (type === 'CHD' && promotional)) return BigInt(amount)
  const { numerator, denominator } = trip.tariff.policies[type === 'INF' ? 'infant-lap-fare' : 'child-fare']
  return halfUp(BigInt(amount) * BigInt(numerator), BigInt(denominator))
}

/** The promotions that may be taken on a flight, best first. */
export function expectedPromotions(flight: PricedSegment, { code, tariff }: Trip): Promotion[] {
  const held = (list: readonly string[] | null, value: string) => list === null || list.includes(value)
  return tariff.promotions
    .filter((one) => one.code === null || one.code === code)
    .filter((one) => held(one.routes, `${flight.origin.code}-${flight.destination.code}`))
    .filter((one) => held(one.destinations, flight.destination.code) && held(one.cabins, flight.cabin))
    .filter((one) => one.saleFrom <= tariff.saleDate && tariff.saleDate <= one.saleTo)
    .filter((one) => one.travelFrom <= flight.departureDate && flight.departureDate <= one.travelTo)
    .sort((a, b) => b.rateBasisPoints - a.rateBasisPoints)
}

function expectedDiscount(passenger: PricedPassenger, segment: PricedSegment, trip: Trip) {
  const [promotion] = expectedPromotions(segment, trip)
  const product = expectedFare(passenger, segment, trip) * BigInt(promotion?.rateBasisPoints ?? 0)
  return { promotion, discount: halfUp(product, 10_000n), half: isHalf(product, 10_000n) }
}

export const waysOf = ({ segments }: Trip): PricedSegment[][] =>
  [1, 2].map((way) => segments.filter((one) => one.direction === way)).filter((way) => way.length > 0)

function inForce(rule: TaxRule, way: PricedSegment[], saleDate: IsoDate): boolean {
  const [from, to, day] = [way[0]?.origin, way.at(-1)?.destination, way[0]?.departureDate]
  if (!from || !to || !day) throw new Error('a direction has a flight')
  const end = rule.point === 'origin' ? from : to
  const names = { airport: end.code, city: end.cityCode, country: end.countryCode }
  const counted = rule.validBy === 'sale' ? saleDate : day
  const kind = from.countryCode === to.countryCode ? 'domestic' : 'international'
  return (
    names[rule.placeKind] === rule.place &&
    !rule.excludedAirports.includes(from.code) &&
    !rule.excludedAirports.includes(to.code) &&
    ['any', kind].includes(rule.scope) &&
    rule.validFrom <= counted &&
    counted <= (rule.validTo ?? '9999-12-31')
  )
}

function owes(rule: TaxRule, { birthDate, residency }: PricedPassenger, day: IsoDate): boolean {
  const age = ageAt(birthDate, day)
  const exempt = rule.exemptResidents && residency === rule.place
  return BigInt(rule.minAge) <= age && age <= BigInt(rule.maxAge) && !exempt
}

function converted(money: { amount: number; currency: string }, { currency, rates }: Tariff) {
  if (money.currency === currency) return { amount: BigInt(money.amount), original: null, half: false }
  const rate = rates.find(({ from, to }) => from === money.currency && to === currency)
  const ten = (name: string) => 10n ** BigInt(EXPONENT[name] ?? 0)
  const numerator = BigInt(money.amount) * BigInt(rate?.rateMillionths ?? 0) * ten(currency)
  const denominator = 1_000_000n * ten(money.currency)
  return { amount: halfUp(numerator, denominator), original: money, half: isHalf(numerator, denominator) }
}

export function expectedLines(trip: Trip): Expected[] {
  const { passengers, pets, segments, tariff } = trip
  const lines: Expected[] = []
  const none = { passenger: null, pet: null, counter: false, original: null, half: false }
  for (const passenger of passengers) {
    for (const segment of segments) {
      const at = { ...none, passenger: passenger.number, segment: segment.number }
      const { promotion, discount, half } = expectedDiscount(passenger, segment, trip)
      const amount = expectedFare(passenger, segment, trip)
      lines.push({ ...at, kind: 'fare', rule: segment.fare.id, amount })
      if (discount > 0n)
        lines.push({ ...at, kind: 'discount', rule: promotion?.id ?? '', amount: -discount, half })
    }
  }
  for (const way of waysOf(trip)) {
    const [first, last] = [way[0]?.number ?? 0, way.at(-1)?.number ?? 0]
    for (const { number, service } of pets) {
      const rule = service === 'PETC' ? 'petc-fee' : 'avih-fee'
      const money = converted(tariff.policies[rule], tariff)
      lines.push({ ...none, kind: 'pet-fee', rule, pet: number, segment: first, ...money })
    }
    for (const rule of tariff.taxRules.filter((one) => inForce(one, way, tariff.saleDate))) {
      const tax = { ...none, kind: 'tax' as const, rule: rule.id, counter: rule.collected === 'counter' }
      const owing = passengers.filter((passenger) => owes(rule, passenger, firstDay(trip)))
      if (rule.amount !== null && rule.currency !== null) {
        const money = converted({ amount: rule.amount, currency: rule.currency }, tariff)
        const at = { ...tax, segment: rule.point === 'origin' ? first : last, ...money }
        if (rule.chargedPer === 'pet') lines.push(...pets.map(({ number }) => ({ ...at, pet: number })))
        else lines.push(...owing.map(({ number }) => ({ ...at, passenger: number })))
        continue
      }
      for (const passenger of owing) {
        for (const segment of way) {
          const { discount } = expectedDiscount(passenger, segment, trip)
          const fare = expectedFare(passenger, segment, trip)
          const product =
            (rule.base === 'net-fare' ? fare - discount : fare) * BigInt(rule.rateBasisPoints ?? 0)
          const amount = halfUp(product, 10_000n)
          const half = isHalf(product, 10_000n)
          const at = { ...tax, passenger: passenger.number, segment: segment.number }
          if (amount > 0n) lines.push({ ...at, amount, half })
        }
      }
    }
  }
  return lines
}
