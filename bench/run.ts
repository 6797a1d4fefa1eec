/**
 * npm run bench: bookings against pgbench on the same durable PostgreSQL, and search as the schedule grows. See README.md.
 * `--quick` runs each about 2 s and keeps no results; `--only <scenario>` runs one.
 */
import { parseArgs } from 'node:util'
import { startServer } from './database.ts'
import { measureBookings } from './measure-bookings.ts'
import { measureSearch } from './measure-search.ts'
import { findPgbench } from './pgbench.ts'
import {
  type BookingFigure,
  bookingFigures,
  bookingTable,
  machine,
  searchFigures,
  searchTable,
  writeResults,
} from './report.ts'
import { SCENARIOS } from './scenarios.ts'

const FULL = { seconds: 3, rounds: 3, pool: 30_000, searchSeconds: 3, schedules: [10_000, 1_000_000] }
const QUICK = { seconds: 2, rounds: 1, pool: 12_000, searchSeconds: 2, schedules: [10_000] }
const SEARCH = 'search'

async function main(): Promise<void> {
  const { values: chosen } = parseArgs({
    options: { quick: { type: 'boolean', default: false }, only: { type: 'string' } },
  })
  const names = [...SCENARIOS.map(({ name }) => name), SEARCH]
  const { only } = chosen
  if (only !== undefined && !names.includes(only)) {
    throw new Error(`--only ${only} is no scenario. There are: ${names.join(', ')}.`)
  }
  const scenarios = SCENARIOS.filter(({ name }) => only === undefined || only === name)
  const extent = chosen.quick ? QUICK : FULL
  const pgbench = findPgbench()
  const server = await startServer()
  try {
    const of = machine(server.version, pgbench.version)
    console.log(`${of.cores} × ${of.cpu}, ${of.memoryGiB} GiB, Node ${of.node}, PostgreSQL ${of.postgres}`)
    const measured = scenarios.length > 0 ? await measureBookings(server, pgbench, scenarios, extent) : []
    const bookings = bookingFigures(measured)
    const searched =
      only === undefined || only === SEARCH ? await measureSearch(server, extent.schedules, extent) : []
    const searches = searchFigures(searched)

    if (bookings.length > 0) console.log(`\n${bookingTable(bookings)}`)
    if (searches.length > 0) console.log(`\n${searchTable(searches)}`)
    console.log('\nRatios hold within a run; rates are this machine’s, now.')
    if (!chosen.quick) {
      if (bookings.length > 0) writeResults(only ?? 'bookings', of, bookings)
      if (searches.length > 0) writeResults(SEARCH, of, searches)
    }
    assertGathering(bookings)
  } finally {
    await server.stop()
  }
}

/** A loose bar: gathered, bookings of one flight share its lock and its commit; slower than one by one is a fault. */
function assertGathering(figures: readonly BookingFigure[]): void {
  for (const { scenario, contender, ratio } of figures) {
    if (contender !== 'gathered' || !scenario.endsWith('-hot') || ratio >= 1) continue
    throw new Error(
      `${scenario}: gathered bookings made ${ratio} of what pgbench made one by one; 1 or more is due.`,
    )
  }
}

try {
  await main()
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
