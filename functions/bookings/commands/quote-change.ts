import * as z from 'zod/mini'
import { command } from '../../../shared/http/command.ts'
import { type Answer, problem } from '../../../shared/http/problem.ts'
import { publicId } from '../../../shared/ids.ts'
import { quoteChange } from '../../catalog.ts'
import { describeRules, FLIGHT_PROBLEMS } from '../../flights/index.ts'
import { composeChange } from '../change.ts'
import { ChangeQuote, ChangeRequest } from '../change-body.ts'
import type { ChangeRefusal, WantedChange } from '../change-models.ts'
import { findBooking } from '../find-booking.ts'
import { loadPresent, loadToday } from '../load-change.ts'
import { Locator } from '../models.ts'
import { BOOKING_PROBLEMS } from '../problems.ts'
import { storeChange } from '../store-change.ts'
import { ORDER_PROBLEMS } from '../store-quote.ts'

function refusalOf({ code, at, flightId, limit }: ChangeRefusal): Answer {
  const kind =
    code === 'unknown-flight' || code === 'exchange-rate-missing' || code === 'flight-departed'
      ? FLIGHT_PROBLEMS[code]
      : BOOKING_PROBLEMS[code]
  const more = {
    ...(at && { errors: [at] }),
    ...(flightId && { flightId }),
    ...(limit !== undefined && { limit }),
  }
  return problem(kind, more)
}

export const route = command(
  quoteChange,
  {
    description:
      'Prices a change of a booking: other flights of a direction, corrected names, passengers or pets added or removed, seats. What stays is kept at the price that it was sold for; what is new has today’s. Nothing is taken until the change is made: by paying what is due with changeId, or where nothing is due by POST …/changes. If-Match guards against a booking that has changed.',
    params: z.strictObject({ locator: Locator }),
    body: ChangeRequest,
    success: { status: 201, description: 'What the change costs, until expiresAt', schema: ChangeQuote },
    problems: [
      BOOKING_PROBLEMS['booking-not-found'],
      BOOKING_PROBLEMS['version-stale'],
      BOOKING_PROBLEMS['booking-closed'],
      BOOKING_PROBLEMS['not-travelling'],
      BOOKING_PROBLEMS['unknown-pet'],
      BOOKING_PROBLEMS['nobody-left'],
      BOOKING_PROBLEMS['coupon-used'],
      FLIGHT_PROBLEMS['flight-departed'],
      BOOKING_PROBLEMS['disruption-with-airline'],
      BOOKING_PROBLEMS['fare-not-changeable'],
      BOOKING_PROBLEMS['unknown-segment'],
      BOOKING_PROBLEMS['unknown-seat'],
      BOOKING_PROBLEMS['seat-taken'],
      BOOKING_PROBLEMS['lap-infant-seat'],
      BOOKING_PROBLEMS['exit-row-unfit'],
      ...ORDER_PROBLEMS.filter(({ code }) => code !== 'promotion-not-applicable'),
    ],
    example: {
      params: { locator: 'K7M2QX' },
      body: { seats: [{ passenger: 1, segment: 1, seat: '7A' }] },
    },
  },
  async (sql, { params, body, caller, ifMatch }) => {
    const booking = await findBooking(params.locator, caller, sql)
    if (!booking) return problem(BOOKING_PROBLEMS['booking-not-found'])
    const present = await loadPresent(sql, booking.id)
    const { version, status } = present
    if (ifMatch !== null && version !== ifMatch) return problem(BOOKING_PROBLEMS['version-stale'])
    if (status !== 'held' && status !== 'confirmed') return problem(BOOKING_PROBLEMS['booking-closed'])
    const wanted = body as WantedChange
    const outcome = composeChange(present, wanted, await loadToday(sql, present, wanted))
    if (outcome.type === 'refused') return refusalOf(outcome)
    const { change } = outcome
    const changeId = await storeChange(sql, caller.id, present, change)
    const answer: z.output<typeof ChangeQuote> = {
      changeId: publicId('change', changeId),
      bookingId: publicId('booking', present.id),
      version,
      expiresAt: change.expiresAt.toISOString(),
      currency: change.price.currency,
      total: change.price.total,
      due: change.due,
      fee: change.fee,
      lines: change.difference,
      segments: change.segments,
      passengers: change.people.map(({ givenNames: _, surnames: __, ...person }) => person),
      pets: change.pets,
      seats: change.seats,
      rules: await describeRules(sql, change.difference),
    }
    return { status: 201, headers: { etag: `"${version}"` }, body: answer }
  },
)
