import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays, type IsoDate } from '../../shared/dates.ts'
import type { Promotion } from './fare.ts'
import type { Policies } from './policies.ts'
import {
  type Price,
  type PricedPassenger,
  type PricedPet,
  type PricedSegment,
  type PriceLine,
  priceItinerary,
  type Tariff,
} from './pricing.ts'
import type { Place, TaxRule } from './tax.ts'

// Trips ------------------------------------------------------------------------------------------------------

type Trip = {
  segments: PricedSegment[]
  passengers: PricedPassenger[]
  pets: PricedPet[]
  code: string | null
  tariff: Tariff
}

const place = (code: string, cityCode: string, countryCode: string): Place => ({
  code,
  cityCode,
  countryCode,
})
const BOG = place('BOG', 'BOG', 'CO')
const AIRPORTS = [
  BOG,
  place('MDE', 'MDE', 'CO'),
  place('EOH', 'MDE', 'CO'),
  place('ADZ', 'ADZ', 'CO'),
  place('MIA', 'MIA', 'US'),
  place('JFK', 'NYC', 'US'),
]
/** Digits after the decimal mark. */
const EXPONENT: Record<string, number> = { COP: 2, USD: 2, CLP: 0, JPY: 0 }
const CURRENCIES = Object.keys(EXPONENT)
const CODES = ['CARIBE10', 'OTRO20']
const SALE: IsoDate = '2026-02-10'

fc.configureGlobal({ numRuns: 300 })

const whole = (min: number, max: number) => fc.integer({ min, max })
const airport = fc.constantFrom(...AIRPORTS)
const airportCode = airport.map(({ code }) => code)
const currency = fc.constantFrom('COP', ...CURRENCIES)
const amount = fc.oneof(whole(0, 2_000), whole(0, 5_000_000))
/** From fares of a few minor units, where halves are common, to the most that a fare may be. */
const fareAmount = fc.oneof(whole(1, 2_000), whole(1, 2_000), whole(1, 200_000_000), whole(1, 1e12))
const promotionRate = fc.oneof(
  fc.constant(1_000),
  fc.constantFrom(500, 1_250, 5_000, 10_000),
  whole(1, 10_000),
)
const taxRate = fc.oneof(fc.constant(1_900), fc.constantFrom(250, 1_000, 5_000), whole(0, 100_000))
/** Days from a date to an edge of a window: mostly inside, often on the edge, at times one day off. */
const before = fc.oneof({ weight: 4, arbitrary: whole(-60, 0) }, fc.constantFrom(-1, 0, 1))
const after = fc.oneof({ weight: 4, arbitrary: whole(0, 500) }, fc.constantFrom(-1, 0, 1))

const leg = fc.record({
  fare: fareAmount,
  promotional: fc.boolean(),
  cabin: fc.constantFrom('Y', 'C'),
  wait: fc.constantFrom(0, 0, 1),
})
const direction = fc.record({
  stops: fc
    .array(airport, { minLength: 2, maxLength: 4 })
    .filter((stops) => stops.every((stop, at) => stop !== stops[at + 1])),
  legs: fc.tuple(leg, leg, leg),
})

/** Ages at departure, and how many days ago the last birthday was: 0 is today, 364 the day before the next one. */
const traveller = fc.record({
  age: fc.oneof(fc.constantFrom(0, 1, 1, 2, 6, 7, 11, 12, 12, 13), whole(0, 95)),
  sinceBirthday: fc.oneof(fc.constantFrom(0, 1, 364), whole(0, 364)),
  residency: fc.option(fc.constantFrom('CO', 'US', 'ADZ', 'MDE', 'NYC')),
})

const scope = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, fc.array(value, { maxLength: 3 }))
const promotion = fc.record({
  rateBasisPoints: promotionRate,
  code: fc.option(fc.constantFrom(...CODES), { freq: 2 }),
  routes: scope(fc.tuple(airportCode, airportCode).map((pair) => pair.join('-'))),
  destinations: scope(airportCode),
  cabins: scope(fc.constantFrom('Y', 'C')),
  window: fc.record({ saleFrom: before, saleTo: after, travelFrom: before, travelTo: after }),
})

