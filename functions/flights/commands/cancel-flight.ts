import * as z from 'zod/mini'
import { OperationalReason, Remedy } from '../../../shared/events/flights.ts'
import { command } from '../../../shared/http/command.ts'
import type { Transaction } from '../../../shared/postgres/client.ts'
import { Id } from '../../../shared/schemas.ts'
import { cancelFlight } from '../../catalog.ts'
import {
  OPERATION_PROBLEMS,
  type OperationRefusal,
  operationProblem,
  takeFlight,
  tellOperation,
} from '../operation.ts'

const Body = z.strictObject({
  reason: OperationalReason,
  /** rebook: on the next flights with room, and refund who finds none. refund: refund everybody. */
  remedy: Remedy,
})
type Body = z.output<typeof Body>

type Outcome = { type: 'cancelled'; version: number } | OperationRefusal

/** Cancels a flight and ends its sale in the same commit: a sale that is under way is waited for, and is on it. */
async function cancel(
  sql: Transaction,
  flightId: string,
  body: Body,
  traceparent: string | null,
): Promise<Outcome> {
  const taken = await takeFlight(sql, flightId, 'before departure')
  if (taken.type !== 'taken') return taken
  const { id } = taken.flight
  await sql`update flights.flights set status = 'cancelled' where id = ${id}`
  await sql`update flights.cabin_inventory set sales_close_at = '-infinity' where flight_id = ${id}`
  const version = await tellOperation(sql, 'flights.flight-cancelled.v1', taken.flight, body, traceparent)
  return { type: 'cancelled', version }
}

export const route = command(
  cancelFlight,
  {
    description:
      'Cancels a flight that has not left, and ends its sale at once. Its bookings are then settled in the background, one by one: rebooked on the next flight of the route with room, or refunded in full. GET /v1/flights/{flight}/disruption tells how far that is.',
    params: z.strictObject({ flight: Id('flight') }),
    body: Body,
    success: {
      status: 202,
      description: 'The flight is cancelled; its bookings are about to be settled',
      schema: z.object({ flightId: Id('flight'), version: z.int(), status: z.literal('cancelled') }),
    },
    problems: OPERATION_PROBLEMS,
    example: {
      params: { flight: 'flt_019abcde000070008000000000000001' },
      body: { reason: 'weather', remedy: 'rebook' },
    },
  },
  async (sql, { params: { flight }, body, traceparent }) => {
    const outcome = await cancel(sql, flight, body, traceparent)
    if (outcome.type !== 'cancelled') return operationProblem(outcome)
    return {
      status: 202,
      headers: { location: `/v1/flights/${flight}/disruption` },
      body: { flightId: flight, version: outcome.version, status: 'cancelled' },
    }
  },
)
