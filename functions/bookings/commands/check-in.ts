import * as z from 'zod/mini'
import { command } from '../../../shared/http/command.ts'
import { type Answer, problem } from '../../../shared/http/problem.ts'
import { publicId } from '../../../shared/ids.ts'
import type { Transaction } from '../../../shared/postgres/client.ts'
import { Id } from '../../../shared/schemas.ts'
import { checkIn } from '../../catalog.ts'
import { FLIGHT_PROBLEMS, loadFlights, policyInForce } from '../../flights/index.ts'
import { Locator } from '../models.ts'
import { BOOKING_PROBLEMS } from '../problems.ts'
import { TAKE_PROBLEMS, type TakenBooking, takeBooking, takeProblem } from '../take-booking.ts'

const Place = z.int().check(z.minimum(1), z.maximum(20))
const Body = z.strictObject({
  /** Numbers of the passengers, as the booking has them; a lap infant's too. */
  passengers: z.array(Place).check(z.minLength(1), z.maxLength(20)),
  /** Number of the flight in the itinerary. */
  segment: Place,
})
type Body = z.output<typeof Body>

type Coupon = { passenger: number; flightId: string; status: string }

type Outcome =
  | { type: 'checked-in'; version: number; flightId: string }
  | { type: 'booking-unpaid' | 'unknown-segment' }
  | { type: 'coupon-not-open'; places: { at: number; status: string }[] }
  | { type: 'check-in-not-open'; opensAt: Date }
  | { type: 'check-in-closed'; closedAt: Date }
  | { type: 'flight-not-scheduled'; flightStatus: string }

/** Checks in all of these passengers for one flight, or none. */
async function checkInAll(
  sql: Transaction,
  { id, status }: TakenBooking,
  { passengers, segment }: Body,
  actor: string,
): Promise<Outcome> {
  if (status !== 'confirmed') return { type: 'booking-unpaid' }
  const coupons = await sql<Coupon[]>`
    select passenger, flight_id as "flightId", status from bookings.coupons
    where booking_id = ${id} and segment = ${segment} and status not in ('exchanged', 'refunded')`
  const [flight] = await loadFlights(
    sql,
    coupons.slice(0, 1).map(({ flightId }) => flightId),
  )
  if (!flight) return { type: 'unknown-segment' }
  if (flight.status !== 'scheduled') {
    return { type: 'flight-not-scheduled', flightStatus: flight.status }
  }
  const before = (minutes: number) => new Date(flight.departsAt.getTime() - minutes * 60_000)
  const opensAt = before(60 * (await policyInForce(sql, 'check-in-opens-hours')))
  const closedAt = before(await policyInForce(sql, 'check-in-closes-minutes'))
  const now = new Date()
  if (now < opensAt) return { type: 'check-in-not-open', opensAt }
  if (now >= closedAt) return { type: 'check-in-closed', closedAt }

  const taken = await sql<{ passenger: number }[]>`
    update bookings.coupons set status = 'checked-in'
    where booking_id = ${id} and segment = ${segment} and flight_id = ${flight.id} and status = 'open'
      and passenger = any (${passengers}::smallint[])
    returning passenger`
  const places = passengers.flatMap((number, at) => {
    const isTaken = taken.some(({ passenger }) => passenger === number) && passengers.indexOf(number) === at
    const found = coupons.find(({ passenger }) => passenger === number)
    return isTaken ? [] : [{ at, status: found?.status ?? 'none' }]
  })
  if (places.length > 0) return { type: 'coupon-not-open', places }
  const detail = { segment, passengers }
  const [step] = await sql<{ version: number }[]>`
    select bookings.step(${id}, ${status}, ${actor}, 'checked-in', ${sql.json(detail)}) as version`
  return { type: 'checked-in', version: step?.version ?? 0, flightId: publicId('flight', flight.id) }
}

function answerOf(outcome: Outcome, { passengers, segment }: Body): Answer {
  switch (outcome.type) {
    case 'checked-in': {
      const { version, flightId } = outcome
      const headers = { etag: `"${version}"` }
      return { status: 200, headers, body: { flightId, segment, passengers, version } }
    }
    case 'unknown-segment':
      return problem(BOOKING_PROBLEMS['unknown-segment'], {
        errors: [{ pointer: '/segment', detail: 'is not a flight of the booking' }],
      })
    case 'coupon-not-open':
      return problem(BOOKING_PROBLEMS['coupon-not-open'], {
        errors: outcome.places.map(({ at, status }) => ({
          pointer: `/passengers/${at}`,
          detail: status === 'none' ? 'is not on this flight' : `is ${status}, or named twice`,
        })),
      })
    case 'check-in-not-open':
      return problem(BOOKING_PROBLEMS['check-in-not-open'], { opensAt: outcome.opensAt.toISOString() })
    case 'check-in-closed':
      return problem(BOOKING_PROBLEMS['check-in-closed'], { closedAt: outcome.closedAt.toISOString() })
    case 'flight-not-scheduled':
      return problem(FLIGHT_PROBLEMS['flight-not-scheduled'], { flightStatus: outcome.flightStatus })
    case 'booking-unpaid':
      return problem(BOOKING_PROBLEMS['booking-unpaid'])
  }
}

export const route = command(
  checkIn,
  {
    description:
      'Checks passengers of a paid booking in for one of its flights, all of them or none: from 48 hours before departure until 45 minutes before, or as the policies say.',
    params: z.strictObject({ locator: Locator }),
    body: Body,
    success: {
      status: 200,
      description: 'They are checked in',
      schema: z.object({
        flightId: Id('flight'),
        segment: z.int(),
        passengers: z.array(z.int()),
        version: z.int(),
      }),
    },
    problems: [
      ...TAKE_PROBLEMS,
      BOOKING_PROBLEMS['booking-unpaid'],
      BOOKING_PROBLEMS['unknown-segment'],
      BOOKING_PROBLEMS['coupon-not-open'],
      BOOKING_PROBLEMS['check-in-not-open'],
      BOOKING_PROBLEMS['check-in-closed'],
      FLIGHT_PROBLEMS['flight-not-scheduled'],
    ],
    example: { params: { locator: 'K7M2QX' }, body: { passengers: [1], segment: 1 } },
  },
  async (sql, call) => {
    const taken = await takeBooking(sql, call.params.locator, call)
    if (taken.type !== 'taken') return takeProblem(taken)
    return answerOf(await checkInAll(sql, taken.booking, call.body, call.caller.id), call.body)
  },
)
