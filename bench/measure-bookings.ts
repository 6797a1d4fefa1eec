import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Report, step } from '../infra/local/steps.ts'
import { disconnect, type Sql } from '../shared/postgres/client.ts'
import { runAlone, runGathered } from './booking.ts'
import { checkBookings, resetBookings } from './checks.ts'
import { openDatabase, type Server, useDatabase } from './database.ts'
import { type Pgbench, runPgbench } from './pgbench.ts'
import { fillPool, openMarket } from './quotes.ts'
import type { Scenario } from './scenarios.ts'

const PEER = join(import.meta.dirname, 'peer.sql')

export type Contender = 'pgbench' | 'alone' | 'gathered'
export const CONTENDERS: readonly Contender[] = ['pgbench', 'alone', 'gathered']

/** What one contender did in one round; pgbench tells of its latency the average alone. */
type Round = { rate: number; p50?: number; p99?: number; averageMs?: number }

/** The rounds of a scenario: in each, every contender ran once. */
export type Measured = { scenario: Scenario; rounds: Record<Contender, Round>[] }

/** Seconds a run, runs of each contender, quotes that there are for a run. */
export type Extent = { seconds: number; rounds: number; pool: number }

/** Runs the scenarios one after another, all on one database; each run starts from no bookings. */
export async function measureBookings(
  server: Server,
  pgbench: Pgbench,
  scenarios: readonly Scenario[],
  extent: Extent,
): Promise<Measured[]> {
  const url = await server.createDatabase('bench_bookings')
  const sql = openDatabase(url)
  useDatabase(url)
  try {
    await openMarket(sql)
    await sql.unsafe(readFileSync(PEER, 'utf8'))
    const measured: Measured[] = []
    for (const scenario of scenarios) {
      const setting = { sql, url, pgbench, scenario, extent }
      measured.push(await step(scenario.title, (report) => measureScenario(setting, report)))
    }
    return measured
  } finally {
    await disconnect()
    await sql.end()
  }
}

type Setting = { sql: Sql; url: string; pgbench: Pgbench; scenario: Scenario; extent: Extent }

/** The contenders run by turns, so that whatever else the machine does meets all of them. */
async function measureScenario(setting: Setting, report: Report): Promise<Measured> {
  const { sql, scenario, extent } = setting
  const total = 1 + extent.rounds * CONTENDERS.length
  let done = 0
  report({ done, total })
  await fillPool(sql, scenario, extent.pool)
  const rounds: Measured['rounds'] = []
  for (let round = 0; round < extent.rounds; round++) {
    const figures = {} as Record<Contender, Round>
    for (const contender of CONTENDERS) {
      report({ done: ++done, total })
      figures[contender] = await run(contender, setting)
    }
    rounds.push(figures)
  }
  return { scenario, rounds }
}

async function run(contender: Contender, setting: Setting): Promise<Round> {
  const { sql, url, pgbench, scenario, extent } = setting
  // New connections for every run, as pgbench has.
  await disconnect()
  await resetBookings(sql)
  const { made, ...figures } = await {
    pgbench: () => runPgbench(pgbench, url, extent.seconds),
    alone: () => runAlone(scenario, extent),
    gathered: () => runGathered(scenario, extent),
  }[contender]()
  await checkBookings(sql, scenario, made)
  return figures
}
