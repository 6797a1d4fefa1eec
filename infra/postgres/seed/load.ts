import postgres from 'postgres'
import type { Transaction } from '../../../shared/postgres/client.ts'
import { seedReference } from './reference.ts'
import { seedSchedule } from './schedule.ts'

export { seedReference } from './reference.ts'
export { extendSchedule, type ScheduleOptions, seedSchedule } from './schedule.ts'

export type SeedOptions = {
  /** Flights made, of all that are to be made. */
  onProgress?: (progress: { done: number; total: number }) => void
}

/**
 * Fills a migrated database that has no airline yet with the sample airline: reference data, and a schedule from today
 * on. One transaction: a run that is stopped leaves nothing behind, and of two at a time one seeds.
 * @returns whether this run seeded
 */
export async function seed(databaseUrl: string, options: SeedOptions = {}): Promise<boolean> {
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => {} })
  try {
    const seeded = await sql.begin(async (begun) => {
      const transaction = begun as unknown as Transaction
      if (!(await seedReference(transaction))) return false
      await seedSchedule(transaction, options)
      return true
    })
    // Without it the first queries are planned as if the tables were empty.
    if (seeded) await sql`analyze`
    return seeded
  } finally {
    await sql.end()
  }
}
