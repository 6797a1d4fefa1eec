import * as z from 'zod/mini'
import type { IsoDate } from '../../../shared/dates.ts'
import { OperationalReason } from '../../../shared/events/flights.ts'
import { command } from '../../../shared/http/command.ts'
import { type Answer, problem } from '../../../shared/http/problem.ts'
import type { Transaction } from '../../../shared/postgres/client.ts'
import { DateText, Id, Instant } from '../../../shared/schemas.ts'
import { retimeFlight } from '../../catalog.ts'
import {
  OPERATION_PROBLEMS,
  type OperationRefusal,
  operationProblem,
  takeFlight,
  tellOperation,
} from '../operation.ts'
import { FLIGHT_PROBLEMS } from '../problems.ts'
import { planFields } from '../schedule.ts'

const LocalTime = z.strictObject({ date: DateText, time: planFields.departureTime })

const Body = z.strictObject({
  /** Local to the origin. */
  departsAt: LocalTime,
  /** Local to the destination. */
  arrivesAt: LocalTime,
  reason: OperationalReason,
})
type Body = z.output<typeof Body>

type Times = { departsAt: Date; arrivesAt: Date }
type Outcome =
  | ({ type: 'retimed'; version: number } & Times)
  | OperationRefusal
  | { type: 'date-in-past' | 'block-time-unfit' | 'flight-unchanged' | 'flight-number-taken' }
  | { type: 'date-beyond-horizon'; latest: IsoDate }

/** Moves a flight; the end of its sale moves with it. Its number and day stay one flight's. */
async function retime(
  sql: Transaction,
  flightId: string,
  { departsAt, arrivesAt, reason }: Body,
  traceparent: string | null,
): Promise<Outcome> {
  const taken = await takeFlight(sql, flightId, 'before departure')
  if (taken.type !== 'taken') return taken
  const { flight } = taken
  const [times] = await sql<(Times & { past: boolean; latest: IsoDate; taken: boolean })[]>`
    select t.departs_at as "departsAt", t.arrives_at as "arrivesAt", t.departs_at <= now() as past,
      (now() at time zone o.time_zone)::date + flights.policy('booking-horizon-days')::integer as latest,
      exists (select from flights.flights f where f.flight_number = ${flight.flightNumber}
        and f.departure_date = ${departsAt.date} and f.id <> ${flight.id}) as taken
    from flights.airports o, flights.airports d,
      lateral (select (${departsAt.date}::date + ${departsAt.time}::time) at time zone o.time_zone as departs_at,
        (${arrivesAt.date}::date + ${arrivesAt.time}::time) at time zone d.time_zone as arrives_at) t
    where o.code = ${flight.origin} and d.code = ${flight.destination}`
  if (!times) throw new Error('a flight is between airports that are not there')
  const { latest, past } = times
  const block = (times.arrivesAt.getTime() - times.departsAt.getTime()) / 60_000
  if (past) return { type: 'date-in-past' }
  if (departsAt.date > latest) return { type: 'date-beyond-horizon', latest }
  if (block < 15 || block > 1200) return { type: 'block-time-unfit' }
  const isSame = (one: Date, other: Date) => one.getTime() === other.getTime()
  if (isSame(times.departsAt, flight.departsAt) && isSame(times.arrivesAt, flight.arrivesAt)) {
    return { type: 'flight-unchanged' }
  }
  if (times.taken) return { type: 'flight-number-taken' }

  const now = { departureDate: departsAt.date, departsAt: times.departsAt, arrivesAt: times.arrivesAt }
  await sql`
    update flights.flights set departure_date = ${now.departureDate}, departs_at = ${now.departsAt},
      arrives_at = ${now.arrivesAt}
    where id = ${flight.id}`
  await sql`
    update flights.cabin_inventory
    set sales_close_at = sales_close_at + (${now.departsAt}::timestamptz - ${flight.departsAt}::timestamptz)
    where flight_id = ${flight.id}`
  const { departureDate, departsAt: departed, arrivesAt: arrived } = flight
  const before = { departureDate, departsAt: departed.toISOString(), arrivesAt: arrived.toISOString() }
  const told = { reason, before }
  const type = 'flights.flight-retimed.v1'
  const version = await tellOperation(sql, type, { ...flight, ...now }, told, traceparent)
  return { type: 'retimed', version, ...times }
}

function answerOf(outcome: Outcome, flightId: string, date: IsoDate): Answer {
  const at = (pointer: string, detail: string) => ({ errors: [{ pointer, detail }] })
  switch (outcome.type) {
    case 'retimed': {
      const { version, departsAt, arrivesAt } = outcome
      return {
        status: 200,
        body: {
          flightId,
          version,
          departsAt: departsAt.toISOString(),
          arrivesAt: arrivesAt.toISOString(),
        },
      }
    }
    case 'date-in-past':
      return problem(FLIGHT_PROBLEMS['date-in-past'], at('/departsAt', 'must be a time to come'))
    case 'date-beyond-horizon':
      return problem(FLIGHT_PROBLEMS['date-beyond-horizon'], { date, latest: outcome.latest })
    case 'block-time-unfit':
      return problem(
        FLIGHT_PROBLEMS['block-time-unfit'],
        at('/arrivesAt', 'must be 15 to 1200 minutes later'),
      )
    case 'flight-number-taken':
      return problem(FLIGHT_PROBLEMS['flight-number-taken'], { date })
    case 'flight-unchanged':
      return problem(FLIGHT_PROBLEMS['flight-unchanged'])
    default:
      return operationProblem(outcome)
  }
}

export const route = command(
  retimeFlight,
  {
    description:
      'Gives a flight that has not left other times, on another day too. Who is on it may accept, move to another flight or take the money back.',
    params: z.strictObject({ flight: Id('flight') }),
    body: Body,
    success: {
      status: 200,
      description: 'The flight has its new times',
      schema: z.object({ flightId: Id('flight'), version: z.int(), departsAt: Instant, arrivesAt: Instant }),
    },
    problems: [
      ...OPERATION_PROBLEMS,
      FLIGHT_PROBLEMS['date-in-past'],
      FLIGHT_PROBLEMS['date-beyond-horizon'],
      FLIGHT_PROBLEMS['block-time-unfit'],
      FLIGHT_PROBLEMS['flight-unchanged'],
      FLIGHT_PROBLEMS['flight-number-taken'],
    ],
    example: {
      params: { flight: 'flt_019abcde000070008000000000000001' },
      body: {
        departsAt: { date: '2027-01-15', time: '18:40' },
        arrivesAt: { date: '2027-01-15', time: '20:45' },
        reason: 'technical',
      },
    },
  },
  async (sql, { params: { flight }, body, traceparent }) =>
    answerOf(await retime(sql, flight, body, traceparent), flight, body.departsAt.date),
)
