import { describe, expect, test } from 'vitest'
import type { Promotion } from './fare.ts'
import type { Policies } from './policies.ts'
import { type Price, type PricedSegment, priceItinerary, type Tariff } from './pricing.ts'
import type { Place, TaxRule } from './tax.ts'

// Worked examples, in centavos, each figure worked out by hand. Taxes have the figures of the seed.

const colombian = (code: string): Place => ({ code, cityCode: code, countryCode: 'CO' })
const [BOG, MDE, CTG, ADZ] = [colombian('BOG'), colombian('MDE'), colombian('CTG'), colombian('ADZ')]
const MIA: Place = { code: 'MIA', cityCode: 'MIA', countryCode: 'US' }

const rule = (id: string, some: Partial<TaxRule>): TaxRule => ({
  ...{ id, code: 'XX', nameEs: id, nameEn: id, authority: 'DIAN', source: 'sample', sample: true },
  ...{ point: 'origin', placeKind: 'airport', place: 'BOG', excludedAirports: [], scope: 'domestic' },
  ...{ basis: 'fixed', amount: null, currency: 'COP', rateBasisPoints: null, base: null },
  ...{ chargedPer: 'passenger', minAge: 0, maxAge: 150, exemptResidents: false, refundable: true },
  ...{ collected: 'ticket', validFrom: '2026-01-01', validTo: null, validBy: 'sale' },
  ...some,
})
const VAT = rule('vat', {
  ...{ placeKind: 'country', place: 'CO', excludedAirports: ['ADZ', 'PVA'] },
  ...{ basis: 'percentage', rateBasisPoints: 1_900, base: 'net-fare', currency: null },
})
const atAdz = { point: 'destination', place: 'ADZ', scope: 'any', excludedAirports: ['PVA'] } as const
const atCounter = { collected: 'counter', validBy: 'departure', exemptResidents: true, minAge: 7 } as const
const card2025 = { amount: 14_600_000, validFrom: '2025-01-01', validTo: '2025-12-31' }
const TAX_RULES: TaxRule[] = [
  VAT,
  rule('card 2025', { ...atAdz, ...atCounter, ...card2025 }),
  rule('card 2026', { ...atAdz, ...atCounter, amount: 15_300_000 }),
  rule('pet charge', { ...atAdz, chargedPer: 'pet', amount: 3_500_000 }),
  rule('tourism', {
    ...{ point: 'destination', placeKind: 'country', place: 'CO', scope: 'international' },
    ...{ amount: 1_500, currency: 'USD' },
  }),
  rule('fee BOG', { amount: 2_700_000, minAge: 2 }),
  rule('fee BOG abroad', { amount: 4_900, currency: 'USD', minAge: 2, scope: 'international' }),
  rule('fee MDE', { place: 'MDE', amount: 2_500_000, minAge: 2 }),
  rule('fee ADZ', { place: 'ADZ', amount: 2_300_000, minAge: 2 }),
]

const TEN_PER_CENT: Promotion = {
  ...{ id: 'promotion', nameEs: '10 %', nameEn: '10%', rateBasisPoints: 1_000, code: null },
  ...{ routes: ['BOG-ADZ', 'ADZ-BOG', 'BOG-CTG'], destinations: null, cabins: ['Y'] },
  ...{ saleFrom: '2026-01-01', saleTo: '2026-12-31', travelFrom: '2026-01-01', travelTo: '2026-12-31' },
}

const TARIFF: Tariff = {
  ...{ saleDate: '2026-03-10', currency: 'COP', promotions: [], taxRules: TAX_RULES },
  rates: [{ from: 'USD', to: 'COP', rateMillionths: 4_050_000_000, day: '2026-03-10' }],
  policies: {
    'candy-max-age': 12,
    'child-fare': { numerator: 2, denominator: 3 },
    'infant-lap-fare': { numerator: 0, denominator: 1 },
    'petc-fee': { amount: 15_000_000, currency: 'COP' },
    'avih-fee': { amount: 25_000_000, currency: 'COP' },
  } as Policies,
}
const PROMOTED: Tariff = { ...TARIFF, promotions: [TEN_PER_CENT] }

