import fc from 'fast-check'
import { expect, it } from 'vitest'
import { sum } from '../../shared/money.ts'
import { refundable, TERMS } from '../../tests/support/refunds.ts'
import { COUPON_STATES } from './life.ts'
import { quoteRefund, type Refundable } from './refund-quote.ts'

fc.configureGlobal({ numRuns: 500 })

const amount = fc.oneof(fc.integer({ min: 0, max: 2_000 }), fc.integer({ min: 0, max: 1e9 }))
const legs = fc.integer({ min: 1, max: 2 })
const minutes = (from: string, to: string) =>
  fc
    .integer({ min: Date.parse(from) / 60_000, max: Date.parse(to) / 60_000 })
    .map((minute) => new Date(minute * 60_000))

const booking: fc.Arbitrary<Refundable> = legs.chain((count) =>
  fc
    .record({
      fares: fc.array(amount, { minLength: count, maxLength: count }),
      rate: fc.integer({ min: 0, max: 100 }),
      passengers: fc.integer({ min: 1, max: 3 }),
      currency: fc.constantFrom('COP', 'USD', 'EUR'),
      promotional: fc.boolean(),
      conditions: fc.boolean(),
      international: fc.boolean(),
      petFee: amount,
      changeFee: amount,
      statuses: fc.array(fc.constantFrom(...COUPON_STATES.slice(0, 4)), {
        minLength: count,
        maxLength: count,
      }),
      distanceSale: fc.boolean(),
      boughtAt: minutes('2026-12-01T00:00:00Z', '2026-12-19T00:00:00Z'),
      now: minutes('2026-12-01T00:00:00Z', '2026-12-28T00:00:00Z'),
    })
    .map(({ rate, ...sold }) =>
      refundable({ ...sold, discounts: sold.fares.map((fare) => Math.floor((fare * rate) / 100)) }),
    ),
)

it('returns and retains exactly what was paid, line by line, and neither below zero', () => {
  fc.assert(
    fc.property(booking, (one) => {
      const quote = quoteRefund(one)
      if ('type' in quote) return
      for (const { paid, amount: back, retained } of quote.lines) {
        expect(back + retained).toBe(paid)
        expect(back).toBeGreaterThanOrEqual(0)
        expect(retained).toBeGreaterThanOrEqual(0)
        expect(Number.isSafeInteger(back) && Number.isSafeInteger(retained)).toBe(true)
      }
      expect(sum(quote.lines.map(({ paid }) => paid))).toBe(sum(one.lines.map((line) => line.amount)))
      expect(quote.refund).toBe(sum(quote.lines.map((line) => line.amount)))
    }),
  )
})

it('holds until its deadline and no longer than the policy says', () => {
  fc.assert(
    fc.property(booking, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (one, share) => {
      const quote = quoteRefund(one)
      if ('type' in quote) return
      const life = quote.expiresAt.getTime() - one.now.getTime()
      expect(life).toBeGreaterThan(0)
      expect(life).toBeLessThanOrEqual(TERMS.quoteMinutes * 60_000)
      const later = quoteRefund({ ...one, now: new Date(one.now.getTime() + Math.floor(life * share)) })
      expect(later).toMatchObject({ regime: quote.regime, refund: quote.refund, lines: quote.lines })
    }),
  )
})

it('gives no less for a distance sale, for a refundable fare, or earlier', () => {
  const refundOf = (one: Refundable): number => {
    const quote = quoteRefund(one)
    return 'type' in quote ? 0 : quote.refund
  }
  fc.assert(
    fc.property(booking, fc.integer({ min: 1, max: 5_000 }), (one, earlier) => {
      const refund = refundOf(one)
      expect(refundOf({ ...one, distanceSale: true })).toBeGreaterThanOrEqual(refund)
      const segments = one.segments.map((segment) => ({ ...segment, refundable: true }))
      expect(refundOf({ ...one, segments })).toBeGreaterThanOrEqual(refund)
      const now = new Date(Math.max(one.now.getTime() - earlier * 60_000, one.boughtAt.getTime()))
      if (now <= one.now) expect(refundOf({ ...one, now })).toBeGreaterThanOrEqual(refund)
    }),
  )
})
