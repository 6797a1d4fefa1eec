import * as z from 'zod/mini'
import { command } from '../../../shared/http/command.ts'
import { problem } from '../../../shared/http/problem.ts'
import { newUuid, publicId } from '../../../shared/ids.ts'
import type { Transaction } from '../../../shared/postgres/client.ts'
import { DateText, Id, Line } from '../../../shared/schemas.ts'
import { setPolicy } from '../../catalog.ts'
import { POLICIES } from '../policies.ts'
import { FLIGHT_PROBLEMS } from '../problems.ts'

const when = {
  /** First day in force, in the airline's time zone. */
  validFrom: DateText,
  source: Line(300),
}

// One form a policy, so that a value is checked, and documented, by the schema of its name.
const forms = Object.entries(POLICIES).map(([name, value]) =>
  z.strictObject({ name: z.literal(name), value, ...when }),
)
type Form = (typeof forms)[number]
const Body = z.discriminatedUnion('name', forms as [Form, ...Form[]], {
  error: (issue) =>
    issue.code === 'invalid_union' ? `must be one of ${Object.keys(POLICIES).join(', ')}` : undefined,
})
type Body = z.output<typeof Body>

type Outcome = { type: 'set'; policyId: string } | { type: 'date-in-past' }

/** Appends a value. Policies are never edited: the value with the latest first day is in force. */
export async function appendPolicy(sql: Transaction, staff: string, body: Body): Promise<Outcome> {
  const id = newUuid()
  const appended = await sql`
    insert into flights.policies (id, name, value, valid_from, source, set_by)
    select ${id}, ${body.name}, ${sql.json(body.value as never)}, ${body.validFrom}, ${body.source}, ${staff}
    from platform.airline where (now() at time zone time_zone)::date <= ${body.validFrom}
    returning id`
  return appended.length === 1 ? { type: 'set', policyId: publicId('policy', id) } : { type: 'date-in-past' }
}

export const route = command(
  setPolicy,
  {
    description:
      'Sets a value that law or the airline may change, from a day on. Values are never edited: a second one for the same day is a correction. Flights that are open for sale keep what they were opened with.',
    body: Body,
    success: { status: 201, description: 'The policy is set', schema: z.object({ policyId: Id('policy') }) },
    problems: [FLIGHT_PROBLEMS['date-in-past']],
    example: {
      body: {
        name: 'child-fare',
        value: { numerator: 1, denominator: 2 },
        validFrom: '2027-07-01',
        source: 'Sample value',
      },
    },
  },
  async (sql, { caller, body }) => {
    const outcome = await appendPolicy(sql, caller.id, body)
    switch (outcome.type) {
      case 'set':
        return { status: 201, body: { policyId: outcome.policyId } }
      case 'date-in-past':
        return problem(FLIGHT_PROBLEMS['date-in-past'], {
          errors: [{ pointer: '/validFrom', detail: 'must be today or later' }],
        })
    }
  },
)
