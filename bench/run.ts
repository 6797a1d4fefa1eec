/**
 * npm run bench: bookings against pgbench on the same durable PostgreSQL, in this process and over HTTP beside peers;
 * search as the schedule grows; the start of functions. See README.md.
 * `--quick` runs each about 2 s and keeps no results; `--only <scenario>` runs one; `--chart` draws the kept results.
 */
import { parseArgs } from 'node:util'
import { bookingsChart } from './chart.ts'
import { startServer } from './database.ts'
import { type BookingFigure, bookingFigures, searchFigures } from './figures.ts'
import { measureBookings } from './measure-bookings.ts'
import { measureSearch } from './measure-search.ts'
import { measureStarts } from './measure-starts.ts'
import { findPgbench } from './pgbench.ts'
import { bookingTable, searchTable, startTables } from './report.ts'
import { type Machine, machine, readResults, writeChart, writeResults } from './results.ts'
import { quickly, SCENARIOS } from './scenarios.ts'

const FULL = {
  seconds: 3,
  rounds: 3,
  pool: 40_000,
  searchSeconds: 3,
  schedules: [10_000, 1_000_000],
  starts: 15,
  imports: 5,
}
const QUICK = {
  seconds: 2,
  rounds: 1,
  pool: 25_000,
  searchSeconds: 2,
  schedules: [10_000],
  starts: 3,
  imports: 1,
}
const BOOKINGS = 'bookings'
const SEARCH = 'search'
const STARTS = 'starts'

const { values: chosen } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    chart: { type: 'boolean', default: false },
  },
})
const { quick, only } = chosen
const isChosen = (name: string) => only === undefined || only === name

async function main(): Promise<void> {
  if (chosen.chart) return drawChart()
  const names = [...SCENARIOS.map(({ name }) => name), SEARCH, STARTS]
  if (only !== undefined && !names.includes(only)) {
    throw new Error(`--only ${only} is no scenario. There are: ${names.join(', ')}.`)
  }
  const scenarios = (quick ? quickly(SCENARIOS) : SCENARIOS).filter(({ name }) => isChosen(name))
  const extent = quick ? QUICK : FULL
  const pgbench = findPgbench()
  const server = await startServer()
  try {
    const of = machine(server.version, pgbench.version)
    console.log(`${of.cores} × ${of.cpu}, ${of.memoryGiB} GiB, Node ${of.node}, PostgreSQL ${of.postgres}`)
    if (scenarios.length > 0) {
      const bookings = bookingFigures(await measureBookings(server, pgbench, scenarios, extent))
      // One scenario's figures are kept apart: those of all were taken in one run.
      tell(of, only ?? BOOKINGS, bookings, bookingTable(bookings))
      assertGathering(bookings)
    }
    if (isChosen(SEARCH)) {
      const searches = searchFigures(await measureSearch(server, extent.schedules, extent))
      tell(of, SEARCH, searches, searchTable(searches))
    }
    if (isChosen(STARTS)) {
      const starts = await measureStarts(server, extent)
      tell(of, STARTS, starts, startTables(starts))
    }
    console.log('Ratios hold within a run; rates and times are this machine’s, now.')
    if (!quick && only === undefined) drawChart()
  } finally {
    await server.stop()
  }
}

function tell(of: Machine, name: string, figures: object, table: string): void {
  console.log(`\n${table}\n`)
  if (!quick) writeResults(name, of, figures)
}

const drawChart = (): void => writeChart(BOOKINGS, bookingsChart(readResults<BookingFigure[]>(BOOKINGS)))

/** A loose bar: gathered, bookings of one flight share its lock and its commit; slower than one by one is a fault. */
function assertGathering(figures: readonly BookingFigure[]): void {
  for (const { scenario, contender, ratio } of figures) {
    if (contender !== 'gathered' || !scenario.endsWith('-hot') || ratio.median >= 1) continue
    throw new Error(
      `${scenario}: gathered bookings made ${ratio.median} of what pgbench made one by one; 1 or more is due.`,
    )
  }
}

try {
  await main()
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 1
}
