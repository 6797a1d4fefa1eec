import * as z from 'zod/mini'
import { agencyPayment, cardPayments } from '#payments'
import { type Call, endpoint } from '../../../shared/http/endpoint.ts'
import { asReplay, digestOf, keyReused } from '../../../shared/http/idempotency.ts'
import { type Answer, problem } from '../../../shared/http/problem.ts'
import { uuidOf } from '../../../shared/ids.ts'
import type { CardDetails } from '../../../shared/payments/port.ts'
import { CurrencyCode, Id, Line } from '../../../shared/schemas.ts'
import { payBooking } from '../../catalog.ts'
import { findBooking, readerOf } from '../find-booking.ts'
import { Locator } from '../models.ts'
import {
  beginPayment,
  notePending,
  type PaymentAnswer,
  paymentOf,
  readPayments,
  type StoredPayment,
  settlePayment,
} from '../payment.ts'
import { PaymentReceipt } from '../payment-models.ts'
import { BOOKING_PROBLEMS } from '../problems.ts'

const Card = z
  .strictObject({
    /** The test card’s number. A real card’s never comes here. */
    number: z.optional(z.string().check(z.regex(/^\d{12,19}$/, 'must be the digits of a card number'))),
    /** The payment method that the provider’s form made. */
    token: z.optional(z.string().check(z.regex(/^pm_\w{1,100}$/, 'must be a payment method, pm_…'))),
  })
  .check(
    z.refine(({ number, token }) => (number === undefined) !== (token === undefined), {
      error: 'must be given when there is no number, and not beside one',
      path: ['token'],
    }),
  )

const Body = z
  .strictObject({
    method: z.enum(['card', 'cash', 'transfer']),
    /** All that is due, in minor units. */
    amount: z.int('must be a whole number of minor units').check(z.minimum(1), z.maximum(1e12)),
    currency: CurrencyCode,
    /** Pays this change of the booking, and makes it. */
    changeId: z.optional(Id('change')),
    card: z.optional(Card),
    /** Of the cash receipt, or the bank’s of the transfer. */
    reference: z.optional(Line(60)),
  })
  .check(
    z.refine(({ method, card }) => (method === 'card') === (card !== undefined), {
      error: 'goes with the method card, and with no other',
      path: ['card'],
    }),
    z.refine(({ method, reference }) => (method !== 'card') === (reference !== undefined), {
      error: 'goes with cash and transfer, and with no card',
      path: ['reference'],
    }),
  )
type PaymentCall = Call<{ locator: string }, unknown, z.output<typeof Body>>

/** Which provider the payment is with and under which reference, or why it is with none. */
function placeOf({ body, caller }: PaymentCall): { provider: string; reference: string | null } | Answer {
  const { method, reference, card } = body
  if (method === 'card') {
    const { provider, takes } = cardPayments()
    return card?.[takes] === undefined
      ? problem(BOOKING_PROBLEMS['card-details-unfit'])
      : { provider, reference: null }
  }
  if (!('staff' in readerOf(caller))) return problem(BOOKING_PROBLEMS['payment-method-forbidden'])
  return agencyPayment(method, reference ?? '')
}

/**
 * Charges the card of a payment that is pending. Safe to repeat: the provider makes a charge once for each id.
 * @returns the secret with which a payment that waits for its cardholder goes on
 */
async function charge(payment: StoredPayment, call: PaymentCall): Promise<string | undefined> {
  const { id: paymentId, amount, currency, provider } = payment
  const cards = cardPayments()
  if (provider !== cards.provider) return undefined
  const card = call.body.card as CardDetails
  const description = call.params.locator
  const outcome = await cards.charge({ paymentId, amount, currency, card, description })
  switch (outcome.type) {
    case 'captured':
    case 'declined':
      await settlePayment(paymentId, outcome)
      return undefined
    case 'action-required':
      await notePending(paymentId, outcome.reference)
      return outcome.clientSecret
    case 'unknown':
      return undefined
  }
}