const basis = fc.oneof(
  fc.record({
    basis: fc.constant('fixed'),
    ...{ amount, currency, rateBasisPoints: fc.constant(null), base: fc.constant(null) },
    chargedPer: fc.constantFrom('passenger', 'pet'),
  }),
  fc.record({
    basis: fc.constant('percentage'),
    ...{ amount: fc.constant(null), currency: fc.constant(null), rateBasisPoints: taxRate },
    base: fc.constantFrom('net-fare', 'full-fare'),
    chargedPer: fc.constant('passenger'),
  }),
)
const taxedPlace = fc
  .tuple(airport, fc.constantFrom('airport', 'city', 'country', 'country'))
  .map(([{ code, cityCode, countryCode }, placeKind]) => ({
    ...{ placeKind, place: { airport: code, city: cityCode, country: countryCode }[placeKind] },
  }))
const ageBand = fc
  .oneof(
    fc.constantFrom([0, 150], [2, 150], [7, 150], [0, 1], [2, 11], [12, 12]),
    fc.tuple(whole(0, 95), whole(0, 95)).map(([a, b]) => (a < b ? [a, b] : [b, a])),
  )
  .map(([minAge = 0, maxAge = 0]) => ({ minAge, maxAge }))
const taxRule = fc.record({
  ...{ basis, taxedPlace, ageBand, exemptResidents: fc.boolean() },
  point: fc.constantFrom('origin', 'destination'),
  excludedAirports: fc.oneof(fc.constant([]), fc.array(airportCode, { maxLength: 2 })),
  scope: fc.constantFrom('any', 'any', 'domestic', 'international'),
  collected: fc.constantFrom('ticket', 'ticket', 'counter'),
  validBy: fc.constantFrom('sale', 'departure'),
  window: fc.record({ validFrom: before, validTo: fc.option(after, { freq: 2 }) }),
})

const ratio = fc.record({ numerator: whole(0, 100), denominator: whole(1, 100) })
const fee = fc.record({ amount, currency })
/** The policies that prices follow. */
const policies = fc.record({
  'candy-max-age': whole(0, 17),
  'child-fare': fc.oneof(fc.constant({ numerator: 2, denominator: 3 }), ratio),
  'infant-lap-fare': fc.oneof(fc.constant({ numerator: 0, denominator: 1 }), ratio),
  'petc-fee': fee,
  'avih-fee': fee,
})

