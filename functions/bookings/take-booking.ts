import type { Caller } from '../../shared/http/authentication.ts'
import { type Answer, problem } from '../../shared/http/problem.ts'
import type { Transaction } from '../../shared/postgres/client.ts'
import { findBooking } from './find-booking.ts'
import { BOOKING_PROBLEMS } from './problems.ts'

/** A live booking whose row this transaction holds. */
export type TakenBooking = { id: string; version: number; status: 'held' | 'confirmed' }
type TakeRefusal = { type: 'booking-not-found' | 'version-stale' | 'booking-closed' }

export const TAKE_PROBLEMS = [
  BOOKING_PROBLEMS['booking-not-found'],
  BOOKING_PROBLEMS['version-stale'],
  BOOKING_PROBLEMS['booking-closed'],
]

/** Takes the row of the booking that the caller may touch, at the version that it named. */
export async function takeBooking(
  sql: Transaction,
  locator: string,
  { caller, ifMatch }: { caller: Caller; ifMatch: number | null },
): Promise<{ type: 'taken'; booking: TakenBooking } | TakeRefusal> {
  const found = await findBooking(locator, caller, sql)
  if (!found) return { type: 'booking-not-found' }
  // Read again under the lock: what was found may have been waited for.
  const [booking] = await sql<{ id: string; version: number; status: string }[]>`
    select id, version, status from bookings.bookings where id = ${found.id} for update`
  if (!booking) throw new Error('a booking vanished')
  if (ifMatch !== null && booking.version !== ifMatch) return { type: 'version-stale' }
  const { id, version, status } = booking
  return status === 'held' || status === 'confirmed'
    ? { type: 'taken', booking: { id, version, status } }
    : { type: 'booking-closed' }
}

export const takeProblem = ({ type }: TakeRefusal): Answer => problem(BOOKING_PROBLEMS[type])
