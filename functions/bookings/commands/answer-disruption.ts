import * as z from 'zod/mini'
import { daysBetween } from '../../../shared/dates.ts'
import { command } from '../../../shared/http/command.ts'
import { type Answer, problem } from '../../../shared/http/problem.ts'
import { uuidOf } from '../../../shared/ids.ts'
import type { Transaction } from '../../../shared/postgres/client.ts'
import { CurrencyCode, Id } from '../../../shared/schemas.ts'
import { answerDisruption } from '../../catalog.ts'
import { FLIGHT_PROBLEMS, loadFlights, type OfferedFlight, policyInForce } from '../../flights/index.ts'
import { Locator } from '../models.ts'
import { BOOKING_PROBLEMS } from '../problems.ts'
import { loadMovable, type Mover, rebook, storeMoved } from '../rebook.ts'
import { refundInFull } from '../refund-in-full.ts'
import { loadOf, type MisfitCode, replaceFlight } from '../replace-flight.ts'
import { markAnswered } from '../settle.ts'
import { TAKE_PROBLEMS, type TakenBooking, takeBooking, takeProblem } from '../take-booking.ts'

const Body = z
  .strictObject({
    answer: z.enum(['accept', 'refund', 'rebook'], 'must be accept, refund or rebook'),
    /** The flight to move to. */
    flightId: z.optional(Id('flight')),
  })
  .check(
    z.refine((body) => (body.answer === 'rebook') === (body.flightId !== undefined), {
      error: 'must be given to rebook, and not otherwise',
      path: ['flightId'],
    }),
  )
type Body = z.output<typeof Body>

const ANSWERED = { accept: 'accepted', refund: 'refunded', rebook: 'rebooked' } as const

const Answered = z.object({
  disruptionId: Id('disruption'),
  answer: z.enum(Object.values(ANSWERED)),
  version: z.int(),
  /** What is given back, in minor units. */
  refund: z.int(),
  currency: z.nullable(CurrencyCode),
})

type Outcome =
  | { type: 'answered'; version: number; refund: number; currency: string | null }
  | { type: 'unknown-disruption' | 'disruption-answered' | 'disruption-with-airline' | 'flight-departed' }
  | { type: MisfitCode | 'unknown-flight' }

type Disruption = {
  id: string
  flightId: string
  kind: 'retimed' | 'equipment-changed' | 'cancelled'
  answer: string | null
  holds: boolean
}

/** Does what a passenger chose for a changed flight. One answer goes for all that is open of the flight. */
async function answer(
  sql: Transaction,
  booking: TakenBooking,
  disruptionId: string,
  body: Body,
  mover: Mover,
): Promise<Outcome> {
  const [disruption] = await sql<Disruption[]>`
    select d.id, d.flight_id as "flightId", d.kind, d.answer, exists (
      select from bookings.coupons c where c.booking_id = d.booking_id and c.flight_id = d.flight_id
        and c.status in ('open', 'checked-in')) as holds
    from bookings.disruptions d where d.id = ${uuidOf(disruptionId)} and d.booking_id = ${booking.id}`
  if (!disruption) return { type: 'unknown-disruption' }
  if (disruption.kind === 'cancelled') return { type: 'disruption-with-airline' }
  if (disruption.answer !== null || !disruption.holds) return { type: 'disruption-answered' }
  const [flight] = await loadFlights(sql, [disruption.flightId])
  if (!flight) throw new Error('a flight vanished')
  if (flight.status === 'cancelled') return { type: 'disruption-with-airline' }
  if (flight.departsAt <= new Date()) return { type: 'flight-departed' }

  switch (body.answer) {
    case 'accept':
      return accept(sql, booking, flight, disruptionId, mover)
    case 'refund': {
      const { actor, traceparent } = mover
      const closed = await refundInFull(sql, booking.id, disruption.kind, actor, traceparent)
      await markAnswered(sql, booking.id, null, 'refunded')
      return { type: 'answered', ...closed }
    }
    case 'rebook':
      return moveTo(sql, booking, flight, uuidOf(body.flightId ?? ''), mover)
  }
}