const flight = (
  number: number,
  direction: number,
  [origin, destination]: readonly [Place, Place],
  departureDate: string,
  amount: number,
): PricedSegment => ({
  ...{ number, direction, origin, destination, departureDate, cabin: 'Y' },
  fare: {
    ...{ id: `fare ${number}`, bookingClass: 'B', fareBasis: 'BOW', amount, currency: 'COP' },
    ...{ promotional: false, refundable: true, changeable: true, changeFee: 0 },
  },
})
const OUT = flight(1, 1, [BOG, ADZ], '2026-07-10', 30_000_000)
const HOME = flight(2, 2, [ADZ, BOG], '2026-07-17', 28_000_000)

const adult = (number: number, residency: string | null = null) => ({
  ...{ number, birthDate: '1990-05-04', residency },
})

function priceOf(...trip: Parameters<typeof priceItinerary>): Price {
  const outcome = priceItinerary(...trip)
  if (outcome.type !== 'priced') throw new Error(`no rate for ${outcome.currency}`)
  return outcome.price
}

/** Lines as `rule, whom, flight: amount`. */
const list = (lines: Price['lines']): string[] =>
  lines.map(({ rule, passenger, pet, segment, amount }) => {
    const whom = pet === null ? `passenger ${passenger}` : `pet ${pet}`
    return `${rule}, ${whom}, flight ${segment}: ${amount}`
  })

describe('San Andrés and back: two adults, a child of twelve, an infant and a pet, less 10 %', () => {
  const twelve = { number: 3, birthDate: '2014-07-10', residency: null }
  const infant = { number: 4, birthDate: '2025-09-01', residency: null }
  const passengers = [adult(1), adult(2), twelve, infant]
  const price = priceOf([OUT, HOME], passengers, [{ number: 1, service: 'PETC' }], null, PROMOTED)

  test('an adult pays 90 % of the fares and an airport fee each way, and no VAT', () => {
    expect(list(price.lines.filter(({ passenger }) => passenger === 1))).toEqual([
      'fare 1, passenger 1, flight 1: 30000000',
      'promotion, passenger 1, flight 1: -3000000',
      'fee BOG, passenger 1, flight 1: 2700000',
      'fare 2, passenger 1, flight 2: 28000000',
      'promotion, passenger 1, flight 2: -2800000',
      'fee ADZ, passenger 1, flight 2: 2300000',
    ])
  })

  test('who turns twelve on the day of departure pays as an adult, and gets candies as the infant does', () => {
    expect(price.coupons.filter(({ passenger }) => passenger === 3)).toEqual([
      { passenger: 3, segment: 1, type: 'ADT', fareBasis: 'BOW' },
      { passenger: 3, segment: 2, type: 'ADT', fareBasis: 'BOW' },
    ])
    const paid = price.lines.filter(({ passenger }) => passenger === 3).map(({ amount }) => amount)
    expect(paid).toEqual([30_000_000, -3_000_000, 2_700_000, 28_000_000, -2_800_000, 2_300_000])
    expect(price.candies).toEqual([3, 4])
  })

  test('the infant on a lap flies for nothing, on a coupon of its own', () => {
    expect(list(price.lines.filter(({ passenger }) => passenger === 4))).toEqual([
      'fare 1, passenger 4, flight 1: 0',
      'fare 2, passenger 4, flight 2: 0',
    ])
    expect(price.coupons.filter(({ type }) => type === 'INF').map(({ segment }) => segment)).toEqual([1, 2])
  })

  test('the pet pays its fee each way, and the charge of the island on arrival', () => {
    expect(list(price.lines.filter(({ pet }) => pet === 1))).toEqual([
      'petc-fee, pet 1, flight 1: 15000000',
      'pet charge, pet 1, flight 1: 3500000',
      'petc-fee, pet 1, flight 2: 15000000',
    ])
  })

  test('a line carries the fare basis, the code of the promotion or PROMO, of the tax, or of the pet service', () => {
    const codes = new Map(price.lines.map(({ rule, code }) => [rule, code]))
    expect(Object.fromEntries(codes)).toEqual({
      ...{ 'fare 1': 'BOW', 'fare 2': 'BOW', promotion: 'PROMO', 'petc-fee': 'PETC' },
      ...{ 'fee BOG': 'XX', 'fee ADZ': 'XX', 'pet charge': 'XX' },
    })
    const promotions = [{ ...TEN_PER_CENT, code: 'ISLA10' }]
    const coded = priceOf([OUT], [adult(1)], [], 'ISLA10', { ...TARIFF, promotions })
    expect(coded.lines.find(({ kind }) => kind === 'discount')?.code).toBe('ISLA10')
  })

  test('the total is 2,051,000 pesos', () => {
    // Three who pay: 270,000 + 27,000 + 252,000 + 23,000 = 572,000 each. The pet: 150,000 × 2 + 35,000 = 335,000.
    expect(price.total).toBe(3 * 57_200_000 + 33_500_000)
    expect(price).toMatchObject({ currency: 'COP', total: 205_100_000 })
  })

  test('three tourist cards of 153,000 pesos wait at the counter, outside the total', () => {
    expect(list(price.counter)).toEqual([
      'card 2026, passenger 1, flight 1: 15300000',
      'card 2026, passenger 2, flight 1: 15300000',
      'card 2026, passenger 3, flight 1: 15300000',
    ])
  })
})

