import { publicId, uuidOf } from '../../shared/ids.ts'
import type { Sql, Transaction } from '../../shared/postgres/client.ts'

/** What a passenger may read about the rule behind a price line. Names in the languages of the passengers' site. */
export type RuleDescription = {
  kind: 'tax' | 'promotion'
  name: { es: string; en: string }
  /** Taxes alone: who levies it, by which law, whether it returns with the ticket, whether the value is a sample. */
  authority?: string
  source?: string
  refundable?: boolean
  sample?: boolean
}

type Stored = { id: string; kind: 'tax' | 'promotion'; es: string; en: string } & Pick<
  RuleDescription,
  'authority' | 'source' | 'refundable' | 'sample'
>

/** Describes the taxes and promotions behind price lines, by public id. Rules are never edited, so this never goes stale. */
export async function describeRules(
  sql: Sql | Transaction,
  lines: readonly { rule: string }[],
): Promise<Record<string, RuleDescription>> {
  const idsOf = (prefix: string) => [
    ...new Set(lines.filter(({ rule }) => rule.startsWith(prefix)).map(({ rule }) => uuidOf(rule))),
  ]
  const rules = await sql<Stored[]>`
    select id, 'tax' as kind, name_es as es, name_en as en, authority, source, refundable, sample
    from flights.tax_rules where id = any (${idsOf('tax_')}::uuid[])
    union all
    select id, 'promotion', name_es, name_en, null, null, null, null
    from flights.promotions where id = any (${idsOf('prm_')}::uuid[])`
  return Object.fromEntries(
    rules.map(({ id, kind, es, en, ...rest }) => [
      publicId(kind, id),
      { kind, name: { es, en }, ...(kind === 'tax' && rest) },
    ]),
  )
}
