import * as z from 'zod/mini'
import { endpoint } from '../../../shared/http/endpoint.ts'
import { problem } from '../../../shared/http/problem.ts'
import { getBooking } from '../../catalog.ts'
import { Booking, Locator } from '../models.ts'
import { BOOKING_PROBLEMS } from '../problems.ts'
import { etagOf, readBooking } from '../read.ts'

export const route = endpoint(
  getBooking,
  {
    description: 'Reads a booking: a partner one that it made, an agent or administrator any.',
    params: z.strictObject({ locator: Locator }),
    success: { status: 200, description: 'The booking', schema: Booking },
    problems: [BOOKING_PROBLEMS['booking-not-found']],
    example: { params: { locator: 'K7M2QX' } },
  },
  async ({ caller, params }) => {
    const isStaff = caller.roles.includes('agent') || caller.roles.includes('admin')
    const booking = await readBooking(params.locator, isStaff ? { staff: true } : { caller: caller.id })
    if (!booking) return problem(BOOKING_PROBLEMS['booking-not-found'])
    return { status: 200, headers: { etag: etagOf(booking) }, body: booking }
  },
)
