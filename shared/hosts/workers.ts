import { setTimeout as sleep } from 'node:timers/promises'
import { log } from '#log'
import { EVENTS, type Event, type EventType } from '../events/index.ts'
import { publicId } from '../ids.ts'
import { transaction } from '../postgres/client.ts'
import type { Worker } from '../worker.ts'

/** Events taken in one transaction at most. */
const BATCH = 200
/** How long to wait when there was nothing, and after a failure. */
const IDLE_MS = 200
const AFTER_FAILURE_MS = 2000

/** Workers that run in this process. */
export type RunningWorkers = { stop: () => Promise<void> }

type Row = {
  id: number
  event_id: string
  type: EventType
  subject: string
  version: number
  occurred_at: Date
  data: unknown
  traceparent: string | null
}

/**
 * Hands the outbox's events to the workers of this process: the queue of the laptop, where PostgreSQL is the broker.
 * Effects and the mark that an event is done commit together, so each takes effect once. Without workers the outbox
 * is left alone.
 */
export function runWorkers(workers: readonly Worker[]): RunningWorkers {
  const stopping = new AbortController()
  const loop = workers.length > 0 ? run(workers, stopping.signal) : Promise.resolve()
  return {
    stop() {
      stopping.abort()
      return loop
    },
  }
}

async function run(workers: readonly Worker[], stopping: AbortSignal): Promise<void> {
  while (!stopping.aborted) {
    let pause = 0
    try {
      if ((await deliver(workers)) < BATCH) pause = IDLE_MS
    } catch (err) {
      log.error({ err }, 'workers failed; the events are delivered again')
      pause = AFTER_FAILURE_MS
    }
    await sleep(pause, undefined, { signal: stopping }).catch(() => {})
  }
}

/** Takes the oldest waiting events that no other process holds; answers how many. */
function deliver(workers: readonly Worker[]): Promise<number> {
  return transaction(async (sql) => {
    const rows = await sql<Row[]>`
      select id, event_id, type, subject, version, occurred_at, data, traceparent
      from platform.outbox where done_at is null
      order by id limit ${BATCH} for update skip locked`
    const events = rows.map(eventOf)
    for (const { entry, handle } of workers) {
      const own = events.filter(({ type }) => entry.on.includes(type))
      if (own.length > 0) await handle(sql, own)
    }
    await sql`update platform.outbox set done_at = now() where id = any (${rows.map(({ id }) => id)}::bigint[])`
    return rows.length
  })
}

/** @throws when the data does not fit the event's schema: the writer broke the contract. */
// The type and the data belong together, which only the schema knows.
const eventOf = (row: Row): Event =>
  ({
    id: publicId('event', row.event_id),
    type: row.type,
    subject: row.subject,
    version: row.version,
    time: row.occurred_at,
    traceparent: row.traceparent,
    data: EVENTS[row.type].parse(row.data),
  }) as Event
