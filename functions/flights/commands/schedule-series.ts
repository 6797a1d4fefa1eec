import * as z from 'zod/mini'
import { addDays, daysBetween, type IsoDate } from '../../../shared/dates.ts'
import { command } from '../../../shared/http/command.ts'
import { problem } from '../../../shared/http/problem.ts'
import { newUuid, publicId } from '../../../shared/ids.ts'
import type { Transaction } from '../../../shared/postgres/client.ts'
import { DateText, Id } from '../../../shared/schemas.ts'
import { scheduleSeries } from '../../catalog.ts'
import { FLIGHT_PROBLEMS } from '../problems.ts'
import {
  insertFlights,
  leadsElsewhere,
  planFields,
  SCHEDULE_PROBLEMS,
  type ScheduleRefusal,
  scheduleProblem,
} from '../schedule.ts'

const Body = z
  .strictObject({
    ...planFields,
    /** ISO 8601: 1 is Monday, 7 Sunday. */
    days: z.array(z.int().check(z.minimum(1), z.maximum(7))).check(
      z.minLength(1),
      z.maxLength(7),
      z.refine((days) => new Set(days).size === days.length, 'must name each day once'),
    ),
    /** First and last local date at the origin, inclusive. */
    validFrom: DateText,
    validTo: DateText,
  })
  .check(
    leadsElsewhere,
    z.refine((series) => series.validFrom <= series.validTo, {
      error: 'must not be before validFrom',
      path: ['validTo'],
    }),
    z.refine((series) => !(daysBetween(series.validFrom, series.validTo) > 365), {
      error: 'must be at most a year after validFrom',
      path: ['validTo'],
    }),
  )
type Body = z.output<typeof Body>

type Outcome =
  | { type: 'scheduled'; seriesId: string; flights: number }
  | { type: 'series-without-flights' }
  | ScheduleRefusal

/** Schedules a flight on each day of the series, all or none. */
export async function openSeries(sql: Transaction, staff: string, body: Body): Promise<Outcome> {
  const dates = datesOf(body)
  if (dates.length === 0) return { type: 'series-without-flights' }
  const id = newUuid()
  // What is not known leaves no row here and none of the flights, and inserting those tells why.
  await sql`
    insert into flights.series (id, flight_number, origin, destination, departure_time, days, valid_from, valid_to,
      aircraft_type, block_minutes, scheduled_by)
    select ${id}, ${body.flightNumber}, o.code, d.code, ${body.departureTime}, ${body.days.toSorted()}::smallint[],
      ${body.validFrom}, ${body.validTo}, t.code, ${body.blockMinutes}, ${staff}
    from flights.airports o, flights.airports d, flights.aircraft_types t
    where o.code = ${body.origin} and d.code = ${body.destination} and t.code = ${body.aircraftType}`
  const outcome = await insertFlights(sql, staff, body, dates, { seriesId: id, overbookingPercent: null })
  if (outcome.type !== 'scheduled') return outcome
  return { type: 'scheduled', seriesId: publicId('series', id), flights: outcome.flights.length }
}

function datesOf({ validFrom, validTo, days }: Body): IsoDate[] {
  const length = daysBetween(validFrom, validTo) + 1
  return Array.from({ length }, (_, day) => addDays(validFrom, day)).filter((date) => {
    const weekday = new Date(`${date}T00:00:00Z`).getUTCDay()
    return days.includes(weekday === 0 ? 7 : weekday)
  })
}

export const route = command(
  scheduleSeries,
  {
    description:
      'Schedules a flight on every given day of the week between two dates, at the same local time of the origin whatever its clock does. All flights are scheduled or none.',
    body: Body,
    success: {
      status: 201,
      description: 'The flights are scheduled',
      schema: z.object({ seriesId: Id('series'), flights: z.int() }),
    },
    problems: [...SCHEDULE_PROBLEMS, FLIGHT_PROBLEMS['series-without-flights']],
    example: {
      body: {
        flightNumber: 'T9801',
        origin: 'BOG',
        destination: 'SMR',
        departureTime: '06:40',
        blockMinutes: 90,
        aircraftType: '320',
        days: [1, 3, 5],
        validFrom: '2027-07-01',
        validTo: '2027-09-30',
      },
    },
  },
  async (sql, { caller, body }) => {
    const outcome = await openSeries(sql, caller.id, body)
    switch (outcome.type) {
      case 'scheduled':
        return { status: 201, body: { seriesId: outcome.seriesId, flights: outcome.flights } }
      case 'series-without-flights':
        return problem(FLIGHT_PROBLEMS['series-without-flights'], {
          errors: [{ pointer: '/days', detail: 'has no day between validFrom and validTo' }],
        })
      default:
        return scheduleProblem(outcome)
    }
  },
)
