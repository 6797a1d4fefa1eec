import { describe, expect, it, test } from 'vitest'
import { departed, FARE, linesOf, OFFSET, refundable, refunded, TERMS } from '../../tests/support/refunds.ts'

// Worked examples, in centavos, each figure worked out by hand. One adult BOG-CTG and back unless it is said:
// fare 300,000 + 200,000, IVA 19 % on each (57,000 and 38,000), a fee that never returns 27,000 each way.
// Departures 20 and 27 December at 10:00 local; bought 1 December at 09:00 local.

const at = (local: string) => new Date(`${local}${OFFSET}`)
const AFTER_PURCHASE = at('2026-12-01T12:00:00')

describe('retracto', () => {
  it('keeps COP 60,000 of a ticket whose tenth is more', () => {
    // A tenth of 800,000 + 200,000 is 100,000; the cap is used up by the first fare (80,000 > 60,000).
    const quote = refunded(refundable({ fares: [80_000_000, 20_000_000], now: AFTER_PURCHASE }))
    expect(quote.regime).toBe('retracto')
    expect(linesOf(quote, 'fare')).toEqual([
      { paid: 80_000_000, amount: 74_000_000, retained: 6_000_000, ground: 'retracto' },
      { paid: 20_000_000, amount: 20_000_000, retained: 0, ground: 'retracto' },
    ])
    // Fares 940,000, IVA 190,000; the fees of 54,000 stay.
    expect(quote.refund).toBe(94_000_000 + 19_000_000)
  })

  it('keeps a tenth of the fare where that is less, net of the discount', () => {
    // 300,000 less 10 % is 270,000, of which a tenth is 27,000; and a tenth of 200,000: 20,000.
    const quote = refunded(
      refundable({ fares: [30_000_000, 20_000_000], discounts: [3_000_000, 0], now: AFTER_PURCHASE }),
    )
    expect(linesOf(quote, 'fare')).toEqual([
      { paid: 27_000_000, amount: 24_300_000, retained: 2_700_000, ground: 'retracto' },
      { paid: 20_000_000, amount: 18_000_000, retained: 2_000_000, ground: 'retracto' },
    ])
  })

  it('keeps US$ 50 of a ticket sold in dollars', () => {
    const quote = refunded(refundable({ currency: 'USD', fares: [40_000, 30_000], now: AFTER_PURCHASE }))
    // A tenth of 400 is 40, of 300 it would be 30: 10 are left of the cap.
    expect(linesOf(quote, 'fare').map(({ retained }) => retained)).toEqual([4_000, 1_000])
  })

  it('keeps nothing in a currency without a cap', () => {
    const quote = refunded(refundable({ currency: 'EUR', fares: [40_000], now: AFTER_PURCHASE }))
    expect(linesOf(quote, 'fare').map(({ retained }) => retained)).toEqual([0])
  })

  it('caps each passenger by itself', () => {
    const quote = refunded(refundable({ fares: [80_000_000], passengers: 2, now: AFTER_PURCHASE }))
    expect(linesOf(quote, 'fare').map(({ retained }) => retained)).toEqual([6_000_000, 6_000_000])
  })

  it('rounds a tenth half up, once a line', () => {
    const quote = refunded(refundable({ fares: [1_005, 1_004], now: AFTER_PURCHASE }))
    expect(linesOf(quote, 'fare').map(({ retained }) => retained)).toEqual([101, 100])
  })

  test('lasts 48 hours from the purchase, to the millisecond', () => {
    const end = at('2026-12-03T09:00:00')
    const before = refunded(
      refundable({ fares: [FARE.promotional], promotional: true, now: new Date(end.getTime() - 1) }),
    )
    expect(before.regime).toBe('retracto')
    expect(before.expiresAt).toEqual(end)
    expect(refunded(refundable({ fares: [FARE.promotional], promotional: true, now: end })).regime).toBe(
      'fare-conditions',
    )
  })

  test('is for distance sales alone', () => {
    const sold = { fares: [FARE.promotional], promotional: true, now: AFTER_PURCHASE }
    expect(refunded(refundable({ ...sold, distanceSale: false })).regime).toBe('fare-conditions')
    expect(refunded(refundable(sold)).regime).toBe('retracto')
  })

  describe.each([
    ['domestic', false, '2026-12-12'],
    ['international', true, '2026-12-05'],
  ])('%s', (_, international, lastDay) => {
    // 12 December is 8 calendar days before the 20th, 5 December is 15.
    const sold = { fares: [FARE.promotional], promotional: true, international }
    it('may still be had on the last day, whatever the hour', () => {
      const now = at(`${lastDay}T23:59:59.999`)
      const quote = refunded(refundable({ ...sold, boughtAt: at(`${lastDay}T08:00:00`), now }))
      expect(quote.regime).toBe('retracto')
      expect(quote.expiresAt.getTime()).toBe(now.getTime() + 1)
    })
    it('not on the day after', () => {
      const now = new Date(at(`${lastDay}T23:59:59.999`).getTime() + 1)
      expect(refunded(refundable({ ...sold, boughtAt: at(`${lastDay}T08:00:00`), now })).regime).toBe(
        'fare-conditions',
      )
    })
  })
})

