import * as z from 'zod/mini'
import { command } from '../../../shared/http/command.ts'
import { problem } from '../../../shared/http/problem.ts'
import { uuidOf } from '../../../shared/ids.ts'
import type { Transaction } from '../../../shared/postgres/client.ts'
import { Id, Instant } from '../../../shared/schemas.ts'
import { boardPassenger } from '../../catalog.ts'
import { FLIGHT_PROBLEMS, loadFlights } from '../../flights/index.ts'
import { Locator } from '../models.ts'
import { BOOKING_PROBLEMS } from '../problems.ts'
import { TAKE_PROBLEMS, type TakenBooking, takeBooking, takeProblem } from '../take-booking.ts'

const Body = z.strictObject({
  locator: Locator,
  /** Number of the passenger in the booking. */
  passenger: z.int().check(z.minimum(1), z.maximum(20)),
})

type Outcome =
  | { type: 'boarded'; boardedAt: Date; version: number }
  | { type: 'not-on-flight' | 'not-checked-in' }
  | { type: 'already-boarded'; boardedAt: Date }

/** Marks a checked-in passenger as boarded, once. */
async function board(
  sql: Transaction,
  { id, status }: TakenBooking,
  flightId: string,
  passenger: number,
  actor: string,
): Promise<Outcome> {
  const [boarded] = await sql<{ boardedAt: Date }[]>`
    update bookings.coupons set boarded_at = now()
    where booking_id = ${id} and flight_id = ${flightId} and passenger = ${passenger} and status = 'checked-in'
      and boarded_at is null
    returning boarded_at as "boardedAt"`
  if (boarded) {
    const detail = sql.json({ flightId, passenger })
    const [step] = await sql<{ version: number }[]>`
      select bookings.step(${id}, ${status}, ${actor}, 'boarded', ${detail}) as version`
    return { type: 'boarded', boardedAt: boarded.boardedAt, version: step?.version ?? 0 }
  }
  const [coupon] = await sql<{ boardedAt: Date | null }[]>`
    select boarded_at as "boardedAt" from bookings.coupons
    where booking_id = ${id} and flight_id = ${flightId} and passenger = ${passenger}
      and status not in ('exchanged', 'refunded')`
  if (!coupon) return { type: 'not-on-flight' }
  return coupon.boardedAt
    ? { type: 'already-boarded', boardedAt: coupon.boardedAt }
    : { type: 'not-checked-in' }
}

export const route = command(
  boardPassenger,
  {
    description: 'Marks a checked-in passenger as boarded. When the flight is closed, who boarded has flown.',
    params: z.strictObject({ flight: Id('flight') }),
    body: Body,
    success: {
      status: 200,
      description: 'The passenger is on board',
      schema: z.object({
        flightId: Id('flight'),
        locator: Locator,
        passenger: z.int(),
        boardedAt: Instant,
        version: z.int(),
      }),
    },
    problems: [
      ...TAKE_PROBLEMS,
      BOOKING_PROBLEMS['not-on-flight'],
      BOOKING_PROBLEMS['not-checked-in'],
      BOOKING_PROBLEMS['already-boarded'],
      FLIGHT_PROBLEMS['unknown-flight'],
      FLIGHT_PROBLEMS['flight-not-scheduled'],
    ],
    example: {
      params: { flight: 'flt_019abcde000070008000000000000001' },
      body: { locator: 'K7M2QX', passenger: 1 },
    },
  },
  async (sql, call) => {
    const { locator, passenger } = call.body
    const [flight] = await loadFlights(sql, [uuidOf(call.params.flight)])
    if (!flight) return problem(FLIGHT_PROBLEMS['unknown-flight'])
    if (flight.status !== 'scheduled') {
      return problem(FLIGHT_PROBLEMS['flight-not-scheduled'], { flightStatus: flight.status })
    }
    const taken = await takeBooking(sql, locator, call)
    if (taken.type !== 'taken') return takeProblem(taken)
    const outcome = await board(sql, taken.booking, flight.id, passenger, call.caller.id)
    switch (outcome.type) {
      case 'boarded': {
        const { version, boardedAt } = outcome
        const at = boardedAt.toISOString()
        const body = { flightId: call.params.flight, locator, passenger, boardedAt: at, version }
        return { status: 200, headers: { etag: `"${version}"` }, body }
      }
      case 'already-boarded':
        return problem(BOOKING_PROBLEMS['already-boarded'], { boardedAt: outcome.boardedAt.toISOString() })
      default:
        return problem(BOOKING_PROBLEMS[outcome.type])
    }
  },
)
