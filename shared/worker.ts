import type { Event, EventType } from './events/index.ts'
import type { Transaction } from './postgres/client.ts'

/** A worker's line in the catalog. */
export type WorkerEntry<Type extends EventType = EventType> = {
  entry: string
  /** The events that it is sent. */
  on: readonly Type[]
  summary: string
  reaches: readonly string[]
}

/** A function that events call. It knows no broker; deliveries come at least once and in no order. */
export type Worker = {
  kind: 'worker'
  entry: WorkerEntry
  /** Takes a batch in one transaction: its effects and the record that they happened commit together. */
  handle: (sql: Transaction, events: readonly Event[]) => Promise<void>
}

/** Defines a worker. */
export const worker = <Type extends EventType>(
  entry: WorkerEntry<Type>,
  handle: (sql: Transaction, events: readonly Event<Type>[]) => Promise<void>,
): Worker => ({ kind: 'worker', entry, handle: handle as Worker['handle'] })
