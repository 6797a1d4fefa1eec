import * as z from 'zod/mini'
import { endpoint } from '../../../shared/http/endpoint.ts'
import { problem } from '../../../shared/http/problem.ts'
import { uuidOf } from '../../../shared/ids.ts'
import { database } from '../../../shared/postgres/client.ts'
import { Id, Instant } from '../../../shared/schemas.ts'
import { getDisruption } from '../../catalog.ts'
import { FLIGHT_PROBLEMS, loadFlights } from '../../flights/index.ts'

const Progress = z.object({
  flightId: Id('flight'),
  status: z.enum(['scheduled', 'cancelled', 'closed']),
  /** Of a cancelled flight; null otherwise. */
  remedy: z.nullable(z.enum(['rebook', 'refund'])),
  /** Bookings concerned: of a cancelled flight by that alone, of another by all of its changes. */
  total: z.int(),
  accepted: z.int(),
  rebooked: z.int(),
  refunded: z.int(),
  /** Nobody has answered yet, or they are still to be settled. */
  open: z.int(),
  startedAt: z.nullable(Instant),
  /** From the start of the settling until its end, or until now. */
  seconds: z.int(),
  done: z.boolean(),
})

type Counted = {
  remedy: 'rebook' | 'refund' | null
  startedAt: Date | null
  finishedAt: Date | null
  now: Date
  total: number
  accepted: number
  rebooked: number
  refunded: number
  open: number
}

async function readProgress(flightId: string): Promise<Counted> {
  const [counted] = await database()<Counted[]>`
    select max(s.remedy) as remedy, max(s.started_at) as "startedAt", max(s.finished_at) as "finishedAt", now() as now,
      count(d.id) as total, count(d.id) filter (where d.answer = 'accepted') as accepted,
      count(d.id) filter (where d.answer = 'rebooked') as rebooked,
      count(d.id) filter (where d.answer = 'refunded') as refunded, count(d.id) filter (where d.answer is null) as open
    from (select ${flightId}::uuid as id) f
    left join bookings.flight_settlements s on s.flight_id = f.id
    left join bookings.disruptions d on d.flight_id = f.id and d.event_id = coalesce(s.event_id, d.event_id)`
  if (!counted) throw new Error('a count without a row')
  return counted
}

export const route = endpoint(
  getDisruption,
  {
    description:
      'How many bookings a change of the flight concerned and what became of them. Of a cancelled flight this is the progress of its settling.',
    params: z.strictObject({ flight: Id('flight') }),
    success: { status: 200, description: 'How far it is', schema: Progress },
    problems: [FLIGHT_PROBLEMS['unknown-flight']],
    example: { params: { flight: 'flt_01990000000070008000000000000001' } },
  },
  async ({ params }) => {
    const id = uuidOf(params.flight)
    const [flight] = await loadFlights(database(), [id])
    if (!flight) return problem(FLIGHT_PROBLEMS['unknown-flight'])
    const { startedAt, finishedAt, now, ...counts } = await readProgress(id)
    const { status } = flight
    const span = startedAt ? (finishedAt ?? now).getTime() - startedAt.getTime() : 0
    return {
      status: 200,
      body: {
        flightId: params.flight,
        status,
        ...counts,
        startedAt: startedAt?.toISOString() ?? null,
        seconds: Math.ceil(span / 1000),
        // A flight that was just cancelled has nothing noted yet.
        done: status === 'cancelled' ? finishedAt !== null : counts.open === 0,
      },
    }
  },
)
