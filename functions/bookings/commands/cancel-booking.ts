import * as z from 'zod/mini'
import { endpoint } from '../../../shared/http/endpoint.ts'
import { asReplay, digestOf, keyReused } from '../../../shared/http/idempotency.ts'
import { type Answer, problem } from '../../../shared/http/problem.ts'
import { newUuid, publicId, uuidOf } from '../../../shared/ids.ts'
import { database } from '../../../shared/postgres/client.ts'
import { Id } from '../../../shared/schemas.ts'
import { cancelBooking } from '../../catalog.ts'
import { Cancellation } from '../cancel-models.ts'
import { findBooking } from '../find-booking.ts'
import { Locator } from '../models.ts'
import { BOOKING_PROBLEMS } from '../problems.ts'

type Refusal =
  | 'version-stale'
  | 'booking-closed'
  | 'unknown-refund-quote'
  | 'departed'
  | 'refund-quote-outdated'
  | 'refund-quote-expired'
/** What the key's row keeps. */
type CancelAnswer =
  | { type: 'cancelled'; bookingId: string; version: number; refund: number; currency: string }
  | { type: 'refused'; code: Refusal }
type Answered = { replayed: boolean; sameContent: boolean; answer: CancelAnswer }

function answerOf(answer: CancelAnswer): Answer {
  if (answer.type === 'refused') return problem(BOOKING_PROBLEMS[answer.code])
  const { version, refund, currency } = answer
  const bookingId = publicId('booking', answer.bookingId)
  return {
    status: 200,
    headers: { etag: `"${version}"` },
    body: { bookingId, status: 'cancelled', version, refund, currency },
  }
}

export const route = endpoint(
  cancelBooking,
  {
    description:
      'Cancels a booking as its refund quote says. Seats, class limits, lap infants, pet slots and chosen seats of the flights ahead are on sale again in the same commit, coupons are refunded, and what is given back goes to where it was paid from. If-Match guards against a booking that has changed.',
    params: z.strictObject({ locator: Locator }),
    body: z.strictObject({ refundQuoteId: Id('refundQuote') }),
    success: { status: 200, description: 'The booking is cancelled', schema: Cancellation },
    problems: [
      BOOKING_PROBLEMS['booking-not-found'],
      BOOKING_PROBLEMS['version-stale'],
      BOOKING_PROBLEMS['booking-closed'],
      BOOKING_PROBLEMS['unknown-refund-quote'],
      BOOKING_PROBLEMS.departed,
      BOOKING_PROBLEMS['refund-quote-outdated'],
      BOOKING_PROBLEMS['refund-quote-expired'],
    ],
    example: {
      params: { locator: 'K7M2QX' },
      body: { refundQuoteId: 'rfq_01990000000070008000000000000001' },
    },
  },
  async (call) => {
    const { params, body, caller, idempotencyKey, ifMatch, traceparent } = call
    const booking = await findBooking(params.locator, caller)
    if (!booking) return problem(BOOKING_PROBLEMS['booking-not-found'])
    const sql = database()
    const request = {
      caller: caller.id,
      key: idempotencyKey,
      digest: digestOf(cancelBooking, call).toString('hex'),
      bookingId: booking.id,
      version: ifMatch,
      refundQuoteId: uuidOf(body.refundQuoteId),
      eventId: newUuid(),
      traceparent,
    }
    const [answered] = await sql<Answered[]>`
      select replayed, same_content as "sameContent", answer from bookings.cancel(${sql.json(request)})`
    if (!answered) throw new Error('bookings.cancel answered nothing')
    if (!answered.sameContent) return keyReused()
    return answered.replayed ? asReplay(answerOf(answered.answer)) : answerOf(answered.answer)
  },
)