describe('desistimiento', () => {
  const LATE = at('2026-12-10T12:00:00')
  const DAY_BEFORE = at('2026-12-19T10:00:00')

  it('keeps a tenth of the fare, whatever that is', () => {
    const quote = refunded(refundable({ fares: [80_000_000, 20_000_000], now: LATE }))
    expect(quote.regime).toBe('desistimiento')
    expect(linesOf(quote, 'fare').map(({ retained }) => retained)).toEqual([8_000_000, 2_000_000])
    expect(linesOf(quote, 'fare')[0]?.ground).toBe('desistimiento')
  })

  test('ends 24 hours before the first departure', () => {
    const sold = { fares: [80_000_000, 20_000_000] }
    const before = refunded(refundable({ ...sold, now: new Date(DAY_BEFORE.getTime() - 1) }))
    expect(before.regime).toBe('desistimiento')
    expect(before.expiresAt).toEqual(DAY_BEFORE)
    const after = refunded(refundable({ ...sold, now: DAY_BEFORE }))
    expect(after.regime).toBe('fare-conditions')
    // IVA alone returns.
    expect(after.refund).toBe(19_000_000)
  })

  it('leaves promotional fares, and what goes along with them, to their conditions', () => {
    const quote = refunded(
      refundable({ fares: [FARE.promotional], promotional: true, petFee: 15_000_000, now: LATE }),
    )
    expect(quote.regime).toBe('fare-conditions')
    expect(linesOf(quote, 'pet-fee')).toEqual([
      { paid: 15_000_000, amount: 0, retained: 15_000_000, ground: 'fare-conditions' },
    ])
  })

  it('gives a pet’s fee back whole, and keeps the fee of a change', () => {
    const quote = refunded(
      refundable({ fares: [80_000_000], petFee: 15_000_000, changeFee: 9_000_000, now: LATE }),
    )
    expect(linesOf(quote, 'pet-fee')[0]).toMatchObject({ amount: 15_000_000, ground: 'desistimiento' })
    expect(linesOf(quote, 'fee')[0]).toMatchObject({ retained: 9_000_000, ground: 'fee' })
  })
})

describe('fare conditions', () => {
  it('give a refundable fare back whole until departure, and more than any right', () => {
    const now = new Date(at('2026-12-20T10:00:00').getTime() - 1)
    const quote = refunded(refundable({ fares: [80_000_000], conditions: true, petFee: 15_000_000, now }))
    expect(quote.regime).toBe('fare-conditions')
    expect(quote.refund).toBe(80_000_000 + 15_200_000 + 15_000_000)
    expect(quote.expiresAt).toEqual(at('2026-12-20T10:00:00'))
  })

  it('name the fare as the source', () => {
    const quote = refunded(refundable({ fares: [80_000_000], conditions: true, now: AFTER_PURCHASE }))
    expect(quote.lines[0]?.source).toBe('Conditions of fare FLEX: refundable')
  })
})

