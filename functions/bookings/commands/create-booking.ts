import * as z from 'zod/mini'
import { config } from '../../../shared/config.ts'
import { type Call, endpoint } from '../../../shared/http/endpoint.ts'
import {
  asReplay,
  digestOf,
  type First,
  findFirst,
  keyReused,
  remember,
} from '../../../shared/http/idempotency.ts'
import { type Answer, problem } from '../../../shared/http/problem.ts'
import { publicId, uuidOf } from '../../../shared/ids.ts'
import { transaction } from '../../../shared/postgres/client.ts'
import { Id } from '../../../shared/schemas.ts'
import { createBooking } from '../../catalog.ts'
import { type BookingAnswer, book } from '../book.ts'
import { BookingPassenger, BookingReceipt, Contact, Order, Payer } from '../models.ts'
import { BOOKING_PROBLEMS } from '../problems.ts'
import { ORDER_PROBLEMS, refusalOf, storeQuote } from '../store-quote.ts'
import { surnameHashes } from '../surname.ts'

const Body = z
  .strictObject({
    /** Book this quote … */
    quoteId: z.optional(Id('quote')),
    /** … or quote this order and book it at once … */
    order: z.optional(Order),
    /** … when its total is this, in minor units. */
    expectedTotal: z.optional(z.int().check(z.minimum(0))),
    /** In the order of the quote's passengers. */
    passengers: z.array(BookingPassenger).check(z.minLength(1), z.maxLength(20)),
    contact: Contact,
    payer: Payer,
    /** Confirms at once, on this agency account; left out, the booking is held until payBy. */
    account: z.optional(
      z.string().check(z.regex(/^[A-Z0-9]{3,20}$/, 'must be the code of an agency account')),
    ),
  })
  .check(
    z.refine((body) => (body.quoteId === undefined) !== (body.order === undefined), {
      error: 'must be given when there is no order, and not beside one',
      path: ['quoteId'],
    }),
    z.refine((body) => body.expectedTotal === undefined || body.order !== undefined, {
      error: 'goes with an order: a quote has its total',
      path: ['expectedTotal'],
    }),
    z.refine((body) => body.order === undefined || body.order.passengers.length === body.passengers.length, {
      error: 'must name each passenger of the order once, in its order',
      path: ['passengers'],
    }),
  )
type Body = z.output<typeof Body>
type BookingCall = Call<unknown, unknown, Body>

/**
 * Books a stored quote: every flight's inventory or none, the booking, its people, coupons and pets, the remembered
 * answer and the events, in one commit.
 */
async function bookQuote(call: BookingCall, digest: Buffer, quoteId: string): Promise<Answer> {
  const { body, caller, idempotencyKey, traceparent } = call
  const outcome = await book({
    caller: caller.id,
    anyAccount: caller.roles.includes('agent'),
    key: idempotencyKey,
    digest: digest.toString('hex'),
    quoteId: uuidOf(quoteId),
    account: body.account ?? null,
    passengers: body.passengers,
    contact: body.contact,
    payer: body.payer,
    surnameHashes: surnameHashes(body.passengers, config().LOOKUP_KEY),
    traceparent,
  })
  if (outcome.type === 'key-reused') return keyReused()
  return outcome.replayed ? asReplay(answerOf(outcome.answer)) : answerOf(outcome.answer)
}

/** A direct booking is a quote, then a booking; a refusal of the quote is remembered like one of the booking. */
async function bookOrder(call: BookingCall, digest: Buffer, order: Order): Promise<Answer> {
  const before = await findFirst<BookingAnswer>(call, digest)
  if (before) return repeat(before)
  const quoted = await transaction((sql) => storeQuote(sql, call.caller.id, order))
  if (quoted.type === 'refused') return refuse(call, digest, quoted)
  const { quoteId, quote } = quoted
  const { total, currency } = quote.price
  const { expectedTotal } = call.body
  if (expectedTotal === undefined || expectedTotal === total) return bookQuote(call, digest, quoteId)
  const expiresAt = quote.expiresAt.toISOString()
  return refuse(call, digest, { type: 'price-changed', quoteId, total, currency, expiresAt })
}

/** Remembers a refusal, unless a concurrent request with this key was answered first: then that answer. */
async function refuse(call: BookingCall, digest: Buffer, refusal: BookingAnswer): Promise<Answer> {
  const answer = answerOf(refusal)
  const first = await remember(call, digest, answer.status, refusal)
  return first ? repeat(first) : answer
}

const repeat = (first: First<BookingAnswer>): Answer =>
  first.type === 'kept' ? asReplay(answerOf(first.kept)) : keyReused()

/** The same answer for the same outcome, whether it has just been reached or was kept. */
function answerOf(answer: BookingAnswer): Answer {
  switch (answer.type) {
    case 'refused':
      return refusalOf(answer, '/order')
    case 'price-changed': {
      const { type: _, ...extensions } = answer
      return problem(BOOKING_PROBLEMS['price-changed'], extensions)
    }
    case 'booked': {
      const { locator, status, payBy, currency, total } = answer
      const bookingId = publicId('booking', answer.bookingId)
      const due = payBy === null ? {} : { payBy: new Date(payBy).toISOString() }
      const headers = { location: `/v1/bookings/${locator}` }
      return { status: 201, headers, body: { bookingId, locator, status, ...due, currency, total } }
    }
  }
}

const passenger = { givenNames: 'María José', surnames: ['Ñáñez', "O'Brien-Muñoz"] }

export const route = endpoint(
  createBooking,
  {
    description:
      'Takes every flight’s seats, lap infants and pets or none, and answers held with payBy, or confirmed on an agency account. From a stored quote it charges the quoted total or says that the quote has gone; directly, expectedTotal guards the price.',
    body: Body,
    success: { status: 201, description: 'The booking is made', schema: BookingReceipt },
    problems: [
      BOOKING_PROBLEMS['unknown-quote'],
      BOOKING_PROBLEMS['quote-expired'],
      BOOKING_PROBLEMS['quote-used'],
      BOOKING_PROBLEMS['passengers-mismatch'],
      BOOKING_PROBLEMS['account-unusable'],
      BOOKING_PROBLEMS['price-changed'],
      ...ORDER_PROBLEMS,
    ],
    example: {
      body: {
        quoteId: 'quo_01990000000070008000000000000001',
        passengers: [passenger],
        contact: {
          name: 'María José Ñáñez',
          email: 'maria@example.com',
          phone: '+573001234567',
          language: 'es',
        },
        payer: { name: 'María José Ñáñez' },
      },
    },
  },
  async (call) => {
    const digest = digestOf(createBooking, call)
    const { quoteId, order } = call.body
    if (order) return bookOrder(call, digest, order)
    if (quoteId) return bookQuote(call, digest, quoteId)
    throw new TypeError('the body has neither quoteId nor order')
  },
)
