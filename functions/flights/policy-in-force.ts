import type { Sql, Transaction } from '../../shared/postgres/client.ts'
import { POLICIES, type Policies, type PolicyName } from './policies.ts'

/**
 * The value of one policy today, in the airline's time zone.
 * @throws Error when there is none that fits: the database was not seeded
 */
export async function policyInForce<Name extends PolicyName>(
  sql: Sql | Transaction,
  name: Name,
): Promise<Policies[Name]> {
  const [stored] = await sql<{ value: unknown }[]>`select flights.policy(${name}) as value`
  const parsed = POLICIES[name].safeParse(stored?.value)
  if (!parsed.success) throw new Error(`flights.policies has no fitting value in force for: ${name}`)
  return parsed.data as Policies[Name]
}
