import * as z from 'zod/mini'
import { command } from '../../../shared/http/command.ts'
import { problem } from '../../../shared/http/problem.ts'
import { uuidOf } from '../../../shared/ids.ts'
import type { Transaction } from '../../../shared/postgres/client.ts'
import { Id } from '../../../shared/schemas.ts'
import { setPetCapacity } from '../../catalog.ts'
import { FLIGHT_PROBLEMS } from '../problems.ts'

const Pets = z.int().check(z.minimum(0), z.maximum(50))

const Body = z.strictObject({
  /** In the cabin. */
  petc: Pets,
  /** In the hold. */
  avih: Pets,
})
type Body = z.output<typeof Body>

type Sold = { petc: number; avih: number }

type Outcome = { type: 'set' } | { type: 'unknown-flight' } | { type: 'capacity-below-sold'; sold: Sold }

/** Sets how many pets a flight takes, at least those that are sold. */
export async function limitPets(sql: Transaction, flight: string, body: Body): Promise<Outcome> {
  const changed = await sql`
    update flights.service_inventory set petc_capacity = ${body.petc}, avih_capacity = ${body.avih}
    where flight_id = ${uuidOf(flight)} and petc_sold <= ${body.petc} and avih_sold <= ${body.avih}
    returning flight_id`
  if (changed.length === 1) return { type: 'set' }
  // Read after the refusal, so that it shows the sale that was waited for too.
  const [sold] = await sql<Sold[]>`
    select petc_sold as petc, avih_sold as avih
    from flights.service_inventory where flight_id = ${uuidOf(flight)}`
  return sold ? { type: 'capacity-below-sold', sold } : { type: 'unknown-flight' }
}

export const route = command(
  setPetCapacity,
  {
    description: 'Sets how many pets a flight takes in the cabin (PETC) and in the hold (AVIH).',
    params: z.strictObject({ flight: Id('flight') }),
    body: Body,
    success: {
      status: 200,
      description: 'The capacities are set',
      schema: z.object({ flightId: Id('flight'), petc: Pets, avih: Pets }),
    },
    problems: [FLIGHT_PROBLEMS['unknown-flight'], FLIGHT_PROBLEMS['capacity-below-sold']],
    example: {
      params: { flight: 'flt_019abcde000070008000000000000001' },
      body: { petc: 8, avih: 4 },
    },
  },
  async (sql, { params, body }) => {
    const outcome = await limitPets(sql, params.flight, body)
    switch (outcome.type) {
      case 'set':
        return { status: 200, body: { flightId: params.flight, petc: body.petc, avih: body.avih } }
      case 'unknown-flight':
        return problem(FLIGHT_PROBLEMS['unknown-flight'])
      case 'capacity-below-sold':
        return problem(FLIGHT_PROBLEMS['capacity-below-sold'], { sold: outcome.sold })
    }
  },
)
