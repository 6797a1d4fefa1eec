import * as z from 'zod/mini'
import { OperationalReason } from '../../../shared/events/flights.ts'
import { command } from '../../../shared/http/command.ts'
import { problem } from '../../../shared/http/problem.ts'
import type { Transaction } from '../../../shared/postgres/client.ts'
import { Id } from '../../../shared/schemas.ts'
import { changeEquipment } from '../../catalog.ts'
import {
  OPERATION_PROBLEMS,
  type OperationRefusal,
  operationProblem,
  takeFlight,
  tellOperation,
} from '../operation.ts'
import { FLIGHT_PROBLEMS } from '../problems.ts'
import { planFields } from '../schedule.ts'

const Body = z.strictObject({ aircraftType: planFields.aircraftType, reason: OperationalReason })
type Body = z.output<typeof Body>

type Outcome =
  | { type: 'changed'; version: number }
  | OperationRefusal
  | { type: 'unknown-aircraft-type' }
  | { type: 'flight-unchanged' }
  | { type: 'capacity-below-sold'; sold: Record<string, number> }

/** Flies a flight with another aircraft; what it may sell follows, and is never less than what is sold. */
async function change(
  sql: Transaction,
  flightId: string,
  { aircraftType, reason }: Body,
  traceparent: string | null,
): Promise<Outcome> {
  const taken = await takeFlight(sql, flightId, 'before departure')
  if (taken.type !== 'taken') return taken
  const { flight } = taken
  if (flight.aircraftType === aircraftType) return { type: 'flight-unchanged' }
  const changed = await sql`
    update flights.flights set aircraft_type = ${aircraftType}
    where id = ${flight.id} and ${aircraftType} in (select code from flights.aircraft_types) returning id`
  if (changed.length === 0) return { type: 'unknown-aircraft-type' }
  const [fitted] = await sql<{ beyond: Record<string, number> | null }[]>`
    select flights.fit_inventory(${flight.id}) as beyond`
  if (fitted?.beyond) return { type: 'capacity-below-sold', sold: fitted.beyond }
  const told = { reason, before: { aircraftType: flight.aircraftType } }
  const type = 'flights.flight-equipment-changed.v1'
  const version = await tellOperation(sql, type, { ...flight, aircraftType }, told, traceparent)
  return { type: 'changed', version }
}

export const route = command(
  changeEquipment,
  {
    description:
      'Gives a flight another type of aircraft. Its cabins follow in the proportions that it was managed with; it is refused when the new aircraft holds fewer than are sold, by cabin (Y, C) and of lap infants. Who is on it may accept, move to another flight or take the money back, and chosen seats that the aircraft has not are given up.',
    params: z.strictObject({ flight: Id('flight') }),
    body: Body,
    success: {
      status: 200,
      description: 'The equipment is changed',
      schema: z.object({ flightId: Id('flight'), version: z.int(), aircraftType: z.string() }),
    },
    problems: [
      ...OPERATION_PROBLEMS,
      FLIGHT_PROBLEMS['unknown-aircraft-type'],
      FLIGHT_PROBLEMS['flight-unchanged'],
      FLIGHT_PROBLEMS['capacity-below-sold'],
    ],
    example: {
      params: { flight: 'flt_019abcde000070008000000000000001' },
      body: { aircraftType: '319', reason: 'technical' },
    },
  },
  async (sql, { params: { flight }, body, traceparent }) => {
    const outcome = await change(sql, flight, body, traceparent)
    switch (outcome.type) {
      case 'changed':
        return {
          status: 200,
          body: { flightId: flight, version: outcome.version, aircraftType: body.aircraftType },
        }
      case 'unknown-aircraft-type':
        return problem(FLIGHT_PROBLEMS['unknown-aircraft-type'], {
          errors: [{ pointer: '/aircraftType', detail: 'is not known' }],
        })
      case 'flight-unchanged':
        return problem(FLIGHT_PROBLEMS['flight-unchanged'])
      case 'capacity-below-sold':
        return problem(FLIGHT_PROBLEMS['capacity-below-sold'], { sold: outcome.sold })
      default:
        return operationProblem(outcome)
    }
  },
)
