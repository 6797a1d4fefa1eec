import { database } from '../../shared/postgres/client.ts'

/** How many deadlocks PostgreSQL has resolved in this database. A connection may tell of its own a second late. */
export async function countDeadlocks(): Promise<number> {
  const [row] = await database()<{ count: number }[]>`
    select deadlocks as count from pg_stat_database where datname = current_database()`
  if (!row) throw new Error('pg_stat_database does not know this database')
  return row.count
}