const trip = fc
  .record({
    departure: fc.oneof(
      fc.constantFrom('2027-02-28', '2027-03-01', '2028-02-29'),
      whole(0, 400).map((days) => addDays(SALE, days)),
    ),
    directions: fc.array(direction, { minLength: 1, maxLength: 2 }),
    stay: fc.oneof(whole(0, 14), whole(0, 400)),
    travellers: fc.array(traveller, { minLength: 1, maxLength: 5 }),
    pets: fc.array(fc.constantFrom('PETC', 'AVIH'), { maxLength: 3 }),
    code: fc.option(fc.constantFrom(...CODES), { freq: 3 }),
    promotions: fc.array(promotion, { minLength: 1, maxLength: 4 }),
    taxRules: fc.array(taxRule, { minLength: 3, maxLength: 8 }),
    currency: fc.constantFrom('COP', 'COP', 'USD', 'CLP'),
    rates: fc.tuple(
      ...CURRENCIES.map(() =>
        fc.oneof(fc.constantFrom(4_050_000_000, 4_050_500_000, 500_000), whole(1, 10_000_000_000)),
      ),
    ),
    policies,
  })
  .map(({ currency, departure, directions, stay, travellers, pets, code, ...some }): Trip => {
    const names = { nameEs: 'Una', nameEn: 'One' }
    let day = departure
    const segments = directions.flatMap(({ stops, legs }, way) => {
      if (way > 0) day = addDays(day, stay)
      return stops.slice(1).map((destination, at) => {
        const { fare, promotional, cabin, wait } = legs[at] ?? legs[0]
        if (at > 0) day = addDays(day, wait)
        const filed = {
          id: `fare ${way}.${at}`,
          fareBasis: `B${way}${at}`,
          amount: fare,
          currency,
          promotional,
        }
        const terms = { bookingClass: 'B', refundable: true, changeable: true, changeFee: 0 }
        const origin = stops[at] ?? BOG
        const flight = { direction: way + 1, origin, destination, departureDate: day, cabin }
        return { ...flight, fare: { ...filed, ...terms } }
      })
    })
    const tariff = {
      ...{ saleDate: SALE, currency, policies: some.policies as Policies },
      promotions: some.promotions.map(({ window, ...promotion }, at) => ({
        ...{ id: `promotion ${at}`, ...names, ...promotion },
        ...{ saleFrom: addDays(SALE, window.saleFrom), saleTo: addDays(SALE, window.saleTo) },
        travelFrom: addDays(departure, window.travelFrom),
        travelTo: addDays(departure, window.travelTo),
      })),
      taxRules: some.taxRules.map(({ basis, taxedPlace, ageBand, window, ...rule }, at) => {
        const edge = rule.validBy === 'sale' ? SALE : departure
        const validTo = window.validTo === null ? null : addDays(edge, window.validTo)
        return {
          ...{ id: `tax ${at}`, code: `T${at}`, ...names, authority: 'DIAN', source: 'sample', sample: true },
          ...{ ...rule, ...basis, ...taxedPlace, ...ageBand, refundable: true },
          ...{ validFrom: addDays(edge, window.validFrom), validTo },
        }
      }),
      rates: CURRENCIES.flatMap((from, at) =>
        CURRENCIES.filter((to) => to !== from).map((to, column) => ({
          ...{
            from,
            to,
            rateMillionths: (some.rates[at] ?? 1) + column * 1_000_000,
            day: addDays(SALE, -at),
          },
        })),
      ),
    }
    return {
      ...{ code, tariff },
      segments: segments.map((segment, at) => ({ number: at + 1, ...segment })),
      passengers: travellers.map(({ age, sinceBirthday, residency }, at) => {
        const birthday = `${Number(departure.slice(0, 4)) - age}${departure.slice(4)}`
        return { number: at + 1, birthDate: addDays(birthday, -sinceBirthday), residency }
      }),
      pets: pets.map((service, at) => ({ number: at + 1, service })),
    }
  })

// The expected price, line by line, in BigInt and without the code under test ----------------------------------

