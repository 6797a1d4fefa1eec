import postgres from 'postgres'
import { config } from '../config.ts'
import { isTransient } from './sqlstate.ts'
import { TYPES } from './types.ts'

/** What a statement is written on: the pool, or the transaction that the caller opened. */
export type Sql = postgres.Sql<{ bigint: number }>
export type Transaction = postgres.TransactionSql<{ bigint: number }>

let url: string | undefined
let pool: Sql | undefined

/** Says which database this process talks to, in place of the configured one. Opens nothing. */
export function connect(databaseUrl: string): void {
  url = databaseUrl
}

/** The process's pool of connections; each opens on first use. */
export function database(): Sql {
  pool ??= postgres(url ?? config().DATABASE_URL, {
    max: url ? 10 : config().DATABASE_POOL,
    connection: { application_name: 'flight-reservation-system', TimeZone: 'UTC' },
    onnotice: () => {},
    fetch_types: false,
    types: TYPES,
  }) as unknown as Sql
  return pool
}

/** Ends every connection, waiting for what runs. The next use opens anew. */
export async function disconnect(): Promise<void> {
  const closing = pool
  pool = undefined
  await closing?.end({ timeout: 5 })
}

/**
 * Runs `work` in one READ COMMITTED transaction: guards live in the writes, so nothing stronger is needed. A deadlock
 * or a serialization failure is tried again, twice.
 */
export async function transaction<T>(work: (sql: Transaction) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return (await database().begin((sql) => work(sql as unknown as Transaction))) as T
    } catch (error) {
      if (attempt === 3 || !isTransient(error)) throw error
    }
  }
}
