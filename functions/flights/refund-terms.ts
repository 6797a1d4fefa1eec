import { publicId, uuidOf } from '../../shared/ids.ts'
import type { Sql, Transaction } from '../../shared/postgres/client.ts'
import { POLICIES, type Policies } from './policies.ts'

type RightName = 'retracto' | 'desistimiento' | 'desistimiento-retention'

/** What a refund follows beside the quote: the rights as they stood on the day of purchase, each with its source. */
export type RefundTerms = {
  rights: { [Name in RightName]: { value: Policies[Name]; source: string } }
  /** Those of the fares that were sold as promotional. */
  promotionalFares: ReadonlySet<string>
  /** How long a quote holds, today. */
  quoteMinutes: number
}

type Stored = {
  promotional: string[]
  quoteMinutes: unknown
  rights: Partial<Record<RightName, { value: unknown; source: string }>>
}

/**
 * Reads the terms of a refund.
 * @param fares public ids of the fares that were sold
 * @throws Error when a policy was not in force on the day of purchase
 */
export async function loadRefundTerms(
  sql: Sql | Transaction,
  fares: readonly string[],
  boughtAt: Date,
): Promise<RefundTerms> {
  const [stored] = await sql<Stored[]>`
    with days as (
      select (${boughtAt}::timestamptz at time zone time_zone)::date as bought, (now() at time zone time_zone)::date as today
      from platform.airline
    )
    select
      (select coalesce(jsonb_agg(id), '[]') from flights.fares
        where promotional and id = any (${fares.map(uuidOf)}::uuid[])) as promotional,
      (select value from flights.policies, days where name = 'quote-minutes' and valid_from <= today
        order by valid_from desc, id desc limit 1) as "quoteMinutes",
      (select coalesce(jsonb_object_agg(name, jsonb_build_object('value', value, 'source', source)), '{}')
        from (select distinct on (name) name, value, source from flights.policies, days
          where name in ('retracto', 'desistimiento', 'desistimiento-retention') and valid_from <= bought
          order by name, valid_from desc, id desc) p) as rights`
  if (!stored) throw new Error('one row is always answered')
  const rightOf = <Name extends RightName>(name: Name) => {
    const right = stored.rights[name]
    if (!right) throw new Error(`flights.policies had no value of ${name} on the day of purchase`)
    return { value: POLICIES[name].parse(right.value) as Policies[Name], source: right.source }
  }
  return {
    rights: {
      retracto: rightOf('retracto'),
      desistimiento: rightOf('desistimiento'),
      'desistimiento-retention': rightOf('desistimiento-retention'),
    },
    promotionalFares: new Set(stored.promotional.map((id) => publicId('fare', id))),
    quoteMinutes: POLICIES['quote-minutes'].parse(stored.quoteMinutes),
  }
}
