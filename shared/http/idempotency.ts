import { createHmac } from 'node:crypto'
import { config } from '../config.ts'
import { newUuid } from '../ids.ts'
import { database, type Sql, type Transaction, transaction } from '../postgres/client.ts'
import type { Call, HttpEntry } from './endpoint.ts'
import { type Answer, problem } from './problem.ts'
import { HTTP_PROBLEMS } from './problems.ts'

/** What identifies an intention: who sent which key. */
export type Keyed = Pick<Call<unknown, unknown, unknown>, 'caller' | 'idempotencyKey'>

/** What stands under a used key: the first answer, or that the key belongs to other content. */
export type First<Kept> = { type: 'kept'; status: number; kept: Kept } | { type: 'key-reused' }

/**
 * What was asked: the operation and its parsed parts, which have one order of members. A keyed hash, since a request may
 * hold the number of an identity document, and there are few enough to try them all.
 */
export const digestOf = (entry: HttpEntry, call: Call<unknown, unknown, unknown>): Buffer =>
  createHmac('sha256', config().LOOKUP_KEY)
    .update(JSON.stringify([entry.http, call.params, call.query, call.body]))
    .digest()

/** False when the key was used before. A concurrent use is waited for until its transaction ends. */
export async function claim(
  sql: Transaction,
  { caller, idempotencyKey }: Keyed,
  digest: Buffer,
): Promise<boolean> {
  const claimed = await sql`
    insert into platform.idempotency_keys (caller, key, digest, claim)
    values (${caller.id}, ${idempotencyKey}, ${digest}, ${newUuid()})
    on conflict do nothing
    returning key`
  return claimed.length === 1
}

/** Keeps the answer of a claimed key. */
export async function keep(
  sql: Transaction,
  { caller, idempotencyKey }: Keyed,
  status: number,
  kept: unknown,
): Promise<void> {
  await sql`
    update platform.idempotency_keys set status = ${status}, answer = ${sql.json(kept as never)}
    where caller = ${caller.id} and key = ${idempotencyKey}`
}

/** The answer that was kept under the key, if it was used. */
export async function findFirst<Kept>(
  call: Keyed,
  digest: Buffer,
  sql: Sql | Transaction = database(),
): Promise<First<Kept> | undefined> {
  const [first] = await sql<{ same: boolean; status: number; kept: Kept }[]>`
    select digest = ${digest} as same, status, answer as kept
    from platform.idempotency_keys where caller = ${call.caller.id} and key = ${call.idempotencyKey}`
  if (!first) return undefined
  return first.same ? { type: 'kept', status: first.status, kept: first.kept } : { type: 'key-reused' }
}

/**
 * Keeps an answer that goes with no change.
 * @returns what another request with this key was answered first, or undefined when this is the first
 */
export function remember<Kept>(
  call: Keyed,
  digest: Buffer,
  status: number,
  kept: Kept,
): Promise<First<Kept> | undefined> {
  return transaction(async (sql) => {
    if (!(await claim(sql, call, digest))) return findFirst<Kept>(call, digest, sql)
    await keep(sql, call, status, kept)
    return undefined
  })
}

/** Tells the client that this answer was given before. */
export const asReplay = (answer: Answer): Answer => ({
  ...answer,
  headers: { ...answer.headers, 'idempotent-replayed': 'true' },
})

export const keyReused = (): Answer => problem(HTTP_PROBLEMS['idempotency-key-reused'])