describe('VAT of 19 % on the mainland', () => {
  const toCartagena = flight(1, 1, [BOG, CTG], '2026-07-10', 25_000_000)
  const child = { number: 1, birthDate: '2018-01-15', residency: null }

  test('an adult: 250,000 less 25,000, and 42,750 of VAT on the 225,000 left', () => {
    const { lines, total } = priceOf([toCartagena], [adult(1)], [], null, PROMOTED)
    expect(lines.map(({ amount }) => amount)).toEqual([25_000_000, -2_500_000, 4_275_000, 2_700_000])
    expect(total).toBe(29_475_000)
  })

  test('a child: two thirds are 166,666.67, less 16,666.67, and 28,500 of VAT on the 150,000 left', () => {
    const { lines, total } = priceOf([toCartagena], [child], [], null, PROMOTED)
    expect(lines.map(({ amount }) => amount)).toEqual([16_666_667, -1_666_667, 2_850_000, 2_700_000])
    expect(total).toBe(20_550_000)
  })

  test('a child pays a promotional fare in full', () => {
    const promotional = { ...toCartagena, fare: { ...toCartagena.fare, promotional: true } }
    expect(priceOf([promotional], [child], [], null, TARIFF).lines[0]?.amount).toBe(25_000_000)
  })

  // 19 % of 0.50 is 0.095; 1.8 % of 7.50 is 0.135, and 750 × 0.018 is less than 13.5 in floating point.
  test.for([
    [50, 1_900, 10],
    [750, 180, 14],
  ] as const)(
    'half a centavo of tax is charged as one: of %i, %i basis points are %i',
    ([amount, points, tax]) => {
      const cheap = { ...toCartagena, fare: { ...toCartagena.fare, amount } }
      const taxRules = [{ ...VAT, rateBasisPoints: points }]
      const { lines } = priceOf([cheap], [adult(1)], [], null, { ...TARIFF, taxRules })
      expect(lines.map((line) => line.amount)).toEqual([amount, tax])
    },
  )

  test('a tax on the full fare takes no notice of the discount: 47,500', () => {
    const taxRules = [{ ...VAT, base: 'full-fare' as const }]
    const { lines } = priceOf([toCartagena], [adult(1)], [], null, { ...PROMOTED, taxRules })
    expect(lines.map(({ amount }) => amount)).toEqual([25_000_000, -2_500_000, 4_750_000])
  })
})

describe('Miami and back', () => {
  const trip = [
    flight(1, 1, [BOG, MIA], '2026-07-10', 90_000_000),
    flight(2, 2, [MIA, BOG], '2026-07-24', 85_000_000),
  ]
  const rate = { rateMillionths: 4_050_000_000, day: '2026-03-10' }

  test('US$ 49 of airport fee are 198,450 pesos, and the tourism tax of US$ 15 is 60,750 on the way home', () => {
    const { lines, total } = priceOf(trip, [adult(1)], [], null, TARIFF)
    expect(list(lines)).toEqual([
      'fare 1, passenger 1, flight 1: 90000000',
      'fee BOG abroad, passenger 1, flight 1: 19845000',
      'fare 2, passenger 1, flight 2: 85000000',
      'tourism, passenger 1, flight 2: 6075000',
    ])
    expect(total).toBe(200_920_000)
    expect(lines[3]?.original).toEqual({ amount: 1_500, currency: 'USD', ...rate })
    expect(lines[0]).not.toHaveProperty('original')
  })

  test('without a rate for the dollar there is no price', () => {
    const rates = [
      { from: 'EUR', to: 'COP', ...rate },
      { from: 'USD', to: 'MXN', ...rate },
    ]
    expect(priceItinerary(trip, [adult(1)], [], null, { ...TARIFF, rates })).toEqual({
      ...{ type: 'exchange-rate-missing', currency: 'USD' },
    })
  })

  test('a rate that no line needs may be missing', () => {
    expect(priceItinerary([OUT], [adult(1)], [], null, { ...TARIFF, rates: [] }).type).toBe('priced')
  })
})

