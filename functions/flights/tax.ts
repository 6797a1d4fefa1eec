import type { IsoDate } from '../../shared/dates.ts'

/** An airport as far as rules ask about it. */
export type Place = { code: string; cityCode: string; countryCode: string }

/** A destination tax as registered; amounts in minor units, rates in basis points, ages in whole years, inclusive. */
export type TaxRule = {
  id: string
  code: string
  nameEs: string
  nameEn: string
  authority: string
  point: 'origin' | 'destination'
  placeKind: 'airport' | 'city' | 'country'
  place: string
  excludedAirports: readonly string[]
  scope: 'domestic' | 'international' | 'any'
  basis: 'fixed' | 'percentage'
  amount: number | null
  currency: string | null
  rateBasisPoints: number | null
  base: 'net-fare' | 'full-fare' | null
  chargedPer: 'passenger' | 'pet'
  minAge: number
  maxAge: number
  exemptResidents: boolean
  refundable: boolean
  collected: 'ticket' | 'counter'
  validFrom: IsoDate
  validTo: IsoDate | null
  validBy: 'sale' | 'departure'
  source: string
  sample: boolean
}

/** One direction of a trip, end to end: connecting airports owe no destination tax and no airport fee of their own. */
export type Journey = { origin: Place; destination: Place; departureDate: IsoDate; saleDate: IsoDate }

/** True when the rule is in force for the journey: place, exclusions, scope and dates. Whom it is charged to is apart. */
export function concerns(rule: TaxRule, journey: Journey): boolean {
  const { origin, destination } = journey
  const at = rule.point === 'origin' ? origin : destination
  const named = { airport: at.code, city: at.cityCode, country: at.countryCode }[rule.placeKind]
  if (named !== rule.place) return false
  if (rule.excludedAirports.some((code) => code === origin.code || code === destination.code)) return false
  const domestic = origin.countryCode === destination.countryCode
  if (rule.scope !== 'any' && (rule.scope === 'domestic') !== domestic) return false
  const day = rule.validBy === 'sale' ? journey.saleDate : journey.departureDate
  return rule.validFrom <= day && (rule.validTo === null || day <= rule.validTo)
}

/** True when a rule charged per passenger falls on one of this age (at the first departure) and residency. */
export function fallsOn(rule: TaxRule, passenger: { age: number; residency: string | null }): boolean {
  if (rule.chargedPer !== 'passenger') return false
  if (rule.exemptResidents && passenger.residency === rule.place) return false
  return rule.minAge <= passenger.age && passenger.age <= rule.maxAge
}
