import type * as z from 'zod/mini'
import type { IsoDate } from '../../shared/dates.ts'
import type { EVENTS } from '../../shared/events/index.ts'
import { type Answer, problem } from '../../shared/http/problem.ts'
import { newUuid, publicId, uuidOf } from '../../shared/ids.ts'
import type { Transaction } from '../../shared/postgres/client.ts'
import { FLIGHT_PROBLEMS } from './problems.ts'

/** A flight whose row this transaction holds. */
export type OperatedFlight = {
  id: string
  version: number
  flightNumber: string
  status: 'scheduled' | 'cancelled' | 'closed'
  origin: string
  destination: string
  departureDate: IsoDate
  departsAt: Date
  arrivesAt: Date
  aircraftType: string
  departed: boolean
}

export type OperationRefusal =
  | { type: 'unknown-flight' }
  | { type: 'flight-not-scheduled'; flightStatus: string }
  | { type: 'flight-departed'; departsAt: Date }
  | { type: 'flight-not-departed'; departsAt: Date }

export const OPERATION_PROBLEMS = [
  FLIGHT_PROBLEMS['unknown-flight'],
  FLIGHT_PROBLEMS['flight-not-scheduled'],
  FLIGHT_PROBLEMS['flight-departed'],
]

/** Takes a scheduled flight's row, its inventory after it, for a change before (or for closing it, after) departure. */
export async function takeFlight(
  sql: Transaction,
  flight: string,
  when: 'before departure' | 'after departure',
): Promise<{ type: 'taken'; flight: OperatedFlight } | OperationRefusal> {
  const [found] = await sql<OperatedFlight[]>`
    select id, version, flight_number as "flightNumber", status, origin, destination,
      departure_date as "departureDate", departs_at as "departsAt", arrives_at as "arrivesAt",
      aircraft_type as "aircraftType", departs_at <= now() as departed
    from flights.flights where id = ${uuidOf(flight)} for update`
  if (!found) return { type: 'unknown-flight' }
  const { status, departed, departsAt } = found
  if (status !== 'scheduled') return { type: 'flight-not-scheduled', flightStatus: status }
  if (departed && when === 'before departure') return { type: 'flight-departed', departsAt }
  if (!departed && when === 'after departure') return { type: 'flight-not-departed', departsAt }
  // In the order of every sale. One that is under way is waited for.
  await sql`select cabin from flights.cabin_inventory where flight_id = ${found.id} order by cabin for update`
  return { type: 'taken', flight: found }
}

type FlightEvents = {
  [Type in keyof typeof EVENTS as Type extends `flights.${string}` ? Type : never]: z.output<
    (typeof EVENTS)[Type]
  >
}
/** What an event of this type tells beside what every event of a flight does. */
type Told<Type extends keyof FlightEvents> = Omit<
  FlightEvents[Type],
  'flightId' | 'version' | Exclude<keyof OperatedFlight, 'id' | 'status' | 'departed'>
>

/** Takes the flight to its next version and tells it, in the commit of the change; answers the version. */
export async function tellOperation<Type extends keyof FlightEvents>(
  sql: Transaction,
  type: Type,
  flight: OperatedFlight,
  told: Told<Type>,
  traceparent: string | null,
): Promise<number> {
  const { id, status: _, departed: __, ...is } = flight
  const version = flight.version + 1
  const flightId = publicId('flight', id)
  await sql`update flights.flights set version = ${version} where id = ${id}`
  await sql`
    insert into platform.outbox (event_id, type, subject, version, data, traceparent)
    values (${newUuid()}, ${type}, ${flightId}, ${version},
      ${sql.json({ ...is, ...told, flightId, version } as never)}, ${traceparent})`
  return version
}

export function operationProblem(refusal: OperationRefusal): Answer {
  const { type, ...more } = refusal
  return problem(FLIGHT_PROBLEMS[type], more)
}
