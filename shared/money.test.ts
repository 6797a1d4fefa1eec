import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CURRENCIES, convert, exponentOf, share, sum, timesRatio } from './money.ts'

const MOST = Number.MAX_SAFE_INTEGER

test.for([
  ['COP', 2],
  ['USD', 2],
  ['CLP', 0],
  ['JPY', 0],
  ['PYG', 0],
] as const)('%s has %i digits after the mark', ([currency, digits]) => {
  expect(exponentOf(currency)).toBe(digits)
})

test('every currency of the table has an ISO 4217 code and 0 or 2 digits', () => {
  for (const currency of CURRENCIES) {
    expect(currency).toMatch(/^[A-Z]{3}$/)
    expect([0, 2]).toContain(exponentOf(currency))
  }
})

test('a currency outside the table is named in the error', () => {
  expect(() => exponentOf('XTS')).toThrow('XTS is not in the currency table')
})

describe('a ratio rounds half away from zero', () => {
  test.for([
    [1, 1, 2, 1],
    [-1, 1, 2, -1],
    [3, 1, 2, 2],
    [-3, 1, 2, -2],
    [5, 1, 10, 1],
    [4, 1, 10, 0],
    [-4, 1, 10, 0],
    [-5, 1, 10, -1],
    [1, -1, 2, -1],
    [1, 1, -2, -1],
    [-1, 1, -2, 1],
    [10, 2, 3, 7],
    [11, 2, 3, 7],
    [0, 5, 7, 0],
    [MOST, 2, 2, MOST],
    [MOST, 1, 1, MOST],
  ] as const)('%i × %i ÷ %i is %i', ([amount, numerator, denominator, result]) => {
    expect(timesRatio(amount, numerator, denominator)).toBe(result)
  })

  test.for([
    ['more than a safe integer', MOST, 2, 1, 'more than a safe integer'],
    ['less than a safe integer', -MOST, 2, 1, 'more than a safe integer'],
    ['a division by nothing', 1, 1, 0, /zero/],
    ['a fraction of a minor unit', 0.5, 1, 1, /integer/],
  ] as const)('%s throws', ([, amount, numerator, denominator, message]) => {
    expect(() => timesRatio(amount, numerator, denominator)).toThrow(message)
  })
})

test.for([
  [10_000, 1_900, 1_900],
  [50, 1_900, 10],
  [150, 1_900, 29],
  [250, 1_900, 48],
  [5, 1_000, 1],
  [-5, 1_000, -1],
  [4, 1_000, 0],
  [1, 10_000, 1],
  [100, 0, 0],
  // 750 × 0.018 is 13.499999999999998 in floating point.
  [750, 180, 14],
  // The product is beyond 2^53, where floating point makes it end in a half.
  [304_740_666_109, 74_211, 2_261_510_957_261],
] as const)('of %i, %i basis points are %i', ([amount, basisPoints, result]) => {
  expect(share(amount, basisPoints)).toBe(result)
})

test('of any amount, a share is the whole number nearest to the exact one; of two as near, the one further from 0', () =>
  fc.assert(
    fc.property(
      fc.integer({ min: -MOST, max: MOST }),
      fc.integer({ min: 0, max: 10_000 }),
      (amount, points) => {
        const [given, exact] = [10_000n * BigInt(share(amount, points)), BigInt(amount) * BigInt(points)]
        const beyond = exact < 0n ? exact - given : given - exact
        expect(-5_000n < beyond && beyond <= 5_000n).toBe(true)
      },
    ),
    { numRuns: 500 },
  ))

test.for([
  ['15.00 USD at 4,050 is 60,750.00 COP', 1_500, 'USD', 'COP', 4_050_000_000, 6_075_000],
  ['0.01 USD at 4,050.50 is half a centavo over 40.50 COP', 1, 'USD', 'COP', 4_050_500_000, 4_051],
  ['0.01 USD at 4,050.499999 is 40.50 COP', 1, 'USD', 'COP', 4_050_499_999, 4_050],
  ['4,050.00 COP at 0.000247 is 1.00 USD', 405_000, 'COP', 'USD', 247, 100],
  ['15.00 USD at 950 is 14,250 CLP', 1_500, 'USD', 'CLP', 950_000_000, 14_250],
  ['0.01 USD at 950 is 9.5 CLP: 10', 1, 'USD', 'CLP', 950_000_000, 10],
  ['1,000 CLP at 4.25 is 4,250.00 COP', 1_000, 'CLP', 'COP', 4_250_000, 425_000],
  ['1 JPY at 6.345 is 6.345 CLP: 6', 1, 'JPY', 'CLP', 6_345_000, 6],
  ['-0.01 USD at 950 is -9.5 CLP: -10', -1, 'USD', 'CLP', 950_000_000, -10],
  ['nothing is nothing', 0, 'USD', 'COP', 4_050_000_000, 0],
] as const)('%s', ([, amount, from, to, rateMillionths, result]) => {
  expect(convert({ amount, currency: from }, to, rateMillionths)).toEqual({ amount: result, currency: to })
})

describe('a sum', () => {
  test('of nothing is 0, and of amounts theirs', () => {
    expect([sum([]), sum([1, -3, 5]), sum(new Set([2, 4]))]).toEqual([0, 3, 6])
  })

  test('is exact even where its steps are beyond a safe integer', () => {
    expect(sum([MOST, 2, -2])).toBe(MOST)
  })

  test('that no safe integer holds throws', () => {
    expect(() => sum([MOST, 1])).toThrow('9007199254740992 minor units is more than a safe integer holds')
    expect(() => sum([-MOST, -1])).toThrow('more than a safe integer')
  })
})