describe('taxes', () => {
  const quote = refunded(refundable({ fares: [30_000_000], now: AFTER_PURCHASE }))
  it('that are not refundable stay, with their source', () => {
    expect(quote.lines.filter(({ ground }) => ground === 'non-refundable-tax')).toMatchObject([
      { rule: 'tax_fee', paid: 2_700_000, amount: 0, retained: 2_700_000, source: 'Sample value: fee' },
    ])
  })
  it('that are refundable return whole, with their source', () => {
    expect(quote.lines.filter(({ ground }) => ground === 'refundable-tax')).toMatchObject([
      { rule: 'tax_iva', paid: 5_700_000, amount: 5_700_000, retained: 0, source: 'Estatuto Tributario' },
    ])
  })
  it('that nobody described are a fault', () => {
    expect(() => refunded({ ...refundable({ fares: [1], now: AFTER_PURCHASE }), taxes: {} })).toThrow(
      'tax_iva',
    )
  })
})

describe('a journey that has begun', () => {
  const now = at('2026-12-22T12:00:00')
  const sold = { fares: [80_000_000, 20_000_000], conditions: true, now }

  it('returns nothing of what was flown', () => {
    const quote = refunded(refundable({ ...sold, statuses: ['flown', 'open'] }))
    expect(quote.lines.filter(({ segment }) => segment === 1).every(({ amount }) => amount === 0)).toBe(true)
    expect(quote.refund).toBe(20_000_000 + 3_800_000)
  })

  it('returns refundable taxes alone of a flight that was missed', () => {
    const quote = refunded(refundable({ ...sold, statuses: ['no-show', 'open'] }))
    expect(quote.lines.filter(({ segment }) => segment === 1)).toMatchObject([
      { kind: 'fare', amount: 0, ground: 'no-show' },
      { kind: 'tax', amount: 15_200_000, ground: 'refundable-tax' },
      { kind: 'tax', amount: 0, ground: 'non-refundable-tax' },
    ])
  })

  it('returns nothing of a flight that has left and is not closed', () => {
    const quote = refunded(refundable({ ...sold, statuses: ['checked-in', 'open'] }))
    expect(quote.refund).toBe(20_000_000 + 3_800_000)
  })

  it('can no longer be given up by right, promotional or not', () => {
    const quote = refunded(refundable({ ...sold, conditions: false, statuses: ['flown', 'open'] }))
    expect(quote).toMatchObject({ regime: 'fare-conditions', refund: 3_800_000 })
  })

  it.each([
    ['all was flown', ['flown', 'flown']],
    ['the last flight has left', ['flown', 'open']],
    ['nobody came', ['no-show', 'no-show']],
  ] as const)('has nothing ahead when %s', (_, statuses) => {
    const late = at('2026-12-27T10:00:00')
    expect(departed(refundable({ ...sold, statuses, now: late }))).toBe(true)
  })
})

test('a quote lasts as long as the policy says when nothing changes before', () => {
  const now = at('2026-12-10T12:00:00')
  const { expiresAt } = refunded(refundable({ fares: [80_000_000], now }))
  expect(expiresAt.getTime() - now.getTime()).toBe(TERMS.quoteMinutes * 60_000)
})

test('a discount without its fare is a fault', () => {
  const booking = refundable({ fares: [10], discounts: [1], now: AFTER_PURCHASE })
  const lines = booking.lines.filter(({ kind }) => kind !== 'fare')
  expect(() => refunded({ ...booking, lines })).toThrow('has no fare')
})
