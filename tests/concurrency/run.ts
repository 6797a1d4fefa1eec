/**
 * Sells flights out by many clients at once, again and again: `npm run verify:full`. On an embedded PostgreSQL of its
 * own, durable as in production. Exit code 1 at the first run in which something does not hold.
 */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startEmbeddedPostgres } from '../../infra/local/embedded-postgres.ts'
import { migrate } from '../../infra/postgres/migrate.ts'
import { seedReference } from '../../infra/postgres/seed/load.ts'
import { connect, transaction } from '../../shared/postgres/client.ts'
import { startTestHost } from '../support/local-host.ts'
import { bookPairs } from './pairs.ts'
import { sellOut } from './sell-out.ts'

const FOLDER = join(import.meta.dirname, '../../.local', `concurrency-postgres-${process.pid}`)

const { values } = parseArgs({ options: { times: { type: 'string', default: '20' } } })
const times = Number(values.times)
if (!Number.isInteger(times) || times < 1) throw new Error('--times must be a whole number from 1')

const server = await startEmbeddedPostgres({ folder: FOLDER, durable: true })
try {
  await migrate(server.url)
  connect(server.url)
  await transaction(seedReference)
  const host = await startTestHost(server.url)
  try {
    await repeat('500 bookings sell 100 seats', (seed) => sellOut(host.client, seed, 'all'))
    await repeat('two flights together, by four processes', (seed) =>
      bookPairs(host.client, server.url, seed),
    )
  } finally {
    await host.stop()
  }
} catch (error) {
  console.error(error)
  process.exitCode = 1
} finally {
  await server.stop()
  await rm(FOLDER, { recursive: true, force: true })
}

/** Runs with other chances each time, which the number of the run decides. */
async function repeat(what: string, run: (seed: number) => Promise<object>): Promise<void> {
  for (let seed = 1; seed <= times; seed++) {
    const started = performance.now()
    const figures = await run(seed).catch((cause) => {
      throw new Error(`${what}: run ${seed} of ${times} failed`, { cause })
    })
    const seconds = ((performance.now() - started) / 1000).toFixed(1)
    console.log(`${what}, ${seed} of ${times}: ${told(figures)} (${seconds} s)`)
  }
}

function told(figures: object): string {
  return Object.entries(figures)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ')
}
