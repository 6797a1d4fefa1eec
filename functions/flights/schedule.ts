import * as z from 'zod/mini'
import type { IsoDate } from '../../shared/dates.ts'
import { type Answer, problem } from '../../shared/http/problem.ts'
import { newUuid } from '../../shared/ids.ts'
import type { Transaction } from '../../shared/postgres/client.ts'
import { AirportCode } from '../../shared/schemas.ts'
import { FLIGHT_PROBLEMS } from './problems.ts'

/** What a single flight and a series have in common, as fields of a body. */
export const planFields = {
  flightNumber: z
    .string()
    .check(
      z.regex(
        /^[A-Z0-9]{2}[1-9][0-9]{0,3}$/,
        "must be the airline's designator and one to four digits, the first not 0",
      ),
    ),
  origin: AirportCode,
  destination: AirportCode,
  /** Local to the origin. */
  departureTime: z
    .string()
    .check(z.regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time of the day, HH:MM from 00:00 to 23:59')),
  /** From departure to arrival. */
  blockMinutes: z.int().check(z.minimum(15), z.maximum(1200)),
  aircraftType: z
    .string()
    .check(z.regex(/^[A-Z0-9]{3}$/, 'must be an IATA aircraft type code, three capital letters or digits')),
}
const Plan = z.strictObject(planFields)
export type Plan = z.output<typeof Plan>

export const leadsElsewhere = z.refine<Plan>((plan) => plan.origin !== plan.destination, {
  error: 'must differ from the origin',
  path: ['destination'],
})

/** The same for every flight of a call. */
type Common = { seriesId: string | null; overbookingPercent: number | null }

export type ScheduleRefusal =
  | { type: 'foreign-designator'; designator: string }
  | { type: 'unknown-airport'; fields: string[] }
  | { type: 'unknown-aircraft-type' }
  | { type: 'date-in-past'; date: IsoDate }
  | { type: 'date-beyond-horizon'; date: IsoDate; latest: IsoDate }
  | { type: 'flight-number-taken'; date: IsoDate }

/** The flights of the plan's dates, in their order. */
export type Scheduled = { type: 'scheduled'; flights: { id: string; departsAt: Date; arrivesAt: Date }[] }

type Found = {
  designator: string
  originKnown: boolean
  destinationKnown: boolean
  typeKnown: boolean
  past: IsoDate | null
  beyond: IsoDate | null
  latest: IsoDate | null
  taken: IsoDate | null
  flights: { id: string; departsAt: string; arrivesAt: string }[] | null
}

/**
 * Inserts a flight for each of these local dates, and its inventory. The local time is kept across clock changes; an
 * hour that a change skips is moved as PostgreSQL does, an hour later. After a refusal the caller must roll back: dates
 * other than the refused one may have been written.
 */
export async function insertFlights(
  sql: Transaction,
  staff: string,
  plan: Plan,
  dates: IsoDate[],
  { seriesId, overbookingPercent }: Common,
): Promise<Scheduled | ScheduleRefusal> {
  const ids = dates.map(newUuid)
  const [found] = await sql<Found[]>`
    with airline as (
      select designator, flights.policy('booking-horizon-days')::integer as horizon from platform.airline
    ), planned as materialized (
      select p.id, p.day, (p.day + ${plan.departureTime}::time) at time zone o.time_zone as departs_at,
        (now() at time zone o.time_zone)::date + a.horizon as latest
      from unnest(${ids}::uuid[], ${dates}::date[]) as p (id, day), airline a, flights.airports o,
        flights.airports d, flights.aircraft_types t
      where a.designator = left(${plan.flightNumber}, 2) and o.code = ${plan.origin}
        and d.code = ${plan.destination} and t.code = ${plan.aircraftType}
    ), inserted as (
      insert into flights.flights (id, series_id, flight_number, departure_date, origin, destination, departs_at,
        arrives_at, aircraft_type, scheduled_by)
      select id, ${seriesId}, ${plan.flightNumber}, day, ${plan.origin}, ${plan.destination}, departs_at,
        departs_at + make_interval(mins => ${plan.blockMinutes}), ${plan.aircraftType}, ${staff}
      from planned where departs_at > now() and day <= latest
      on conflict (flight_number, departure_date) do nothing
      returning id, departure_date, departs_at, arrives_at
    )
    select a.designator,
      exists (select from flights.airports where code = ${plan.origin}) as "originKnown",
      exists (select from flights.airports where code = ${plan.destination}) as "destinationKnown",
      exists (select from flights.aircraft_types where code = ${plan.aircraftType}) as "typeKnown",
      (select min(day) from planned where departs_at <= now()) as past,
      (select min(day) from planned where day > latest) as beyond,
      (select min(latest) from planned) as latest,
      (select min(day) from planned where day not in (select departure_date from inserted)) as taken,
      (select jsonb_agg(jsonb_build_object('id', id, 'departsAt', departs_at, 'arrivesAt', arrives_at)
         order by departure_date) from inserted) as flights
    from airline a`
  if (!found) throw new Error('platform.airline is empty: the database was not seeded')
  const refusal = refusalIn(found, plan)
  if (refusal) return refusal
  await sql`select flights.open_inventory(${ids}::uuid[], ${overbookingPercent})`
  const flights = (found.flights ?? []).map(({ id, departsAt, arrivesAt }) => ({
    id,
    departsAt: new Date(departsAt),
    arrivesAt: new Date(arrivesAt),
  }))
  return { type: 'scheduled', flights }
}

function refusalIn(found: Found, plan: Plan): ScheduleRefusal | undefined {
  const { designator, past, beyond, latest, taken } = found
  if (!plan.flightNumber.startsWith(designator)) return { type: 'foreign-designator', designator }
  const fields = [
    ...(found.originKnown ? [] : ['origin']),
    ...(found.destinationKnown ? [] : ['destination']),
  ]
  if (fields.length > 0) return { type: 'unknown-airport', fields }
  if (!found.typeKnown) return { type: 'unknown-aircraft-type' }
  if (past) return { type: 'date-in-past', date: past }
  if (beyond && latest) return { type: 'date-beyond-horizon', date: beyond, latest }
  return taken ? { type: 'flight-number-taken', date: taken } : undefined
}

/** The problems of a ScheduleRefusal, for a contract. */
export const SCHEDULE_PROBLEMS = [
  FLIGHT_PROBLEMS['foreign-designator'],
  FLIGHT_PROBLEMS['unknown-airport'],
  FLIGHT_PROBLEMS['unknown-aircraft-type'],
  FLIGHT_PROBLEMS['date-in-past'],
  FLIGHT_PROBLEMS['date-beyond-horizon'],
  FLIGHT_PROBLEMS['flight-number-taken'],
]

/** Answers a refusal; `date` and `latest` tell which date was refused and the last one that is on sale. */
export function scheduleProblem(refusal: ScheduleRefusal): Answer {
  const kind = FLIGHT_PROBLEMS[refusal.type]
  switch (refusal.type) {
    case 'foreign-designator':
      return problem(kind, {
        errors: [{ pointer: '/flightNumber', detail: `must begin with ${refusal.designator}` }],
      })
    case 'unknown-airport':
      return problem(kind, {
        errors: refusal.fields.map((field) => ({ pointer: `/${field}`, detail: 'is not known' })),
      })
    case 'unknown-aircraft-type':
      return problem(kind, { errors: [{ pointer: '/aircraftType', detail: 'is not known' }] })
    case 'date-beyond-horizon':
      return problem(kind, { date: refusal.date, latest: refusal.latest })
    case 'date-in-past':
    case 'flight-number-taken':
      return problem(kind, { date: refusal.date })
  }
}