async function one(paymentId: string): Promise<StoredPayment> {
  const [payment] = await readPayments({ paymentId })
  if (!payment) throw new Error('a payment that was begun is not there')
  return payment
}

/** What is told of a payment is what its row says now, whatever the attempt that asks knows of it. */
function answerOf(stored: StoredPayment, clientSecret: string | undefined): Answer {
  const { booking } = stored
  const payment = paymentOf(stored)
  if (payment.status === 'declined') {
    const { paymentId, reason } = payment
    return problem(BOOKING_PROBLEMS['payment-declined'], { paymentId, reason })
  }
  const isPending = payment.status === 'pending'
  return {
    status: isPending ? 202 : 201,
    headers: { etag: `"${booking.version}"` },
    body: { ...payment, booking, ...(isPending && clientSecret && { clientSecret }) },
  }
}

function refusalOf({ code, due, currency }: Extract<PaymentAnswer, { type: 'refused' }>): Answer {
  return problem(BOOKING_PROBLEMS[code], due === undefined ? {} : { due, currency })
}

export const route = endpoint(
  payBooking,
  {
    description:
      'Pays a booking that is held, or a change of a booking, whole. 201: the money was taken; when it came too late for the booking, givenBack says that all of it goes back. 202: nobody knows yet, or the cardholder’s bank asks for more; the booking’s payments tell the outcome. A repeat with the same key tells how the payment stands by then. Cash and transfers are recorded by staff. If-Match guards against a booking that has changed.',
    params: z.strictObject({ locator: Locator }),
    body: Body,
    success: { status: 201, description: 'The money was taken', schema: PaymentReceipt },
    pending: 'The outcome is not known yet',
    problems: [
      BOOKING_PROBLEMS['booking-not-found'],
      BOOKING_PROBLEMS['payment-declined'],
      BOOKING_PROBLEMS['payment-method-forbidden'],
      BOOKING_PROBLEMS['card-details-unfit'],
      BOOKING_PROBLEMS['version-stale'],
      BOOKING_PROBLEMS['booking-closed'],
      BOOKING_PROBLEMS['hold-expired'],
      BOOKING_PROBLEMS['payment-under-way'],
      BOOKING_PROBLEMS['already-paid'],
      BOOKING_PROBLEMS['amount-mismatch'],
      BOOKING_PROBLEMS['reference-used'],
      BOOKING_PROBLEMS['unknown-change'],
      BOOKING_PROBLEMS['change-outdated'],
      BOOKING_PROBLEMS['change-expired'],
    ],
    example: {
      params: { locator: 'K7M2QX' },
      body: { method: 'card', amount: 28_640_000, currency: 'COP', card: { number: '4242424242424242' } },
    },
  },
  async (call) => {
    const { body, caller, params, idempotencyKey: key, ifMatch, traceparent } = call
    const booking = await findBooking(params.locator, caller)
    if (!booking) return problem(BOOKING_PROBLEMS['booking-not-found'])
    const place = placeOf(call)
    if ('status' in place) return place
    const { method, amount, currency, changeId } = body
    const { replayed, sameContent, answer } = await beginPayment({
      caller: caller.id,
      key,
      digest: digestOf(payBooking, call).toString('hex'),
      bookingId: booking.id,
      version: ifMatch,
      purpose: changeId ? 'change' : 'booking',
      changeId: changeId ? uuidOf(changeId) : null,
      method,
      amount,
      currency,
      ...place,
      traceparent,
    })
    if (!sameContent) return keyReused()
    const again = replayed ? asReplay : (first: Answer) => first
    if (answer.type === 'refused') return again(refusalOf(answer))
    const begun = await one(answer.paymentId)
    if (begun.status !== 'pending') return again(answerOf(begun, undefined))
    // A repeat finishes what an attempt that was cut off left pending.
    const clientSecret = await charge(begun, call)
    return again(answerOf(await one(answer.paymentId), clientSecret))
  },
)