type Expected = Pick<PriceLine, 'kind' | 'rule' | 'passenger' | 'pet' | 'segment'> & {
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

const digits = (date: IsoDate): bigint => BigInt(date.replaceAll('-', ''))
const ageAt = (birthDate: IsoDate, date: IsoDate): bigint => (digits(date) - digits(birthDate)) / 10_000n
const firstDay = ({ segments }: Trip): IsoDate => segments[0]?.departureDate ?? ''

function expectedType({ birthDate }: PricedPassenger, segment: PricedSegment, whole: Trip) {
  const age = ageAt(birthDate, firstDay(whole))
  if (age >= 12n) return 'ADT'
  return age >= 2n || ageAt(birthDate, segment.departureDate) >= 2n ? 'CHD' : 'INF'
}

function expectedFare(passenger: PricedPassenger, segment: PricedSegment, whole: Trip): bigint {
  const { amount, promotional } = segment.fare
  const type = expectedType(passenger, segment, whole)
  if (type === 'ADT' || (type === 'CHD' && promotional)) return BigInt(amount)
  const { numerator, denominator } = whole.tariff.policies[type === 'INF' ? 'infant-lap-fare' : 'child-fare']
  return halfUp(BigInt(amount) * BigInt(numerator), BigInt(denominator))
}

/** The promotions that may be taken on a flight, best first. */
function expectedPromotions(flight: PricedSegment, { code, tariff }: Trip): Promotion[] {
  const held = (list: readonly string[] | null, value: string) => list === null || list.includes(value)
  return tariff.promotions
    .filter((one) => one.code === null || one.code === code)
    .filter((one) => held(one.routes, `${flight.origin.code}-${flight.destination.code}`))
    .filter((one) => held(one.destinations, flight.destination.code) && held(one.cabins, flight.cabin))
    .filter((one) => one.saleFrom <= tariff.saleDate && tariff.saleDate <= one.saleTo)
    .filter((one) => one.travelFrom <= flight.departureDate && flight.departureDate <= one.travelTo)
    .sort((a, b) => b.rateBasisPoints - a.rateBasisPoints)
}

function expectedDiscount(passenger: PricedPassenger, segment: PricedSegment, whole: Trip) {
  const [promotion] = expectedPromotions(segment, whole)
  const product = expectedFare(passenger, segment, whole) * BigInt(promotion?.rateBasisPoints ?? 0)
  return { promotion, discount: halfUp(product, 10_000n), half: isHalf(product, 10_000n) }
}

const waysOf = ({ segments }: Trip): PricedSegment[][] =>
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

function expectedLines(whole: Trip): Expected[] {
  const { passengers, pets, segments, tariff } = whole
  const lines: Expected[] = []
  const none = { passenger: null, pet: null, counter: false, original: null, half: false }
  for (const passenger of passengers) {
    for (const segment of segments) {
      const at = { ...none, passenger: passenger.number, segment: segment.number }
      const { promotion, discount, half } = expectedDiscount(passenger, segment, whole)
      const amount = expectedFare(passenger, segment, whole)
      lines.push({ ...at, kind: 'fare', rule: segment.fare.id, amount })
      if (discount > 0n)
        lines.push({ ...at, kind: 'discount', rule: promotion?.id ?? '', amount: -discount, half })
    }
  }
  for (const way of waysOf(whole)) {
    const [first, last] = [way[0]?.number ?? 0, way.at(-1)?.number ?? 0]
    for (const { number, service } of pets) {
      const rule = service === 'PETC' ? 'petc-fee' : 'avih-fee'
      const money = converted(tariff.policies[rule], tariff)
      lines.push({ ...none, kind: 'pet-fee', rule, pet: number, segment: first, ...money })
    }
    for (const rule of tariff.taxRules.filter((one) => inForce(one, way, tariff.saleDate))) {
      const tax = { ...none, kind: 'tax' as const, rule: rule.id, counter: rule.collected === 'counter' }
      const owing = passengers.filter((passenger) => owes(rule, passenger, firstDay(whole)))
      if (rule.amount !== null && rule.currency !== null) {
        const money = converted({ amount: rule.amount, currency: rule.currency }, tariff)
        const at = { ...tax, segment: rule.point === 'origin' ? first : last, ...money }
        if (rule.chargedPer === 'pet') lines.push(...pets.map(({ number }) => ({ ...at, pet: number })))
        else lines.push(...owing.map(({ number }) => ({ ...at, passenger: number })))
        continue
      }
      for (const passenger of owing) {
        for (const segment of way) {
          const { discount } = expectedDiscount(passenger, segment, whole)
          const fare = expectedFare(passenger, segment, whole)
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

// Properties -------------------------------------------------------------------------------------------------

function priceOf({ segments, passengers, pets, code, tariff }: Trip): Price {
  const outcome = priceItinerary(segments, passengers, pets, code, tariff)
  if (outcome.type !== 'priced') throw new Error(`no rate for ${outcome.currency}`)
  return outcome.price
}

type Plain = Pick<Expected, 'kind' | 'rule' | 'passenger' | 'pet' | 'segment'> & { amount: bigint | number }
/** Lines as sorted text: two prices are alike when these are, in whatever order their lines stand. */
const text = (lines: readonly Plain[]): string[] =>
  lines
    .map(({ kind, rule, passenger, pet, segment, amount }) =>
      [kind, rule, `passenger ${passenger}`, `pet ${pet}`, `flight ${segment}`, amount].join(', '),
    )
    .sort()
const every = ({ lines, counter }: Price): PriceLine[] => [...lines, ...counter]
const ruleOf = ({ tariff }: Trip, line: { rule: string }): TaxRule | undefined =>
  tariff.taxRules.find(({ id }) => id === line.rule)
const isFixed = (whole: Trip) => (line: { kind: string; rule: string }) =>
  line.kind === 'pet-fee' || ruleOf(whole, line)?.basis === 'fixed'
const isPercentage = (whole: Trip) => (line: { rule: string }) => ruleOf(whole, line)?.basis === 'percentage'

/** Every number inside a value, however deep. */
function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : []
}

const holds = (check: (whole: Trip, price: Price) => void) =>
  fc.assert(fc.property(trip, (whole) => check(whole, priceOf(whole))))

describe('the price of any itinerary', () => {
  test('its lines sum to the total', () =>
    holds((_, { lines, total }) => {
      expect(BigInt(total)).toBe(lines.reduce((sum, { amount }) => sum + BigInt(amount), 0n))
    }))

  test('every number in it is a safe integer, and none is a negative zero', () =>
    holds((_, price) => {
      expect(numbersIn(price).filter((one) => !Number.isSafeInteger(one) || Object.is(one, -0))).toEqual([])
    }))

  test('each passenger pays the fare of their type on each flight', () =>
    holds((whole, { lines }) => {
      const isFare = ({ kind }: { kind: string }) => kind === 'fare'
      expect(text(lines.filter(isFare))).toEqual(text(expectedLines(whole).filter(isFare)))
    }))

  test('a discount is fare × rate, half-up, of the best promotion alone', () =>
    holds((whole, { lines }) => {
      const isDiscount = ({ kind }: { kind: string }) => kind === 'discount'
      expect(text(lines.filter(isDiscount))).toEqual(text(expectedLines(whole).filter(isDiscount)))
    }))

  test('under a promotion of 10 % the net fare is fare × 0.90', () =>
    fc.assert(
      fc.property(trip, (whole) => {
        const [first] = whole.tariff.promotions
        fc.pre(first !== undefined)
        const always = { code: null, routes: null, destinations: null, cabins: null, rateBasisPoints: 1_000 }
        const days = { saleFrom: SALE, saleTo: SALE, travelFrom: SALE, travelTo: '2099-12-31' }
        const promotions = [{ ...first, ...always, ...days }]
        const { lines } = priceOf({ ...whole, tariff: { ...whole.tariff, promotions } })
        for (const { amount, passenger, segment } of lines.filter(({ kind }) => kind === 'fare')) {
          const own = lines.filter((line) => line.passenger === passenger && line.segment === segment)
          const discount = own.find(({ kind }) => kind === 'discount')?.amount ?? 0
          // Tenths of a minor unit that rounding the discount half-up may move the net fare by: -5 to 4.
          const moved = 10n * BigInt(amount + discount) - 9n * BigInt(amount)
          expect(moved >= -5n && moved <= 4n, `${amount} less ${-discount}`).toBe(true)
        }
      }),
    ))

  test('fixed taxes and pet fees fall on whom, where and when their rule says', () =>
    holds((whole, price) => {
      expect(text(every(price).filter(isFixed(whole)))).toEqual(
        text(expectedLines(whole).filter(isFixed(whole))),
      )
    }))

  test('a percentage tax is rate × its base, half-up, for each passenger and flight', () =>
    holds((whole, price) => {
      expect(text(every(price).filter(isPercentage(whole)))).toEqual(
        text(expectedLines(whole).filter(isPercentage(whole))),
      )
    }))

  test('a discount moves no fixed tax, no pet fee and no tax on the full fare', () =>
    holds((whole, price) => {
      const unmoved = (one: Price) =>
        text(
          every(one).filter(
            (line) =>
              line.kind === 'fare' || isFixed(whole)(line) || ruleOf(whole, line)?.base === 'full-fare',
          ),
        )
      const plain = priceOf({ ...whole, tariff: { ...whole.tariff, promotions: [] } })
      expect(unmoved(price)).toEqual(unmoved(plain))
    }))

  test('what the counter collects is in no line of the ticket, and moves no total', () =>
    holds((whole, { lines, counter, total }) => {
      const collected = (place: string) => (line: PriceLine) => ruleOf(whole, line)?.collected === place
      expect(lines.filter(collected('counter'))).toEqual([])
      expect(counter.filter((line) => !collected('counter')(line))).toEqual([])
      const taxRules = whole.tariff.taxRules.filter((rule) => rule.collected === 'ticket')
      expect(priceOf({ ...whole, tariff: { ...whole.tariff, taxRules } }).total).toBe(total)
    }))

  test('an amount in another currency is converted half-up and keeps its original and its rate', () =>
    holds((whole, price) => {
      const { currency, rates } = whole.tariff
      const kept = every(price).filter(({ original }) => original)
      for (const { original } of kept) {
        const stored = rates.find(({ from, to }) => from === original?.currency && to === currency)
        expect({ rate: original?.rateMillionths, day: original?.day }).toEqual({
          rate: stored?.rateMillionths,
          day: stored?.day,
        })
      }
      const foreign = expectedLines(whole).filter(({ original }) => original)
      const originals = (lines: { original?: Expected['original'] }[]) =>
        lines.map(({ original }) => `${original?.currency} ${original?.amount}`).sort()
      expect(text(kept)).toEqual(text(foreign))
      expect(originals(kept)).toEqual(originals(foreign))
    }))

  test('without rates there is a price only when nothing is in another currency', () =>
    fc.assert(
      fc.property(trip, ({ tariff, ...rest }) => {
        const whole = { ...rest, tariff: { ...tariff, rates: [] } }
        const { segments, passengers, pets, code } = whole
        const outcome = priceItinerary(segments, passengers, pets, code, whole.tariff)
        const needed = expectedLines(whole).flatMap(({ original }) => (original ? [original.currency] : []))
        if (outcome.type === 'priced') expect(needed).toEqual([])
        else expect(needed).toContain(outcome.currency)
      }),
    ))

  test('everyone, seated or on a lap, has one coupon a flight, of their type there', () =>
    holds((whole, { coupons }) => {
      const row = (passenger: number, segment: number, type: string, basis: string) =>
        `passenger ${passenger}, flight ${segment}, ${type}, ${basis}`
      const expected = whole.segments.flatMap((segment) =>
        whole.passengers.map((one) =>
          row(one.number, segment.number, expectedType(one, segment, whole), segment.fare.fareBasis),
        ),
      )
      const given = coupons.map((one) => row(one.passenger, one.segment, one.type, one.fareBasis))
      expect(given.sort()).toEqual(expected.sort())
    }))

  test("candies go to those of the policy's age or less at the first departure, and to nobody else", () =>
    holds((whole, { candies }) => {
      const most = BigInt(whole.tariff.policies['candy-max-age'])
      const young = whole.passengers.filter(({ birthDate }) => ageAt(birthDate, firstDay(whole)) <= most)
      expect(candies.toSorted()).toEqual(young.map(({ number }) => number).sort())
    }))

  test('the order of the passengers changes nothing', () =>
    fc.assert(
      fc.property(trip, fc.infiniteStream(fc.nat()), (whole, keys) => {
        const order = whole.passengers.map((passenger) => ({ passenger, key: keys.next().value ?? 0 }))
        const passengers = order.sort((a, b) => a.key - b.key).map(({ passenger }) => passenger)
        const [given, shuffled] = [priceOf(whole), priceOf({ ...whole, passengers })]
        expect(shuffled.total).toBe(given.total)
        expect(text(shuffled.lines)).toEqual(text(given.lines))
        expect(text(shuffled.counter)).toEqual(text(given.counter))
        expect(shuffled.candies.toSorted()).toEqual(given.candies.toSorted())
        expect(new Set(shuffled.coupons.map((one) => JSON.stringify(one)))).toEqual(
          new Set(given.coupons.map((one) => JSON.stringify(one))),
        )
      }),
    ))

  test('nobody pays for another: alone, a passenger has the same lines', () =>
    holds((whole, price) => {
      for (const passenger of whole.passengers) {
        const alone = priceOf({ ...whole, passengers: [passenger], pets: [] })
        const own = every(price).filter((line) => line.passenger === passenger.number)
        expect(text(every(alone))).toEqual(text(own))
      }
    }))
})

// What the generator must reach --------------------------------------------------------------------------------

const line = (some: (line: Expected, whole: Trip) => boolean) => (whole: Trip) =>
  expectedLines(whole).some((one) => some(one, whole))
const tax = (some: (rule: TaxRule, line: Expected, whole: Trip) => boolean) =>
  line((one, whole) => {
    const rule = ruleOf(whole, one)
    return rule !== undefined && some(rule, one, whole)
  })
const someone = (some: (passenger: PricedPassenger, whole: Trip) => boolean) => (whole: Trip) =>
  whole.passengers.some((passenger) => some(passenger, whole))
const promoted = (some: (best: Promotion[]) => boolean) => (whole: Trip) =>
  whole.segments.some((flight) => some(expectedPromotions(flight, whole)))

const CASES: Record<string, (whole: Trip) => boolean> = {
  'a connecting direction': (whole) => waysOf(whole).some((way) => way.length > 1),
  'a way home': (whole) => waysOf(whole).length === 2,
  'an infant who turns two before a later flight': someone((one, whole) => {
    const types = whole.segments.map((flight) => expectedType(one, flight, whole))
    return types[0] === 'INF' && types.at(-1) === 'CHD'
  }),
  'a twelfth birthday': someone((one, whole) => digits(firstDay(whole)) - digits(one.birthDate) === 120_000n),
  'a birthday tomorrow': someone(
    (one, whole) => one.birthDate.slice(4) === addDays(firstDay(whole), 1).slice(4),
  ),
  'someone born on 29 February': someone(({ birthDate }) => birthDate.endsWith('02-29')),
  'a promotion by its code': promoted(([best]) => Boolean(best?.code)),
  'two promotions for a fare': promoted(([, second]) => second !== undefined),
  'half a minor unit of discount': line(({ kind, half }) => kind === 'discount' && half),
  'half a minor unit of percentage': tax(({ basis }, { half }) => basis === 'percentage' && half),
  'half a minor unit of conversion': tax(({ basis }, { half }) => basis === 'fixed' && half),
  'a percentage of a discounted fare': tax(({ base }, { passenger, segment }, whole) => {
    const own = (one: Expected) => one.passenger === passenger && one.segment === segment
    return base === 'net-fare' && expectedLines(whole).some((one) => one.kind === 'discount' && own(one))
  }),
  'a percentage of the full fare': tax(({ base }) => base === 'full-fare'),
  'a tax in another currency': tax((_, { original }) => original !== null),
  'a tax at the counter': tax((_, { counter }) => counter),
  'a tax on pets': tax((_, { pet }) => pet !== null),
  'a tax of a city with two airports': tax(({ placeKind, place }) => placeKind === 'city' && place === 'MDE'),
  'a domestic tax': tax(({ scope }) => scope === 'domestic'),
  'an international tax': tax(({ scope }) => scope === 'international'),
  'an exempt resident beside one who pays': tax((rule, _, whole) =>
    whole.passengers.some(({ residency }) => rule.exemptResidents && residency === rule.place),
  ),
  'someone too young for a tax': tax((rule, _, whole) =>
    whole.passengers.some((one) => ageAt(one.birthDate, firstDay(whole)) < BigInt(rule.minAge)),
  ),
}

test('the generator reaches each case that matters at least once in fifty trips', () => {
  const sample = fc.sample(trip, { numRuns: 500, seed: 20_260_210 })
  const counts = Object.entries(CASES).map(([name, is]) => ({ name, trips: sample.filter(is).length }))
  expect(counts.filter(({ trips }) => trips < 10)).toEqual([])
})
