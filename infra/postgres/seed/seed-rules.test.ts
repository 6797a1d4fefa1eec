import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { parseCsv } from './derive-network.ts'

const text = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')
const json = (name: string): unknown => JSON.parse(text(name))
const count = z.coerce.number().check(z.int(), z.nonnegative())
const positive = z.coerce.number().check(z.int(), z.positive())
const flag = z.pipe(
  z.enum(['true', 'false']),
  z.transform((value) => value === 'true'),
)
const iata = z.string().check(z.regex(/^[A-Z]{3}$/))
const isoDate = z.iso.date()
const words = z.string().check(z.minLength(3))

const FareClass = z.strictObject({
  cabin: z.enum(['Y', 'C']),
  class: z.string().check(z.regex(/^[A-Z]$/)),
  rank: positive,
  fare_basis_suffix: z.string().check(z.regex(/^[A-Z]{2,6}$/)),
  percent_of_base: positive,
  refundable: flag,
  changeable: flag,
  change_fee: count,
  promotional: flag,
  limit_percent: positive,
})
const age = z.nullable(z.int().check(z.nonnegative()))
const TaxRule = z.strictObject({
  code: z.string().check(z.regex(/^[A-Z][A-Z0-9]$/)),
  name_es: words,
  name_en: words,
  authority: words,
  point: z.enum(['destination', 'origin']),
  placeKind: z.enum(['airport', 'city', 'country']),
  place: z.string().check(z.regex(/^[A-Z]{2,3}$/)),
  excludedAirports: z.array(iata),
  scope: z.enum(['domestic', 'international', 'any']),
  basis: z.enum(['fixed', 'percentage']),
  amount: z.nullable(z.int().check(z.positive())),
  rateBasisPoints: z.nullable(z.int().check(z.positive(), z.maximum(10_000))),
  base: z.nullable(z.enum(['net-fare', 'full-fare'])),
  currency: z.nullable(z.enum(['COP', 'USD'])),
  chargedPer: z.enum(['passenger', 'pet']),
  minAge: age,
  maxAge: age,
  exemptResidents: z.boolean(),
  refundable: z.boolean(),
  collected: z.enum(['ticket', 'counter']),
  validFrom: isoDate,
  validTo: z.nullable(isoDate),
  validBy: z.enum(['sale', 'departure']),
  source: words,
  sample: z.boolean(),
})
const Policy = z.strictObject({
  name: z.string().check(z.regex(/^[a-z]+(-[a-z]+)*$/)),
  value: z.union([z.int(), z.array(z.union([z.int(), z.string()])), z.record(z.string(), z.unknown())]),
  validFrom: isoDate,
  source: words,
  sample: z.boolean(),
})
const Promotion = z.strictObject({
  slug: z.string().check(z.regex(/^[a-z0-9-]+$/)),
  name_es: words,
  name_en: words,
  rateBasisPoints: z.int().check(z.positive(), z.maximum(10_000)),
  code: z.nullable(z.string().check(z.regex(/^[A-Z0-9]+$/))),
  destinations: z.array(iata),
  routes: z.array(z.tuple([iata, iata])),
  cabins: z.array(z.enum(['Y', 'C'])).check(z.minLength(1)),
  saleFromDays: z.int(),
  saleToDays: z.int(),
  travelFromDays: z.int(),
  travelToDays: z.int(),
})
const ExchangeRate = z.strictObject({
  from: z.string().check(z.regex(/^[A-Z]{3}$/)),
  to: z.string().check(z.regex(/^[A-Z]{3}$/)),
  rate: z.string().check(z.regex(/^\d+\.\d{2,8}$/)),
  source: words,
  sample: z.boolean(),
})

const fareClasses = z.array(FareClass).parse(parseCsv(text('fare-classes.csv')))
const taxRules = z.array(TaxRule).parse(json('tax-rules.json'))
const policies = z.array(Policy).parse(json('policies.json'))
const promotions = z.array(Promotion).parse(json('promotions.json'))
const exchangeRates = z.array(ExchangeRate).parse(json('exchange-rates.json'))

const airportCodes = parseCsv(text('airports.csv')).map((row) => row.code)
const routeKeys = parseCsv(text('routes.csv')).map((row) => `${row.origin}-${row.destination}`)
const keysOf = <T>(rows: T[], key: (row: T) => string) => ({
  all: rows.length,
  distinct: new Set(rows.map(key)).size,
})
const policy = (name: string) => policies.find((row) => row.name === name)?.value

describe('fare classes', () => {
  it.each(['Y', 'C'])('in cabin %s are ranked from the dearest with falling prices and limits', (cabin) => {
    const classes = fareClasses.filter((row) => row.cabin === cabin)
    expect(classes.map((row) => row.rank)).toEqual(classes.map((_, index) => index + 1))
    expect(classes[0]?.limit_percent).toBe(100)
    for (const [index, row] of classes.entries()) {
      const dearer = classes[index - 1]
      if (!dearer) continue
      expect(row.limit_percent).toBeLessThan(dearer.limit_percent)
      expect(row.percent_of_base).toBeLessThan(dearer.percent_of_base)
    }
    expect(keysOf(classes, (row) => row.fare_basis_suffix).distinct).toBe(classes.length)
  })

  it('are five in Y, of which the cheapest is promotional, and two in C', () => {
    const codes = (cabin: string) => fareClasses.filter((row) => row.cabin === cabin).map((row) => row.class)
    expect([codes('Y'), codes('C')]).toEqual([
      ['Y', 'B', 'M', 'Q', 'L'],
      ['C', 'D'],
    ])
    expect(fareClasses.filter((row) => row.promotional).map((row) => row.class)).toEqual(['L'])
    for (const row of fareClasses) if (!row.changeable) expect(row.change_fee).toBe(0)
  })
})

