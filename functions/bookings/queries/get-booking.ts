import * as z from 'zod/mini'
import { endpoint } from '../../../shared/http/endpoint.ts'
import { problem } from '../../../shared/http/problem.ts'
import { getBooking } from '../../catalog.ts'
import { readerOf } from '../find-booking.ts'
import { Booking, Locator } from '../models.ts'
import { BOOKING_PROBLEMS } from '../problems.ts'
import { etagOf, readBooking } from '../read.ts'

export const route = endpoint(
  getBooking,
  {
    description:
      'Reads a booking: a passenger the one that the token opens, a partner one that it made, an agent or administrator any.',
    params: z.strictObject({ locator: Locator }),
    success: { status: 200, description: 'The booking', schema: Booking },
    problems: [BOOKING_PROBLEMS['booking-not-found']],
    example: { params: { locator: 'K7M2QX' } },
  },
  async ({ caller, params }) => {
    const booking = await readBooking(params.locator, readerOf(caller))
    if (!booking) return problem(BOOKING_PROBLEMS['booking-not-found'])
    return { status: 200, headers: { etag: etagOf(booking) }, body: booking }
  },
)
