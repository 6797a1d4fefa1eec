import * as z from 'zod/mini'
import { CurrencyCode, Id, Instant } from '../../shared/schemas.ts'
import { Payer } from './models.ts'

/** The shapes of a booking's money: what was asked, given back and written out. Amounts are minor units. */

const PaymentMethod = z.enum(['card', 'cash', 'transfer', 'account'])

export const Payment = z.object({
  paymentId: Id('payment'),
  /** What is paid: the booking, or a change of it. */
  purpose: z.enum(['booking', 'change']),
  changeId: z.nullable(Id('change')),
  method: PaymentMethod,
  amount: z.int(),
  currency: CurrencyCode,
  /** pending: nobody knows yet whether the money was taken. */
  status: z.enum(['pending', 'captured', 'declined']),
  /** The provider's, or what staff recorded. */
  reference: z.nullable(z.string()),
  /** Why it was declined, in the provider's words. */
  reason: z.nullable(z.string()),
  createdAt: Instant,
  settledAt: z.nullable(Instant),
  /** What of it goes back, made or under way: all of it when it came too late. */
  givenBack: z.int(),
})
export type Payment = z.output<typeof Payment>

/** What paying answers: the payment as it stands now, and what became of the booking. */
export const PaymentReceipt = z.extend(Payment, {
  booking: z.object({
    status: z.enum(['held', 'confirmed', 'cancelled', 'expired']),
    version: z.int(),
  }),
  /** The cardholder's bank asks for more: the provider's form goes on with this. */
  clientSecret: z.optional(z.string()),
})

export const Refund = z.object({
  refundId: Id('refund'),
  paymentId: Id('payment'),
  method: PaymentMethod,
  amount: z.int(),
  currency: CurrencyCode,
  reason: z.enum([
    'cancelled',
    'changed',
    'late-payment',
    'flight-cancelled',
    'retimed',
    'equipment-changed',
  ]),
  status: z.enum(['pending', 'refunded']),
  reference: z.nullable(z.string()),
  createdAt: Instant,
  settledAt: z.nullable(Instant),
})
export type Refund = z.output<typeof Refund>

export const PaymentList = z.object({
  bookingId: Id('booking'),
  currency: CurrencyCode,
  /** The price of what the booking holds. */
  total: z.int(),
  /** The ledger's sum: captured less given back. */
  collected: z.int(),
  /** Promised and not yet given back. */
  refundsPending: z.int(),
  /** What stays with the airline when that is done. */
  balance: z.int(),
  payments: z.array(Payment),
  refunds: z.array(Refund),
})

/** A line of a receipt or a credit note, as the price, the change or the refund quote had it. */
const DocumentLine = z.looseObject({
  kind: z.optional(z.string()),
  code: z.optional(z.string()),
  amount: z.int(),
})

export const MoneyDocument = z.object({
  kind: z.enum(['receipt', 'credit-note']),
  /** Each kind counts from 1. */
  number: z.int(),
  issuedAt: Instant,
  paymentId: Id('payment'),
  refundId: z.nullable(Id('refund')),
  payer: Payer,
  currency: CurrencyCode,
  total: z.int(),
  lines: z.array(DocumentLine),
  /** The lines' taxes, each code's added up. */
  taxes: z.array(z.object({ code: z.string(), amount: z.int() })),
})
export type MoneyDocument = z.output<typeof MoneyDocument>
