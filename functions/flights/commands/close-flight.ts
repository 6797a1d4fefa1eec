import * as z from 'zod/mini'
import { command } from '../../../shared/http/command.ts'
import type { Transaction } from '../../../shared/postgres/client.ts'
import { Id } from '../../../shared/schemas.ts'
import { closeFlight } from '../../catalog.ts'
import { type OperationRefusal, operationProblem, takeFlight, tellOperation } from '../operation.ts'
import { FLIGHT_PROBLEMS } from '../problems.ts'

type Outcome = { type: 'closed'; version: number } | OperationRefusal

/** Closes a flight that has left. What becomes of its coupons is the bookings slice's to say. */
async function close(sql: Transaction, flightId: string, traceparent: string | null): Promise<Outcome> {
  const taken = await takeFlight(sql, flightId, 'after departure')
  if (taken.type !== 'taken') return taken
  await sql`update flights.flights set status = 'closed' where id = ${taken.flight.id}`
  const version = await tellOperation(sql, 'flights.flight-closed.v1', taken.flight, {}, traceparent)
  return { type: 'closed', version }
}

export const route = command(
  closeFlight,
  {
    description:
      'Closes a flight after its departure: nobody boards any more, who boarded has flown, and who did not is a no-show.',
    params: z.strictObject({ flight: Id('flight') }),
    success: {
      status: 202,
      description: 'The flight is closed; its coupons are about to be marked',
      schema: z.object({ flightId: Id('flight'), version: z.int(), status: z.literal('closed') }),
    },
    problems: [
      FLIGHT_PROBLEMS['unknown-flight'],
      FLIGHT_PROBLEMS['flight-not-scheduled'],
      FLIGHT_PROBLEMS['flight-not-departed'],
    ],
    example: { params: { flight: 'flt_019abcde000070008000000000000001' } },
  },
  async (sql, { params: { flight }, traceparent }) => {
    const outcome = await close(sql, flight, traceparent)
    if (outcome.type !== 'closed') return operationProblem(outcome)
    return { status: 202, body: { flightId: flight, version: outcome.version, status: 'closed' } }
  },
)
