import { setTimeout as sleep } from 'node:timers/promises'
import { loadWorkers } from '../../shared/hosts/functions.ts'
import { runWorkers } from '../../shared/hosts/workers.ts'
import { publicId } from '../../shared/ids.ts'
import { database } from '../../shared/postgres/client.ts'

/** Runs the workers of this process until no event waits. */
export async function deliverHere(): Promise<void> {
  const running = runWorkers(await loadWorkers())
  try {
    for (let waited = 0; waited < 10_000; waited += 20) {
      const [left] = await database()<{ events: number }[]>`
        select count(*)::integer as events from platform.outbox where done_at is null`
      if (left?.events === 0) return
      await sleep(20)
    }
    throw new Error('events are still waiting')
  } finally {
    await running.stop()
  }
}

type Waiting = {
  id: number
  event_id: string
  type: string
  subject: string
  version: number
  occurred_at: Date
  traceparent: string | null
  data: unknown
}

/**
 * Hands what waits to workers behind queues, in the shape in which SQS gives it to Lambda.
 * @param invoke calls a worker by its name in the catalog
 */
export async function deliverBySqs(
  workers: readonly { name: string; on: readonly string[] }[],
  invoke: (name: string, event: unknown) => Promise<unknown>,
): Promise<void> {
  const sql = database()
  const waiting = await sql<Waiting[]>`
    select id, event_id, type, subject, version, occurred_at, traceparent, data
    from platform.outbox where done_at is null order by id`
  for (const { name, on } of workers) {
    const Records = waiting
      .filter(({ type }) => on.includes(type))
      .map(({ event_id, type, subject, occurred_at, traceparent, data }) => ({
        messageId: event_id,
        body: JSON.stringify({
          specversion: '1.0',
          id: publicId('event', event_id),
          type,
          subject,
          time: occurred_at.toISOString(),
          traceparent,
          data,
        }),
      }))
    for (let at = 0; at < Records.length; at += 10) {
      const said = await invoke(name, { Records: Records.slice(at, at + 10) })
      const { batchItemFailures } = said as { batchItemFailures: unknown[] }
      if (batchItemFailures.length > 0)
        throw new Error(`${name} gave back ${batchItemFailures.length} messages`)
    }
  }
  await sql`update platform.outbox set done_at = now() where id = any (${waiting.map(({ id }) => id)}::bigint[])`
}
