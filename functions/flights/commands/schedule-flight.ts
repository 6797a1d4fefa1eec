import * as z from 'zod/mini'
import { command } from '../../../shared/http/command.ts'
import { publicId } from '../../../shared/ids.ts'
import type { Transaction } from '../../../shared/postgres/client.ts'
import { DateText, Id, Instant } from '../../../shared/schemas.ts'
import { scheduleFlight } from '../../catalog.ts'
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
    /** Local to the origin. */
    departureDate: DateText,
    /** Seats sold beyond the physical ones, per cent of them; without it the policy's. The law's cap is 5. */
    overbookingPercent: z.optional(z.int().check(z.minimum(0), z.maximum(5))),
  })
  .check(leadsElsewhere)
type Body = z.output<typeof Body>

type Outcome = { type: 'scheduled'; flightId: string; departsAt: Date; arrivesAt: Date } | ScheduleRefusal

/** Schedules one flight and opens its inventory by the policies in force. */
export async function openFlight(sql: Transaction, staff: string, body: Body): Promise<Outcome> {
  const common = { seriesId: null, overbookingPercent: body.overbookingPercent ?? null }
  const outcome = await insertFlights(sql, staff, body, [body.departureDate], common)
  if (outcome.type !== 'scheduled') return outcome
  const [flight] = outcome.flights
  if (!flight) throw new Error('a scheduled flight was not answered')
  const { departsAt, arrivesAt } = flight
  return { type: 'scheduled', flightId: publicId('flight', flight.id), departsAt, arrivesAt }
}

export const route = command(
  scheduleFlight,
  {
    description:
      'Schedules a flight at a local date and time of the origin and opens it for sale: cabins and booking classes of the aircraft, places for lap infants and pets. A time that a clock change skips is moved an hour later.',
    body: Body,
    success: {
      status: 201,
      description: 'The flight is scheduled',
      schema: z.object({ flightId: Id('flight'), departsAt: Instant, arrivesAt: Instant }),
    },
    problems: SCHEDULE_PROBLEMS,
    example: {
      body: {
        flightNumber: 'T9801',
        origin: 'BOG',
        destination: 'SMR',
        departureDate: '2027-07-01',
        departureTime: '06:40',
        blockMinutes: 90,
        aircraftType: '320',
      },
    },
  },
  async (sql, { caller, body }) => {
    const outcome = await openFlight(sql, caller.id, body)
    switch (outcome.type) {
      case 'scheduled': {
        const { flightId, departsAt, arrivesAt } = outcome
        return { status: 201, body: { flightId, departsAt, arrivesAt } }
      }
      default:
        return scheduleProblem(outcome)
    }
  },
)