describe('tax rules', () => {
  it.each(taxRules)('$name_en states exactly what its basis needs', (rule) => {
    if (rule.basis === 'fixed') {
      expect([rule.rateBasisPoints, rule.base]).toEqual([null, null])
      expect(rule.amount === null || rule.currency === null).toBe(false)
    } else {
      expect([rule.amount, rule.currency]).toEqual([null, null])
      expect(rule.rateBasisPoints === null || rule.base === null).toBe(false)
    }
    if (rule.collected === 'counter') expect(rule.validBy).toBe('departure')
    if (rule.validTo) expect(rule.validTo >= rule.validFrom).toBe(true)
    const named = [...rule.excludedAirports, ...(rule.placeKind === 'airport' ? [rule.place] : [])]
    for (const code of named) expect(airportCodes).toContain(code)
    expect(rule.source.startsWith('Sample value: ')).toBe(rule.sample)
  })

  it('do not charge one thing twice at the same place, scope and time', () => {
    const key = (rule: (typeof taxRules)[number]) =>
      [rule.code, rule.place, rule.scope, rule.validFrom].join(' ')
    const { all, distinct } = keysOf(taxRules, key)
    expect(distinct).toBe(all)
    const cards = taxRules.filter((rule) => rule.code === 'SA')
    expect(cards.map((rule) => [rule.validFrom, rule.validTo])).toEqual([
      ['2025-01-01', '2025-12-31'],
      ['2026-01-01', null],
    ])
  })

  it('take IVA from domestic fares and leave San Andrés and Providencia out', () => {
    const iva = taxRules.filter((rule) => rule.basis === 'percentage')
    expect(iva).toHaveLength(1)
    expect(iva[0]).toMatchObject({
      scope: 'domestic',
      point: 'origin',
      place: 'CO',
      rateBasisPoints: 1900,
      base: 'net-fare',
      excludedAirports: ['ADZ', 'PVA'],
    })
  })

  it('ask the San Andrés card at the counter from visitors of seven and more', () => {
    const card = taxRules.find((rule) => rule.code === 'SA' && rule.validTo === null)
    expect(card).toMatchObject({ collected: 'counter', minAge: 7, exemptResidents: true, currency: 'COP' })
    const byUvt = Math.floor((52_374 * (222 + 71)) / 100 / 1000) * 1000
    expect(card?.amount).toBe(byUvt * 100)
  })

  it('charge US$ 15 on international tickets that end in Colombia', () => {
    expect(taxRules.find((rule) => rule.code === 'TU')).toMatchObject({
      point: 'destination',
      place: 'CO',
      scope: 'international',
      amount: 1500,
      currency: 'USD',
    })
  })

  it('give a sample fee to at least ten departure airports, and one sample charge for pets', () => {
    const fees = taxRules.filter((rule) => rule.code === 'CO' && rule.sample && rule.point === 'origin')
    const placesOf = (scope: string) =>
      new Set(fees.filter((rule) => rule.scope === scope).map((r) => r.place))
    expect(placesOf('domestic').size).toBeGreaterThanOrEqual(10)
    expect(placesOf('international').size).toBeGreaterThanOrEqual(10)
    const pets = taxRules.filter((rule) => rule.chargedPer === 'pet')
    expect(pets.map((rule) => [rule.place, rule.sample, rule.collected])).toEqual([['ADZ', true, 'ticket']])
  })
})

describe('policies, promotions and rates', () => {
  it('name each policy once with the values of the domain', () => {
    expect(keysOf(policies, (row) => row.name).distinct).toBe(policies.length)
    expect(policy('candy-max-age')).toBe(12)
    expect(policy('child-fare')).toEqual({ numerator: 2, denominator: 3 })
    expect(policy('minor-accompanied-below')).toBe(15)
    expect(policy('overbooking-percent')).toBe(0)
    expect(policy('petc-carrier-max-cm')).toEqual([55, 35, 25])
    for (const row of policies) expect(row.source.startsWith('Sample value: ')).toBe(row.sample)
  })

  it('write breeds in lower case, once each', () => {
    const breeds = z.array(z.string()).parse(policy('avih-refused-breeds'))
    expect(breeds).toContain('pug')
    expect(breeds).toContain('persa')
    expect(breeds.map((breed) => breed.toLowerCase())).toEqual(breeds)
    expect(new Set(breeds).size).toBe(breeds.length)
  })

  it('promote routes and destinations that are flown, on windows open on the day of seeding', () => {
    for (const row of promotions) {
      expect(row.destinations.length + row.routes.length).toBeGreaterThan(0)
      for (const code of row.destinations) expect(airportCodes).toContain(code)
      for (const [from, to] of row.routes) expect(routeKeys).toContain(`${from}-${to}`)
      for (const from of [row.saleFromDays, row.travelFromDays]) expect(from).toBeLessThanOrEqual(0)
      for (const to of [row.saleToDays, row.travelToDays]) expect(to).toBeGreaterThanOrEqual(120)
    }
    expect(promotions.map((row) => row.code)).toEqual([null, 'CARIBE10'])
  })

  it('convert every currency that a tax is fixed in', () => {
    const needed = new Set(taxRules.map((rule) => rule.currency).filter((code) => code && code !== 'COP'))
    expect(exchangeRates.filter((rate) => rate.to === 'COP').map((rate) => rate.from)).toEqual([...needed])
  })
})
