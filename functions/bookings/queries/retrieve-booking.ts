import * as z from 'zod/mini'
import { config } from '../../../shared/config.ts'
import { endpoint } from '../../../shared/http/endpoint.ts'
import { problem } from '../../../shared/http/problem.ts'
import { retrieveBooking } from '../../catalog.ts'
import { Booking, Locator } from '../models.ts'
import { BOOKING_PROBLEMS } from '../problems.ts'
import { etagOf, readBooking } from '../read.ts'
import { surnameHash } from '../surname.ts'

export const route = endpoint(
  retrieveBooking,
  {
    description:
      'Reads a booking as its passengers do. The surname is the first or both surnames of any passenger; case and accents do not count. It travels in the body, because URLs are logged. A wrong locator and a wrong surname are answered alike.',
    body: z.strictObject({
      locator: Locator,
      surname: z.string().check(z.trim(), z.minLength(1), z.maxLength(122)),
    }),
    success: { status: 200, description: 'The booking', schema: Booking },
    problems: [BOOKING_PROBLEMS['booking-not-found']],
    example: { body: { locator: 'K7M2QX', surname: 'Ñáñez' } },
  },
  async ({ body }) => {
    const hash = surnameHash(body.surname, config().LOOKUP_KEY)
    const booking = await readBooking(body.locator, { surnameHash: hash })
    if (!booking) return problem(BOOKING_PROBLEMS['booking-not-found'])
    return { status: 200, headers: { etag: etagOf(booking) }, body: booking }
  },
)
