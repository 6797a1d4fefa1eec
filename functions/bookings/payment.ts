import { newUuid, publicId } from '../../shared/ids.ts'
import type { Captured, Declined } from '../../shared/payments/port.ts'
import { database } from '../../shared/postgres/client.ts'
import { isConflict } from '../../shared/postgres/sqlstate.ts'
import type { Payment } from './payment-models.ts'
import type { BookingProblemCode } from './problems.ts'

/** A payment to be begun, by a caller under an idempotency key. */
export type PaymentRequest = {
  caller: string
  key: string
  /** SHA-256 of the request, in hex. */
  digest: string
  bookingId: string
  /** The version that If-Match names. */
  version: number | null
  purpose: 'booking' | 'change'
  changeId: string | null
  method: 'card' | 'cash' | 'transfer'
  provider: string
  amount: number
  currency: string
  /** Of cash and transfers: with one, the payment is settled in the same call. */
  reference: string | null
  traceparent: string | null
}

/** What the key's row keeps: which payment was begun, or why there is none. */
export type PaymentAnswer =
  | { type: 'paid'; paymentId: string }
  | { type: 'refused'; code: BookingProblemCode; due?: number; currency?: string }

export type Begun = { replayed: boolean; sameContent: boolean; answer: PaymentAnswer }

/** Tries when two payments with one reference were begun in the same instant. */
const TRIES = 3

/** Begins a payment, in one call. */
export async function beginPayment(request: PaymentRequest): Promise<Begun> {
  const sql = database()
  const asked = { ...request, paymentId: newUuid(), eventId: newUuid() }
  for (let attempt = 1; ; attempt++) {
    try {
      const [begun] = await sql<Begun[]>`
        select replayed, same_content as "sameContent", answer from bookings.pay(${sql.json(asked)})`
      if (!begun) throw new Error('bookings.pay answered nothing')
      return begun
    } catch (error) {
      if (attempt === TRIES || !isConflict(error)) throw error
    }
  }
}

/**
 * Writes down what the provider said: the booking confirmed, the change made, or the money to be given back.
 * @returns what came of it; null when it was settled before, or there is no such payment
 */
export async function settlePayment(paymentId: string, outcome: Captured | Declined): Promise<string | null> {
  const reference = outcome.type === 'captured' ? outcome.reference : null
  const reason = outcome.type === 'declined' ? outcome.reason : null
  const [settled] = await database()<{ became: string | null }[]>`
    select bookings.settle_payment(${paymentId}, ${outcome.type}, ${reference}, ${reason}, ${newUuid()}) as became`
  return settled?.became ?? null
}

/** Keeps what a payment that waits for its cardholder is called at the provider. */
export async function notePending(paymentId: string, reference: string): Promise<void> {
  await database()`
    update bookings.payments set reference = ${reference} where id = ${paymentId} and status = 'pending'`
}

export type StoredPayment = Omit<Payment, 'paymentId' | 'changeId' | 'createdAt' | 'settledAt'> & {
  id: string
  changeId: string | null
  createdAt: Date
  settledAt: Date | null
  provider: string
  booking: { status: 'held' | 'confirmed' | 'cancelled' | 'expired'; version: number }
}

/** The payments of a booking, the oldest first, or the one with this id. */
export async function readPayments(
  by: { bookingId: string } | { paymentId: string },
): Promise<StoredPayment[]> {
  const bookingId = 'bookingId' in by ? by.bookingId : null
  const paymentId = 'paymentId' in by ? by.paymentId : null
  return database()<StoredPayment[]>`
    select p.id, p.purpose, p.change_id as "changeId", p.method, p.provider, p.amount, p.currency, p.status, p.reference,
      p.reason, p.created_at as "createdAt", p.settled_at as "settledAt",
      (select coalesce(sum(r.amount), 0)::bigint from bookings.refunds r where r.payment_id = p.id) as "givenBack",
      jsonb_build_object('status', b.status, 'version', b.version) as booking
    from bookings.payments p join bookings.bookings b on b.id = p.booking_id
    where (p.booking_id = ${bookingId} or p.id = ${paymentId})
    order by p.created_at, p.id`
}

export const paymentOf = ({ id, changeId, createdAt, settledAt, ...rest }: StoredPayment): Payment => {
  const { provider: _, booking: __, ...payment } = rest
  return {
    paymentId: publicId('payment', id),
    ...payment,
    changeId: changeId && publicId('change', changeId),
    createdAt: createdAt.toISOString(),
    settledAt: settledAt?.toISOString() ?? null,
  }
}
