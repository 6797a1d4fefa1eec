import { step } from '../infra/local/steps.ts'
import { disconnect } from '../shared/postgres/client.ts'
import type { Run } from './callers.ts'
import { openDatabase, type Server, useDatabase } from './database.ts'
import { growSchedule, runSearch } from './search.ts'

export type Searched = { flights: number } & Pick<Run, 'rate' | 'p50' | 'p99'>

/** Searches schedules of growing size, in one database of their own. */
export const measureSearch = (
  server: Server,
  sizes: readonly number[],
  seconds: number,
): Promise<Searched[]> =>
  server.withDatabase('bench_search', async (url) => {
    const sql = openDatabase(url)
    useDatabase(url)
    try {
      const searched: Searched[] = []
      for (const flights of sizes) {
        const told = flights.toLocaleString('en')
        await step(`${told} flights`, (report) =>
          growSchedule(sql, flights, (done) => report({ done, total: flights })),
        )
        const { rate, p50, p99 } = await step(`search in ${told} flights`, () => runSearch(seconds))
        searched.push({ flights, rate, p50, p99 })
      }
      return searched
    } finally {
      await disconnect()
      await sql.end()
    }
  })