/** The booking names a quote that has the flight as it is now; price and coupons stay. */
async function accept(
  sql: Transaction,
  { id, status }: TakenBooking,
  flight: OfferedFlight,
  disruptionId: string,
  { actor }: Mover,
): Promise<Outcome> {
  const booking = await loadMovable(sql, id)
  const at = booking.flightIds.indexOf(flight.id)
  const birthDates = new Map<number, string>()
  const load = loadOf(booking, at, birthDates, flight.departureDate)
  const quoteId = await storeMoved(
    sql,
    booking,
    replaceFlight(booking, at, flight, booking.classes[at] ?? '', load),
  )
  const [step] = await sql<{ version: number }[]>`
    select bookings.step(${id}, ${status}, ${actor}, 'accepted', ${sql.json({ disruptionId })}, ${quoteId}) as version`
  await markAnswered(sql, id, flight.id, 'accepted')
  return { type: 'answered', version: step?.version ?? 0, refund: 0, currency: null }
}

/** Moves it to a flight of the same route, at most so many days from the one that was changed, at no charge. */
async function moveTo(
  sql: Transaction,
  { id }: TakenBooking,
  from: OfferedFlight,
  to: string,
  mover: Mover,
): Promise<Outcome> {
  const [flight] = await loadFlights(sql, [to])
  if (!flight) return { type: 'unknown-flight' }
  const days = Math.abs(daysBetween(from.departureDate, flight.departureDate))
  const isSameRoute =
    flight.origin.code === from.origin.code && flight.destination.code === from.destination.code
  if (!isSameRoute || days > (await policyInForce(sql, 'rebook-days'))) return { type: 'rebook-flight-unfit' }
  const booking = await loadMovable(sql, id)
  const outcome = await rebook(sql, booking, from.id, flight, mover)
  if (outcome.type !== 'rebooked') return outcome
  await markAnswered(sql, id, from.id, 'rebooked')
  return { type: 'answered', version: booking.version + 1, refund: 0, currency: null }
}

function answerOf(outcome: Outcome, disruptionId: string, body: Body): Answer {
  switch (outcome.type) {
    case 'answered': {
      const { version, refund, currency } = outcome
      return {
        status: 200,
        headers: { etag: `"${version}"` },
        body: { disruptionId, answer: ANSWERED[body.answer], version, refund, currency },
      }
    }
    case 'unknown-flight':
      return problem(FLIGHT_PROBLEMS['unknown-flight'], {
        errors: [{ pointer: '/flightId', detail: 'is not a flight of the airline' }],
      })
    case 'flight-departed':
      return problem(FLIGHT_PROBLEMS['flight-departed'])
    default:
      return problem(BOOKING_PROBLEMS[outcome.type])
  }
}

export const route = command(
  answerDisruption,
  {
    description:
      'What a passenger chooses when a flight of the booking has other times or another aircraft: to accept it; to have the booking cancelled and all given back that was not flown; or to move, at no charge, to another flight of the same route within the days of the policy. A cancelled flight is settled by the airline.',
    params: z.strictObject({ locator: Locator, disruption: Id('disruption') }),
    body: Body,
    success: { status: 200, description: 'Done', schema: Answered },
    problems: [
      ...TAKE_PROBLEMS,
      BOOKING_PROBLEMS['unknown-disruption'],
      BOOKING_PROBLEMS['disruption-answered'],
      BOOKING_PROBLEMS['disruption-with-airline'],
      BOOKING_PROBLEMS['rebook-flight-unfit'],
      BOOKING_PROBLEMS['cabin-not-offered'],
      BOOKING_PROBLEMS['flight-not-bookable'],
      BOOKING_PROBLEMS['sold-out'],
      BOOKING_PROBLEMS['infants-full'],
      BOOKING_PROBLEMS['pets-full'],
      FLIGHT_PROBLEMS['unknown-flight'],
      FLIGHT_PROBLEMS['flight-departed'],
    ],
    example: {
      params: { locator: 'K7M2QX', disruption: 'dis_01990000000070008000000000000001' },
      body: { answer: 'accept' },
    },
  },
  async (sql, call) => {
    const { params, body, caller, traceparent } = call
    const taken = await takeBooking(sql, params.locator, call)
    if (taken.type !== 'taken') return takeProblem(taken)
    const mover = { actor: caller.id, traceparent }
    return answerOf(await answer(sql, taken.booking, params.disruption, body, mover), params.disruption, body)
  },
)
