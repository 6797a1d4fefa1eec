import * as z from 'zod/mini'
import { command } from '../../../shared/http/command.ts'
import { problem } from '../../../shared/http/problem.ts'
import { uuidOf } from '../../../shared/ids.ts'
import type { Transaction } from '../../../shared/postgres/client.ts'
import { Id, Instant } from '../../../shared/schemas.ts'
import { stopPromotion } from '../../catalog.ts'
import { FLIGHT_PROBLEMS } from '../problems.ts'

type Outcome =
  | { type: 'stopped'; stoppedAt: Date }
  | { type: 'unknown-promotion' }
  | { type: 'promotion-stopped'; stoppedAt: Date }

/** Stops a promotion for good. Quotes that it priced keep their price. */
export async function endPromotion(sql: Transaction, staff: string, promotion: string): Promise<Outcome> {
  const [stopped] = await sql<{ stoppedAt: Date }[]>`
    update flights.promotions set stopped_at = now(), stopped_by = ${staff}
    where id = ${uuidOf(promotion)} and stopped_at is null
    returning stopped_at as "stoppedAt"`
  if (stopped) return { type: 'stopped', stoppedAt: stopped.stoppedAt }
  // Read after the refusal, so that it shows the stop that was waited for too.
  const [before] = await sql<{ stoppedAt: Date }[]>`
    select stopped_at as "stoppedAt" from flights.promotions where id = ${uuidOf(promotion)}`
  return before ? { type: 'promotion-stopped', stoppedAt: before.stoppedAt } : { type: 'unknown-promotion' }
}

export const route = command(
  stopPromotion,
  {
    description: 'Stops a promotion at once: no new quote has it. Quotes that have it keep their price.',
    params: z.strictObject({ promotion: Id('promotion') }),
    success: {
      status: 200,
      description: 'The promotion is stopped',
      schema: z.object({ promotionId: Id('promotion'), stoppedAt: Instant }),
    },
    problems: [FLIGHT_PROBLEMS['unknown-promotion'], FLIGHT_PROBLEMS['promotion-stopped']],
    example: { params: { promotion: 'prm_019abcde000070008000000000000001' } },
  },
  async (sql, { caller, params }) => {
    const outcome = await endPromotion(sql, caller.id, params.promotion)
    switch (outcome.type) {
      case 'stopped':
        return { status: 200, body: { promotionId: params.promotion, stoppedAt: outcome.stoppedAt } }
      case 'unknown-promotion':
        return problem(FLIGHT_PROBLEMS['unknown-promotion'])
      case 'promotion-stopped':
        return problem(FLIGHT_PROBLEMS['promotion-stopped'], { stoppedAt: outcome.stoppedAt })
    }
  },
)
