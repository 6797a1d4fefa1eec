import * as z from 'zod/mini'
import { config } from '../../../shared/config.ts'
import { signBookingToken } from '../../../shared/http/booking-token.ts'
import { endpoint } from '../../../shared/http/endpoint.ts'
import { problem } from '../../../shared/http/problem.ts'
import type { RatePolicy } from '../../../shared/http/rate-limit.ts'
import { uuidOf } from '../../../shared/ids.ts'
import { Instant, Line } from '../../../shared/schemas.ts'
import { openBooking } from '../../catalog.ts'
import { Booking, Locator } from '../models.ts'
import { BOOKING_PROBLEMS } from '../problems.ts'
import { etagOf, readBooking } from '../read.ts'
import { normalisedSurname, surnameHash } from '../surname.ts'

// Against guessing. Many share a surname, a family one locator, an office one address.
const BY_ADDRESS: RatePolicy = { name: 'address', quota: 30, windowSeconds: 300 }
const BY_LOCATOR: RatePolicy = { name: 'locator', quota: 10, windowSeconds: 900 }
const BY_SURNAME: RatePolicy = { name: 'surname', quota: 200, windowSeconds: 900 }

const Body = z.strictObject({
  locator: Locator,
  surname: Line(122),
})

/** The booking, and a token with which its passenger goes on with it and with no other. */
const Opened = z.extend(Booking, { access: z.object({ token: z.string(), expiresAt: Instant }) })

export const route = endpoint(
  openBooking,
  {
    description:
      'Opens a booking as its passengers do, and gives a token for it that serves half an hour. The surname is the first or both surnames of any passenger; case and accents do not count. It travels in the body, because URLs are logged. A wrong locator and a wrong surname are answered alike.',
    body: Body,
    success: { status: 200, description: 'The booking, and the token', schema: Opened },
    problems: [BOOKING_PROBLEMS['booking-not-found']],
    limits: ({ address, body }) => [
      { policy: BY_ADDRESS, key: `open ${address}` },
      { policy: BY_LOCATOR, key: body.locator },
      { policy: BY_SURNAME, key: normalisedSurname(body.surname) },
    ],
    example: { body: { locator: 'K7M2QX', surname: 'Ñáñez' } },
  },
  async ({ body }) => {
    const hash = surnameHash(body.surname, config().LOOKUP_KEY)
    const booking = await readBooking(body.locator, { surnameHash: hash })
    if (!booking) return problem(BOOKING_PROBLEMS['booking-not-found'])
    const { token, expiresAt } = await signBookingToken(uuidOf(booking.bookingId))
    const access = { token, expiresAt: expiresAt.toISOString() }
    return { status: 200, headers: { etag: etagOf(booking) }, body: { ...booking, access } }
  },
)