test('a resident of San Andrés buys no tourist card; a resident of elsewhere and a child of seven do', () => {
  const seven = { number: 3, birthDate: '2019-07-10', residency: null }
  const six = { number: 4, birthDate: '2019-07-11', residency: null }
  const { counter, total } = priceOf([OUT], [adult(1, 'ADZ'), adult(2, 'BOG'), seven, six], [], null, TARIFF)
  expect(counter.map(({ passenger }) => passenger)).toEqual([2, 3])
  // Two fares of 300,000, two of 200,000, four airport fees of 27,000.
  expect(total).toBe(110_800_000)
})

test('the tourist card is that of the year of departure, not of sale', () => {
  const tariff = { ...TARIFF, saleDate: '2025-12-01' }
  const newYearsEve = { ...OUT, departureDate: '2025-12-31' }
  const [old] = priceOf([newYearsEve], [adult(1)], [], null, tariff).counter
  const [now] = priceOf([{ ...OUT, departureDate: '2026-01-01' }], [adult(1)], [], null, tariff).counter
  expect([old?.amount, now?.amount]).toEqual([14_600_000, 15_300_000])
})

test('an infant who turns two before the way home pays two thirds there, and no fee set by age', () => {
  const turning = { number: 2, birthDate: '2024-07-15', residency: null }
  const { lines, coupons } = priceOf([OUT, HOME], [adult(1), turning], [], null, TARIFF)
  expect(coupons.filter(({ passenger }) => passenger === 2).map(({ type }) => type)).toEqual(['INF', 'CHD'])
  // Two thirds of 280,000 are 186,666.67. Ages for taxes are those of the first departure.
  expect(list(lines.filter(({ passenger }) => passenger === 2))).toEqual([
    'fare 1, passenger 2, flight 1: 0',
    'fare 2, passenger 2, flight 2: 18666667',
  ])
})

test('a connection in Medellín pays the fee of Bogotá, and the island once, at the end', () => {
  const connecting = [
    flight(1, 1, [BOG, MDE], '2026-07-10', 12_000_000),
    flight(2, 1, [MDE, ADZ], '2026-07-10', 20_000_000),
  ]
  const dog = { number: 1, service: 'AVIH' as const }
  const { lines, counter, total } = priceOf(connecting, [adult(1)], [dog], null, TARIFF)
  expect(list(lines)).toEqual([
    'fare 1, passenger 1, flight 1: 12000000',
    'fare 2, passenger 1, flight 2: 20000000',
    'avih-fee, pet 1, flight 1: 25000000',
    'pet charge, pet 1, flight 2: 3500000',
    'fee BOG, passenger 1, flight 1: 2700000',
  ])
  expect(total).toBe(63_200_000)
  expect(list(counter)).toEqual(['card 2026, passenger 1, flight 2: 15300000'])
})

test('what can only be a mistake of the caller throws', () => {
  expect(() => priceItinerary([], [adult(1)], [], null, TARIFF)).toThrow('at least one segment')
  const empty = (some: Partial<TaxRule>) => ({ ...TARIFF, taxRules: [rule('empty', some)] })
  expect(() => priceItinerary([OUT], [adult(1)], [], null, empty({}))).toThrow('tax rule empty has no amount')
  const unrated = empty({ basis: 'percentage', base: 'net-fare' })
  expect(() => priceItinerary([OUT], [adult(1)], [], null, unrated)).toThrow('tax rule empty has no rate')
})
