import { ageOn, type IsoDate } from '../../shared/dates.ts'
import { convert, type Money, share, sum } from '../../shared/money.ts'
import { type Fare, fareFor, type Promotion, promotionFor } from './fare.ts'
import { type PassengerType, typeOnFlight } from './passenger-type.ts'
import type { Policies } from './policies.ts'
import { concerns, fallsOn, type Place, type TaxRule } from './tax.ts'

/** One flight of the itinerary, with the fare of the class that was chosen. Numbers count from 1. */
export type PricedSegment = {
  number: number
  direction: number
  origin: Place
  destination: Place
  departureDate: IsoDate
  cabin: string
  fare: Fare
}
export type PricedPassenger = { number: number; birthDate: IsoDate; residency: string | null }
export type PricedPet = { number: number; service: 'PETC' | 'AVIH' }

/** Units of `to` for one of `from`, in millionths, and the day it was stored for. */
export type ExchangeRate = { from: string; to: string; rateMillionths: number; day: IsoDate }

/** What prices follow: promotions and taxes that may be in force, rates, policies, the day of sale and the currency. */
export type Tariff = {
  saleDate: IsoDate
  currency: string
  promotions: readonly Promotion[]
  taxRules: readonly TaxRule[]
  rates: readonly ExchangeRate[]
  policies: Policies
}

/**
 * One amount of a price, in minor units of the booking's currency: the rule it comes from (a fare's, promotion's or
 * tax rule's id, or a policy's name), whom it is charged for and on which flight. A discount is negative.
 */
export type PriceLine = {
  kind: 'fare' | 'discount' | 'tax' | 'pet-fee' | 'seat-fee' | 'fee'
  rule: string
  code: string
  passenger: number | null
  pet: number | null
  segment: number
  amount: number
  /** A tax fixed in another currency, as the rule has it, and the rate that converted it. */
  original?: { amount: number; currency: string; rateMillionths: number; day: IsoDate }
}

/** A passenger on a flight. */
export type PricedCoupon = { passenger: number; segment: number; type: PassengerType; fareBasis: string }

export type Price = {
  currency: string
  /** Sum of the lines. */
  total: number
  lines: PriceLine[]
  /** Due at the airline's counter, in no total of the ticket. */
  counter: PriceLine[]
  coupons: PricedCoupon[]
  /** Numbers of the passengers who get candies: of the policy's age or less at the first departure. */
  candies: number[]
}

export type PriceOutcome =
  | { type: 'priced'; price: Price }
  | { type: 'exchange-rate-missing'; currency: string }

/**
 * The exact price of an itinerary: fares by type, less one promotion a fare, plus taxes, plus pet fees. Percentages
 * are taken of one line and rounded half-up to the minor unit, once. Segments are in the order of travel.
 */
export function priceItinerary(
  segments: readonly PricedSegment[],
  passengers: readonly PricedPassenger[],
  pets: readonly PricedPet[],
  promotionCode: string | null,
  tariff: Tariff,
): PriceOutcome {
  const firstDeparture = segments[0]?.departureDate
  if (firstDeparture === undefined) throw new RangeError('an itinerary has at least one segment')
  const travellers = passengers.map((one) => ({ ...one, age: ageOn(one.birthDate, firstDeparture) }))

  const coupons: PricedCoupon[] = segments.flatMap((segment) =>
    travellers.map(({ number, birthDate }) => ({
      passenger: number,
      segment: segment.number,
      type: typeOnFlight(birthDate, firstDeparture, segment.departureDate),
      fareBasis: segment.fare.fareBasis,
    })),
  )
  const charges = new Charges(tariff)
  for (const direction of directionsOf(segments)) {
    for (const segment of direction) {
      const onSegment = coupons.filter((coupon) => coupon.segment === segment.number)
      charges.addFares(segment, onSegment, promotionCode)
    }
    charges.addPetFees(direction, pets)
    charges.addTaxes(direction, travellers, pets)
  }
  if (charges.missingRate) return { type: 'exchange-rate-missing', currency: charges.missingRate }
  const { lines, counter } = charges
  return {
    type: 'priced',
    price: {
      currency: tariff.currency,
      total: sum(lines.map((line) => line.amount)),
      lines,
      counter,
      coupons,
      candies: travellers
        .filter(({ age }) => age <= tariff.policies['candy-max-age'])
        .map(({ number }) => number),
    },
  }
}

/** The segments of each direction; a trip out and back has two. */
function directionsOf(segments: readonly PricedSegment[]): PricedSegment[][] {
  return Object.values(Object.groupBy(segments, (segment) => segment.direction)).map((group) => group ?? [])
}

/** Gathers the lines of one price. */
class Charges {
  readonly lines: PriceLine[] = []
  readonly counter: PriceLine[] = []
  missingRate: string | undefined
  readonly #tariff: Tariff

  constructor(tariff: Tariff) {
    this.#tariff = tariff
  }

