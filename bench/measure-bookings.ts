import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildContainer } from '../infra/build/container.ts'
import { type Report, step } from '../infra/local/steps.ts'
import { disconnect, type Sql } from '../shared/postgres/client.ts'
import { CALLERS, drive, type Run } from './callers.ts'
import { LOCAL, openDatabase, type Server, useDatabase } from './database.ts'
import { type HttpContender, isHttp, startHttpServer } from './http/server.ts'
import { assertWrk, runWrk, writeRequests } from './http/wrk.ts'
import { OPERATIONS } from './operations.ts'
import { type Pgbench, runPgbench } from './pgbench.ts'
import { openMarket } from './quotes.ts'
import type { Contender, Scenario } from './scenarios.ts'

const PEER = join(import.meta.dirname, 'peer.sql')
const REQUESTS = join(LOCAL, 'bench-requests')

/** In this process, which has booked before. */
const WARM_UP_MS = 500
/** Of a server that has just started: until V8 has compiled what it runs. */
const HTTP_WARM_UP_SECONDS = 4

/** What one contender did in one round; pgbench tells of its latency the average alone. */
type Round = { rate: number; p50?: number; p99?: number; averageMs?: number }

/** The rounds of a scenario: in each, every contender of it ran once. */
export type Measured = { scenario: Scenario; rounds: Partial<Record<Contender, Round>>[] }

/** Seconds a run, runs of each contender, things that there are for a run. */
export type Extent = { seconds: number; rounds: number; pool: number }

/** Runs the scenarios one after another, all on one database; each run starts from no bookings. */
export async function measureBookings(
  server: Server,
  pgbench: Pgbench,
  scenarios: readonly Scenario[],
  extent: Extent,
): Promise<Measured[]> {
  if (scenarios.some(({ contenders }) => contenders.some(isHttp))) {
    assertWrk()
    await step('container', buildContainer)
  }
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
  const { fill, request } = OPERATIONS[scenario.operation]
  const total = 1 + extent.rounds * scenario.contenders.length
  let done = 0
  report({ done, total })
  await fill(sql, scenario, extent.pool)
  if (scenario.contenders.some(isHttp)) {
    writeRequests(
      REQUESTS,
      Array.from({ length: extent.pool }, (_, at) => request(scenario, at + 1)),
    )
  }
  const rounds: Measured['rounds'] = []
  for (let round = 0; round < extent.rounds; round++) {
    const figures: Measured['rounds'][number] = {}
    for (const contender of scenario.contenders) {
      report({ done: ++done, total })
      figures[contender] = await run(contender, setting)
    }
    rounds.push(figures)
  }
  return { scenario, rounds }
}

async function run(contender: Contender, setting: Setting): Promise<Round> {
  const { sql, url, pgbench, scenario, extent } = setting
  const operation = OPERATIONS[scenario.operation]
  // New connections for every run, as pgbench has.
  await disconnect()
  await operation.reset(sql)
  const { made, ...figures } = await (contender === 'pgbench'
    ? runPgbench(pgbench, operation.pgbench, url, extent.seconds)
    : isHttp(contender)
      ? runHttp(contender, setting)
      : runHere((n) => operation[contender](scenario, n), extent))
  await operation.check(sql, scenario, made)
  return figures
}

const runHere = (call: (n: number) => Promise<void>, { seconds, pool }: Extent): Promise<Run> =>
  drive(call, { callers: CALLERS, warmUpMs: WARM_UP_MS, seconds, most: pool })

/** A new server, warmed up and then measured. */
async function runHttp(contender: HttpContender, { url, extent }: Setting): Promise<Run> {
  const server = await startHttpServer(contender, url)
  try {
    const before = await runWrk(server.url, REQUESTS, 0, HTTP_WARM_UP_SECONDS)
    const { made, rate, p50, p99 } = await runWrk(server.url, REQUESTS, before.nextAt, extent.seconds)
    return { made: before.made + made, rate, p50, p99 }
  } finally {
    await server.stop()
  }
}
