import * as z from 'zod/mini'
import { command } from '../../../shared/http/command.ts'
import { problem } from '../../../shared/http/problem.ts'
import { publicId } from '../../../shared/ids.ts'
import type { Transaction } from '../../../shared/postgres/client.ts'
import { Id } from '../../../shared/schemas.ts'
import { eraseBooking } from '../../catalog.ts'
import { findBooking } from '../find-booking.ts'
import { Locator } from '../models.ts'
import { BOOKING_PROBLEMS } from '../problems.ts'

type Outcome = {
  reached: number
  refusal: 'version-stale' | 'booking-erased' | 'held' | 'flight-to-come' | 'money-pending' | null
}

async function erase(
  sql: Transaction,
  booking: string,
  version: number | null,
  actor: string,
): Promise<Outcome> {
  const [outcome] = await sql<[Outcome]>`
    select reached, refusal from bookings.erase(${booking}, ${version}, ${actor})`
  return outcome
}

export const route = command(
  eraseBooking,
  {
    description:
      'Erases who travelled and who paid, on request: identity documents with the key that encrypts them, names, contact and payer, also on receipts; of birth dates the year stays. What was sold, paid and flown stays as it was. A surname opens the booking no more. It cannot be undone.',
    params: z.strictObject({ locator: Locator }),
    success: {
      status: 200,
      description: 'The people are erased',
      schema: z.object({ bookingId: Id('booking'), locator: Locator, version: z.int() }),
    },
    problems: [
      BOOKING_PROBLEMS['booking-not-found'],
      BOOKING_PROBLEMS['version-stale'],
      BOOKING_PROBLEMS['booking-erased'],
      BOOKING_PROBLEMS['erasure-too-early'],
    ],
    example: { params: { locator: 'K7M2QX' } },
  },
  async (sql, { caller, params, ifMatch }) => {
    const { locator } = params
    const booking = await findBooking(locator, caller, sql)
    if (!booking) return problem(BOOKING_PROBLEMS['booking-not-found'])
    const { reached, refusal } = await erase(sql, booking.id, ifMatch, caller.id)
    switch (refusal) {
      case null: {
        const bookingId = publicId('booking', booking.id)
        return {
          status: 200,
          headers: { etag: `"${reached}"` },
          body: { bookingId, locator, version: reached },
        }
      }
      case 'version-stale':
      case 'booking-erased':
        return problem(BOOKING_PROBLEMS[refusal])
      default:
        return problem(BOOKING_PROBLEMS['erasure-too-early'], { because: refusal })
    }
  },
)