  addFares(segment: PricedSegment, coupons: readonly PricedCoupon[], promotionCode: string | null): void {
    const { fare, cabin, departureDate } = segment
    const { promotions, policies, saleDate } = this.#tariff
    const [origin, destination] = [segment.origin.code, segment.destination.code]
    const promotion = promotionFor(
      promotions,
      { origin, destination, cabin, departureDate, saleDate },
      promotionCode,
    )
    for (const { passenger, type } of coupons) {
      const amount = fareFor(fare, type, policies)
      const line = { passenger, pet: null, segment: segment.number }
      this.lines.push({ kind: 'fare', rule: fare.id, code: fare.fareBasis, ...line, amount })
      const discount = promotion ? share(amount, promotion.rateBasisPoints) : 0
      if (promotion && discount > 0) {
        const code = promotion.code ?? 'PROMO'
        this.lines.push({ kind: 'discount', rule: promotion.id, code, ...line, amount: -discount })
      }
    }
  }

  addPetFees([first]: readonly PricedSegment[], pets: readonly PricedPet[]): void {
    if (!first) return
    for (const pet of pets) {
      const policy = pet.service === 'PETC' ? 'petc-fee' : 'avih-fee'
      const line = {
        rule: policy,
        code: pet.service,
        passenger: null,
        pet: pet.number,
        segment: first.number,
      }
      this.#add('pet-fee', line, this.#tariff.policies[policy], this.lines)
    }
  }

  addTaxes(
    direction: readonly PricedSegment[],
    travellers: readonly { number: number; age: number; residency: string | null }[],
    pets: readonly PricedPet[],
  ): void {
    const [first, last] = [direction[0], direction.at(-1)]
    if (!first || !last) return
    const { saleDate, taxRules } = this.#tariff
    const { origin, departureDate } = first
    const journey = { origin, destination: last.destination, departureDate, saleDate }
    for (const rule of taxRules.filter((candidate) => concerns(candidate, journey))) {
      const segment = rule.point === 'origin' ? first.number : last.number
      const taxed = travellers.filter((traveller) => fallsOn(rule, traveller))
      if (rule.basis === 'percentage') {
        for (const { number } of taxed) this.#addPercentage(rule, number, direction)
      } else {
        const charged = rule.chargedPer === 'pet' ? pets : taxed
        for (const { number } of charged) this.#addFixed(rule, number, segment)
      }
    }
  }

  #addFixed(rule: TaxRule, number: number, segment: number): void {
    if (rule.amount === null || rule.currency === null)
      throw new TypeError(`tax rule ${rule.id} has no amount`)
    const whom =
      rule.chargedPer === 'pet' ? { passenger: null, pet: number } : { passenger: number, pet: null }
    const money = { amount: rule.amount, currency: rule.currency }
    this.#add('tax', { rule: rule.id, code: rule.code, ...whom, segment }, money, this.#listOf(rule))
  }

  #addPercentage(rule: TaxRule, passenger: number, direction: readonly PricedSegment[]): void {
    if (rule.rateBasisPoints === null) throw new TypeError(`tax rule ${rule.id} has no rate`)
    for (const { number: segment } of direction) {
      const own = this.lines.filter((line) => line.passenger === passenger && line.segment === segment)
      const kinds = rule.base === 'net-fare' ? ['fare', 'discount'] : ['fare']
      const base = sum(own.filter((line) => kinds.includes(line.kind)).map((line) => line.amount))
      const amount = share(base, rule.rateBasisPoints)
      if (amount === 0) continue
      this.#listOf(rule).push({
        kind: 'tax',
        rule: rule.id,
        code: rule.code,
        passenger,
        pet: null,
        segment,
        amount,
      })
    }
  }

  #listOf(rule: TaxRule): PriceLine[] {
    return rule.collected === 'ticket' ? this.lines : this.counter
  }

  /** Adds a fixed amount, converted at the stored rate when it is in another currency. */
  #add(
    kind: 'tax' | 'pet-fee',
    line: Omit<PriceLine, 'kind' | 'amount' | 'original'>,
    money: Money,
    list: PriceLine[],
  ): void {
    const amount = amountIn(money, this.#tariff)
    if (amount) list.push({ kind, ...line, ...amount })
    else this.missingRate = money.currency
  }
}

/** What a fixed amount comes to in the currency of a tariff; undefined when no rate leads there. */
export function amountIn(
  money: Money,
  { currency, rates }: Pick<Tariff, 'currency' | 'rates'>,
): Pick<PriceLine, 'amount' | 'original'> | undefined {
  if (money.currency === currency) return { amount: money.amount }
  const rate = rates.find((known) => known.from === money.currency && known.to === currency)
  if (!rate) return undefined
  const { amount } = convert(money, currency, rate.rateMillionths)
  return { amount, original: { ...money, rateMillionths: rate.rateMillionths, day: rate.day } }
}
