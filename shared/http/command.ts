import type * as z from 'zod/mini'
import { type Transaction, transaction } from '../postgres/client.ts'
import { type Call, type Contract, type Endpoint, endpoint, type HttpEntry } from './endpoint.ts'
import { asReplay, claim, digestOf, type First, findFirst, keep, keyReused, remember } from './idempotency.ts'
import type { Answer } from './problem.ts'

/**
 * Defines a command: an endpoint whose change, events and remembered answer are one transaction. The handler writes
 * through `sql`; what it returns is kept under the Idempotency-Key and replayed to a repeat. A refusal (status 400
 * and above) undoes whatever the handler wrote, and is kept as well.
 */
export function command<P extends z.ZodMiniObject, Q extends z.ZodMiniObject, B extends z.ZodMiniType>(
  entry: HttpEntry,
  contract: Contract<P, Q, B>,
  handle: (sql: Transaction, call: Call<z.output<P>, z.output<Q>, z.output<B>>) => Promise<Answer>,
): Endpoint {
  return endpoint(entry, contract, async (call) => {
    const digest = digestOf(entry, call)
    try {
      return await transaction(async (sql) => {
        if (!(await claim(sql, call, digest))) return answerOf(await findFirst<Kept>(call, digest, sql))
        const answer = await handle(sql, call)
        if (answer.status >= 400) throw new Undo(answer)
        await keep(sql, call, answer.status, keptOf(answer))
        return answer
      })
    } catch (error) {
      if (!(error instanceof Undo)) throw error
      const first = await remember(call, digest, error.answer.status, keptOf(error.answer))
      return first ? answerOf(first) : error.answer
    }
  })
}

/** Carries a refusal out of the transaction, which rolls back. */
class Undo extends Error {
  readonly answer: Answer
  constructor(answer: Answer) {
    super('the command refused')
    this.answer = answer
  }
}

type Kept = Omit<Answer, 'status'>
const keptOf = ({ body, headers }: Answer): Kept => ({ body, ...(headers && { headers }) })

function answerOf(first: First<Kept> | undefined): Answer {
  if (!first) throw new Error('an idempotency key vanished between two statements')
  return first.type === 'kept' ? asReplay({ ...first.kept, status: first.status }) : keyReused()
}
