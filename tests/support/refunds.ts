import type { CouponState } from '../../functions/bookings/life.ts'
import {
  quoteRefund,
  type Refundable,
  type RefundQuote,
  type SoldLine,
} from '../../functions/bookings/refund-quote.ts'
import type { RefundTerms } from '../../functions/flights/index.ts'
import { share } from '../../shared/money.ts'

/** Bookings for the refund rules: one party on one flight, or out and back, in December 2026. */

export const OFFSET = '-05:00'
export const FARE = { promotional: 10_000_000 }

export const TERMS: RefundTerms = {
  rights: {
    retracto: {
      value: {
        hoursFromPurchase: 48,
        minDaysBeforeDomestic: 8,
        minDaysBeforeInternational: 15,
        maxRetainedPercentOfFare: 10,
        maxRetained: [
          { amount: 6_000_000, currency: 'COP' },
          { amount: 5_000, currency: 'USD' },
        ],
      },
      source: 'RAC 3, retracto',
    },
    desistimiento: { value: { hoursBeforeDeparture: 24 }, source: 'RAC 3, desistimiento' },
    'desistimiento-retention': {
      value: { maxRetainedPercentOfFare: 10, promotionalFares: false },
      source: 'Sample value: retention',
    },
  },
  promotionalFares: new Set(['far_promo']),
  quoteMinutes: 20,
}

export type Sold = {
  /** A fare a flight, for each passenger; its discount. */
  fares: readonly number[]
  discounts?: readonly number[]
  passengers?: number
  currency?: string
  promotional?: boolean
  /** Refundable by the fare's conditions. */
  conditions?: boolean
  international?: boolean
  petFee?: number
  changeFee?: number
  /** By flight. */
  statuses?: readonly CouponState[]
  distanceSale?: boolean
  boughtAt?: Date
  now: Date
}

const DEPARTURES = ['2026-12-20', '2026-12-27']

export function refundable(sold: Sold): Refundable {
  const { fares, promotional = false, conditions = false, statuses = [] } = sold
  const people = Array.from({ length: sold.passengers ?? 1 }, (_, at) => at + 1)
  const lines = fares.flatMap((fare, at): SoldLine[] => {
    const segment = at + 1
    return [
      ...people.flatMap((passenger): SoldLine[] => {
        const whom = { passenger, pet: null, segment }
        const discount = sold.discounts?.[at] ?? 0
        const rule = promotional ? 'far_promo' : 'far_base'
        return [
          { kind: 'fare', rule, code: conditions ? 'FLEX' : 'BASE', ...whom, amount: fare },
          ...(discount > 0
            ? [{ kind: 'discount' as const, rule: 'prm_ten', code: 'TEN', ...whom, amount: -discount }]
            : []),
          { kind: 'tax', rule: 'tax_iva', code: 'YS', ...whom, amount: share(fare - discount, 1_900) },
          { kind: 'tax', rule: 'tax_fee', code: 'CO', ...whom, amount: 2_700_000 },
        ]
      }),
    ]
  })
  const extra = { passenger: null, pet: null, segment: 1 }
  if (sold.petFee) {
    lines.push({ kind: 'pet-fee', rule: 'petc-fee', code: 'PETC', ...extra, pet: 1, amount: sold.petFee })
  }
  if (sold.changeFee) {
    lines.push({
      kind: 'fee',
      rule: 'change-fee',
      code: 'CHANGE',
      ...extra,
      passenger: 1,
      amount: sold.changeFee,
    })
  }
  return {
    now: sold.now,
    boughtAt: sold.boughtAt ?? new Date(`2026-12-01T09:00:00${OFFSET}`),
    distanceSale: sold.distanceSale ?? true,
    currency: sold.currency ?? 'COP',
    lines,
    segments: fares.map((_, at) => ({
      number: at + 1,
      departsAt: new Date(`${DEPARTURES[at]}T10:00:00${OFFSET}`),
      departureDate: DEPARTURES[at] ?? '',
      offset: OFFSET,
      international: sold.international ?? false,
      refundable: conditions,
    })),
    coupons: fares.flatMap((_, at) =>
      people.map((passenger) => ({ passenger, segment: at + 1, status: statuses[at] ?? 'open' })),
    ),
    taxes: {
      tax_iva: { refundable: true, source: 'Estatuto Tributario' },
      tax_fee: { refundable: false, source: 'Sample value: fee' },
    },
    terms: TERMS,
  }
}

/** The refund, which there must be. */
export function refunded(booking: Refundable): RefundQuote {
  const quote = quoteRefund(booking)
  if ('type' in quote) throw new Error(`answered ${quote.type}`)
  return quote
}

export const departed = (booking: Refundable): boolean => 'type' in quoteRefund(booking)

/** What became of the lines of a kind. */
export const linesOf = ({ lines }: RefundQuote, kind: SoldLine['kind']) =>
  lines
    .filter((line) => line.kind === kind)
    .map(({ paid, amount, retained, ground }) => ({ paid, amount, retained, ground }))
