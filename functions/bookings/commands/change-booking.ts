import * as z from 'zod/mini'
import { endpoint } from '../../../shared/http/endpoint.ts'
import { asReplay, digestOf, keyReused } from '../../../shared/http/idempotency.ts'
import { type Answer, problem } from '../../../shared/http/problem.ts'
import { newUuid, publicId, uuidOf } from '../../../shared/ids.ts'
import { database } from '../../../shared/postgres/client.ts'
import { Id } from '../../../shared/schemas.ts'
import { changeBooking } from '../../catalog.ts'
import { FLIGHT_PROBLEMS } from '../../flights/index.ts'
import { BookingChange } from '../change-body.ts'
import { findBooking } from '../find-booking.ts'
import { Locator } from '../models.ts'
import { BOOKING_PROBLEMS, type BookingProblemCode } from '../problems.ts'

/** What the key's row keeps. */
type ChangeAnswer =
  | {
      type: 'changed'
      bookingId: string
      changeId: string
      version: number
      due: number
      currency: string
      total: number
    }
  | { type: 'refused'; code: BookingProblemCode | 'flight-departed'; due?: number; currency?: string }
type Answered = { replayed: boolean; sameContent: boolean; answer: ChangeAnswer }

function answerOf(answer: ChangeAnswer): Answer {
  if (answer.type === 'refused') {
    const { code, due, currency } = answer
    if (code === 'flight-departed') return problem(FLIGHT_PROBLEMS[code])
    return problem(BOOKING_PROBLEMS[code], due === undefined ? {} : { due, currency })
  }
  const { type: _, bookingId, changeId, ...rest } = answer
  const body = { bookingId: publicId('booking', bookingId), changeId: publicId('change', changeId), ...rest }
  return { status: 200, headers: { etag: `"${rest.version}"` }, body }
}

export const route = endpoint(
  changeBooking,
  {
    description:
      'Makes a quoted change for which nothing is due: what the old flights held is on sale again and what the new ones hold is taken in one commit, with people, pets, seats and coupons, or nothing is. What is below zero is given back to where it was paid from. A change that costs something is made by its payment. If-Match guards against a booking that has changed.',
    params: z.strictObject({ locator: Locator }),
    body: z.strictObject({ changeId: Id('change') }),
    success: { status: 200, description: 'The booking is changed', schema: BookingChange },
    problems: [
      BOOKING_PROBLEMS['booking-not-found'],
      BOOKING_PROBLEMS['version-stale'],
      BOOKING_PROBLEMS['booking-closed'],
      BOOKING_PROBLEMS['unknown-change'],
      BOOKING_PROBLEMS['change-outdated'],
      BOOKING_PROBLEMS['change-expired'],
      BOOKING_PROBLEMS['payment-needed'],
      FLIGHT_PROBLEMS['flight-departed'],
      BOOKING_PROBLEMS['flight-not-bookable'],
      BOOKING_PROBLEMS['class-closed'],
      BOOKING_PROBLEMS['class-sold-out'],
      BOOKING_PROBLEMS['sold-out'],
      BOOKING_PROBLEMS['infants-full'],
      BOOKING_PROBLEMS['pets-full'],
      BOOKING_PROBLEMS['seat-taken'],
    ],
    example: {
      params: { locator: 'K7M2QX' },
      body: { changeId: 'chg_01990000000070008000000000000001' },
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
      digest: digestOf(changeBooking, call).toString('hex'),
      bookingId: booking.id,
      version: ifMatch,
      changeId: uuidOf(body.changeId),
      eventId: newUuid(),
      traceparent,
    }
    const [answered] = await sql<Answered[]>`
      select replayed, same_content as "sameContent", answer from bookings.change(${sql.json(request)})`
    if (!answered) throw new Error('bookings.change answered nothing')
    if (!answered.sameContent) return keyReused()
    return answered.replayed ? asReplay(answerOf(answered.answer)) : answerOf(answered.answer)
  },
)
