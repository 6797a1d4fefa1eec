import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { addDays } from '../../shared/dates.ts'
import {
  ageAt,
  digits,
  type Expected,
  expectedLines,
  expectedPromotions,
  expectedType,
  firstDay,
  waysOf,
} from '../../tests/support/pricing-expected.ts'
import { SALE, type Trip, trips } from '../../tests/support/pricing-trips.ts'
import type { Promotion } from './fare.ts'
import { type Price, type PricedPassenger, type PriceLine, priceItinerary } from './pricing.ts'
import type { TaxRule } from './tax.ts'

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
const isFixed = (trip: Trip) => (line: { kind: string; rule: string }) =>
  line.kind === 'pet-fee' || ruleOf(trip, line)?.basis === 'fixed'
const isPercentage = (trip: Trip) => (line: { rule: string }) => ruleOf(trip, line)?.basis === 'percentage'

/** Every number inside a value, however deep. */
function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : []
}

const holds = (check: (trip: Trip, price: Price) => void) =>
  fc.assert(fc.property(trips, (trip) => check(trip, priceOf(trip))))

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
    holds((trip, { lines }) => {
      const isFare = ({ kind }: { kind: string }) => kind === 'fare'
      expect(text(lines.filter(isFare))).toEqual(text(expectedLines(trip).filter(isFare)))
    }))

  test('a discount is fare × rate, half-up, of the best promotion alone', () =>
    holds((trip, { lines }) => {
      const isDiscount = ({ kind }: { kind: string }) => kind === 'discount'
      expect(text(lines.filter(isDiscount))).toEqual(text(expectedLines(trip).filter(isDiscount)))
    }))

  test('under a promotion of 10 % the net fare is fare × 0.90', () =>
    fc.assert(
      fc.property(trips, (trip) => {
        const [first] = trip.tariff.promotions
        fc.pre(first !== undefined)
        const always = { code: null, routes: null, destinations: null, cabins: null, rateBasisPoints: 1_000 }
        const days = { saleFrom: SALE, saleTo: SALE, travelFrom: SALE, travelTo: '2099-12-31' }
        const promotions = [{ ...first, ...always, ...days }]
        const { lines } = priceOf({ ...trip, tariff: { ...trip.tariff, promotions } })
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
    holds((trip, price) => {
      expect(text(every(price).filter(isFixed(trip)))).toEqual(
        text(expectedLines(trip).filter(isFixed(trip))),
      )
    }))

  test('a percentage tax is rate × its base, half-up, for each passenger and flight', () =>
    holds((trip, price) => {
      expect(text(every(price).filter(isPercentage(trip)))).toEqual(
        text(expectedLines(trip).filter(isPercentage(trip))),
      )
    }))

  test('a discount moves no fixed tax, no pet fee and no tax on the full fare', () =>
    holds((trip, price) => {
      const unmoved = (one: Price) =>
        text(
          every(one).filter(
            (line) => line.kind === 'fare' || isFixed(trip)(line) || ruleOf(trip, line)?.base === 'full-fare',
          ),
        )
      const plain = priceOf({ ...trip, tariff: { ...trip.tariff, promotions: [] } })
      expect(unmoved(price)).toEqual(unmoved(plain))
    }))

  test('what the counter collects is in no line of the ticket, and moves no total', () =>
    holds((trip, { lines, counter, total }) => {
      const collected = (place: string) => (line: PriceLine) => ruleOf(trip, line)?.collected === place
      expect(lines.filter(collected('counter'))).toEqual([])
      expect(counter.filter((line) => !collected('counter')(line))).toEqual([])
      const taxRules = trip.tariff.taxRules.filter((rule) => rule.collected === 'ticket')
      expect(priceOf({ ...trip, tariff: { ...trip.tariff, taxRules } }).total).toBe(total)
    }))

  test('an amount in another currency is converted half-up and keeps its original and its rate', () =>
    holds((trip, price) => {
      const { currency, rates } = trip.tariff
      const kept = every(price).filter(({ original }) => original)
      for (const { original } of kept) {
        const stored = rates.find(({ from, to }) => from === original?.currency && to === currency)
        expect({ rate: original?.rateMillionths, day: original?.day }).toEqual({
          rate: stored?.rateMillionths,
          day: stored?.day,
        })
      }
      const foreign = expectedLines(trip).filter(({ original }) => original)
      const originals = (lines: { original?: Expected['original'] }[]) =>
        lines.map(({ original }) => `${original?.currency} ${original?.amount}`).sort()
      expect(text(kept)).toEqual(text(foreign))
      expect(originals(kept)).toEqual(originals(foreign))
    }))

  test('without rates there is a price only when nothing is in another currency', () =>
    fc.assert(
      fc.property(trips, ({ tariff, ...rest }) => {
        const trip = { ...rest, tariff: { ...tariff, rates: [] } }
        const { segments, passengers, pets, code } = trip
        const outcome = priceItinerary(segments, passengers, pets, code, trip.tariff)
        const needed = expectedLines(trip).flatMap(({ original }) => (original ? [original.currency] : []))
        if (outcome.type === 'priced') expect(needed).toEqual([])
        else expect(needed).toContain(outcome.currency)
      }),
    ))

  test('everyone, seated or on a lap, has one coupon a flight, of their type there', () =>
    holds((trip, { coupons }) => {
      const row = (passenger: number, segment: number, type: string, basis: string) =>
        `passenger ${passenger}, flight ${segment}, ${type}, ${basis}`
      const expected = trip.segments.flatMap((segment) =>
        trip.passengers.map((one) =>
          row(one.number, segment.number, expectedType(one, segment, trip), segment.fare.fareBasis),
        ),
      )
      const given = coupons.map((one) => row(one.passenger, one.segment, one.type, one.fareBasis))
      expect(given.sort()).toEqual(expected.sort())
    }))

  test("candies go to those of the policy's age or less at the first departure, and to nobody else", () =>
    holds((trip, { candies }) => {
      const most = BigInt(trip.tariff.policies['candy-max-age'])
      const young = trip.passengers.filter(({ birthDate }) => ageAt(birthDate, firstDay(trip)) <= most)
      expect(candies.toSorted()).toEqual(young.map(({ number }) => number).sort())
    }))

  test('the order of the passengers changes nothing', () =>
    fc.assert(
      fc.property(trips, fc.infiniteStream(fc.nat()), (trip, keys) => {
        const order = trip.passengers.map((passenger) => ({ passenger, key: keys.next().value ?? 0 }))
        const passengers = order.sort((a, b) => a.key - b.key).map(({ passenger }) => passenger)
        const [given, shuffled] = [priceOf(trip), priceOf({ ...trip, passengers })]
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
    holds((trip, price) => {
      for (const passenger of trip.passengers) {
        const alone = priceOf({ ...trip, passengers: [passenger], pets: [] })
        const own = every(price).filter((line) => line.passenger === passenger.number)
        expect(text(every(alone))).toEqual(text(own))
      }
    }))
})

// What the generator must reach --------------------------------------------------------------------------------

const line = (some: (line: Expected, trip: Trip) => boolean) => (trip: Trip) =>
  expectedLines(trip).some((one) => some(one, trip))
const tax = (some: (rule: TaxRule, line: Expected, trip: Trip) => boolean) =>
  line((one, trip) => {
    const rule = ruleOf(trip, one)
    return rule !== undefined && some(rule, one, trip)
  })
const someone = (some: (passenger: PricedPassenger, trip: Trip) => boolean) => (trip: Trip) =>
  trip.passengers.some((passenger) => some(passenger, trip))
const promoted = (some: (best: Promotion[]) => boolean) => (trip: Trip) =>
  trip.segments.some((flight) => some(expectedPromotions(flight, trip)))

const CASES: Record<string, (trip: Trip) => boolean> = {
  'a connecting direction': (trip) => waysOf(trip).some((way) => way.length > 1),
  'a way home': (trip) => waysOf(trip).length === 2,
  'an infant who turns two before a later flight': someone((one, trip) => {
    const types = trip.segments.map((flight) => expectedType(one, flight, trip))
    return types[0] === 'INF' && types.at(-1) === 'CHD'
  }),
  'a twelfth birthday': someone((one, trip) => digits(firstDay(trip)) - digits(one.birthDate) === 120_000n),
  'a birthday tomorrow': someone(
    (one, trip) => one.birthDate.slice(4) === addDays(firstDay(trip), 1).slice(4),
  ),
  'someone born on 29 February': someone(({ birthDate }) => birthDate.endsWith('02-29')),
  'a promotion by its code': promoted(([best]) => Boolean(best?.code)),
  'two promotions for a fare': promoted(([, second]) => second !== undefined),
  'half a minor unit of discount': line(({ kind, half }) => kind === 'discount' && half),
  'half a minor unit of percentage': tax(({ basis }, { half }) => basis === 'percentage' && half),
  'half a minor unit of conversion': tax(({ basis }, { half }) => basis === 'fixed' && half),
  'a percentage of a discounted fare': tax(({ base }, { passenger, segment }, trip) => {
    const own = (one: Expected) => one.passenger === passenger && one.segment === segment
    return base === 'net-fare' && expectedLines(trip).some((one) => one.kind === 'discount' && own(one))
  }),
  'a percentage of the full fare': tax(({ base }) => base === 'full-fare'),
  'a tax in another currency': tax((_, { original }) => original !== null),
  'a tax at the counter': tax((_, { counter }) => counter),
  'a tax on pets': tax((_, { pet }) => pet !== null),
  'a tax of a city with two airports': tax(({ placeKind, place }) => placeKind === 'city' && place === 'MDE'),
  'a domestic tax': tax(({ scope }) => scope === 'domestic'),
  'an international tax': tax(({ scope }) => scope === 'international'),
  'an exempt resident beside one who pays': tax((rule, _, trip) =>
    trip.passengers.some(({ residency }) => rule.exemptResidents && residency === rule.place),
  ),
  'someone too young for a tax': tax((rule, _, trip) =>
    trip.passengers.some((one) => ageAt(one.birthDate, firstDay(trip)) < BigInt(rule.minAge)),
  ),
}

test('the generator reaches each case that matters at least once in fifty trips', () => {
  const sample = fc.sample(trips, { numRuns: 500, seed: 20_260_210 })
  const counts = Object.entries(CASES).map(([name, is]) => ({ name, trips: sample.filter(is).length }))
  expect(counts.filter(({ trips }) => trips < 10)).toEqual([])
})
