import { step } from '../infra/local/steps.ts'
import { disconnect } from '../shared/postgres/client.ts'
import type { Run } from './callers.ts'
import { openDatabase, type Server, useDatabase } from './database.ts'
import { fillSchedule, runSearch } from './search.ts'

/** A schedule of so many flights, searched once in each round. */
export type Searched = { flights: number; rounds: Run[] }

/** Seconds a run, and how many times each schedule is searched. */
export type Extent = { searchSeconds: number; rounds: number }

/** Searches schedules of these sizes, each in a database of its own. */
export async function measureSearch(
  server: Server,
  sizes: readonly number[],
  extent: Extent,
): Promise<Searched[]> {
  const schedules: (Searched & { url: string })[] = []
  for (const flights of sizes) {
    const url = await server.createDatabase(`bench_search_${flights}`)
    await step(`${flights.toLocaleString('en')} flights`, async (report) => {
      const sql = openDatabase(url)
      try {
        await fillSchedule(sql, flights, (done) => report({ done, total: flights }))
      } finally {
        await sql.end()
      }
    })
    schedules.push({ flights, url, rounds: [] })
  }
  await step('search', async (report) => {
    const total = extent.rounds * schedules.length
    let done = 0
    // By turns, so that whatever else the machine does meets all sizes.
    for (let round = 0; round < extent.rounds; round++) {
      for (const { url, rounds } of schedules) {
        report({ done: done++, total })
        useDatabase(url)
        try {
          rounds.push(await runSearch(extent.searchSeconds))
        } finally {
          await disconnect()
        }
      }
    }
  })
  return schedules
}
