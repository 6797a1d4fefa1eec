/**
 * Many lives of bookings, compared with the model: `npm run verify:full`. `--sequences` says how many, `--seed` which.
 * Then each planted fault must be found. Exit code 1 when something does not hold.
 */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startEmbeddedPostgres } from '../../infra/local/embedded-postgres.ts'
import { migrate } from '../../infra/postgres/migrate.ts'
import { seedReference } from '../../infra/postgres/seed/load.ts'
import { connect, transaction } from '../../shared/postgres/client.ts'
import { startTestHost } from '../support/local-host.ts'
import { FAULTS, plant } from './faults.ts'
import { compareLives } from './life.ts'

const FOLDER = join(import.meta.dirname, '../../.local', `model-postgres-${process.pid}`)
const { values } = parseArgs({
  options: {
    sequences: { type: 'string', default: '2000' },
    seed: { type: 'string', default: String(Date.now() % 1e9) },
  },
})
const [sequences, seed] = [Number(values.sequences), Number(values.seed)]

const server = await startEmbeddedPostgres({ folder: FOLDER, durable: false })
try {
  await migrate(server.url)
  connect(server.url)
  await transaction(seedReference)
  const host = await startTestHost(server.url)
  try {
    const started = performance.now()
    const figures = await compareLives(host.client, sequences, seed, {
      onSequence: (done) => {
        if (done % 100 === 0)
          console.log(
            `${done} of ${sequences} sequences (${((performance.now() - started) / 1000).toFixed(0)} s)`,
          )
      },
    })
    console.log(
      `seed ${seed}: ${JSON.stringify(figures)} in ${((performance.now() - started) / 1000).toFixed(0)} s`,
    )
    for (const fault of FAULTS) {
      const restore = await plant(fault)
      const found = await compareLives(host.client, 500, seed, { shrink: false }).then(
        () => false,
        (error: Error) => /the model|answered 500/.test((error.cause as Error).message),
      )
      await restore()
      if (!found) throw new Error(`not found: ${fault.name}`)
      console.log(`found: ${fault.name}`)
    }
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
