import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import postgres from 'postgres'
import type { TestProject } from 'vitest/node'
import {
  type EmbeddedPostgres,
  EmbeddedPostgresError,
  startEmbeddedPostgres,
} from '../../infra/local/embedded-postgres.ts'
import { migrate } from '../../infra/postgres/migrate.ts'
import { databaseUrl, TEMPLATE, TEST_DATABASE_PREFIX } from './database-names.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** URL of the server's database `postgres`, from which the tests' own databases are made. */
    postgresUrl: string
  }
}

const FOLDER = join(import.meta.dirname, '../../.local/test-postgres')
const RUNS_AT_ONCE = 4

// vitest loads this file once a project; the projects of one run share one server.
type Shared = { users: number; server: Promise<EmbeddedPostgres> }
const shared = globalThis as { flightsTestPostgres?: Shared | undefined }

/** Starts the run's PostgreSQL and migrates the template; without safety against a crash, for speed. */
export async function setup(project: TestProject): Promise<void> {
  shared.flightsTestPostgres ??= { users: 0, server: startServer() }
  shared.flightsTestPostgres.users++
  const { url } = await shared.flightsTestPostgres.server
  project.provide('postgresUrl', databaseUrl(url, 'postgres'))
}

export async function teardown(): Promise<void> {
  const current = shared.flightsTestPostgres
  if (current === undefined || --current.users > 0) return
  shared.flightsTestPostgres = undefined
  await (await current.server).stop()
}

async function startServer(): Promise<EmbeddedPostgres> {
  const server = await startInFreeFolder()
  try {
    await removeLeftOvers(server.url)
    await prepareTemplate(server.url)
  } catch (error) {
    await server.stop()
    throw error
  }
  return server
}

// The initialised folder is kept from run to run. Runs at the same time take a folder each.
async function startInFreeFolder(): Promise<EmbeddedPostgres> {
  for (let run = 1; ; run++) {
    const folder = run === 1 ? FOLDER : `${FOLDER}-${run}`
    try {
      return await startOrWipe(folder)
    } catch (error) {
      const inUse = error instanceof EmbeddedPostgresError && error.problem === 'in use'
      if (!inUse || run === RUNS_AT_ONCE) throw error
    }
  }
}

async function startOrWipe(folder: string): Promise<EmbeddedPostgres> {
  try {
    return await startEmbeddedPostgres({ folder, durable: false })
  } catch (error) {
    const unusable = error instanceof EmbeddedPostgresError && ['broken', 'version'].includes(error.problem)
    if (!unusable) throw error
    await rm(folder, { recursive: true, force: true })
    return await startEmbeddedPostgres({ folder, durable: false })
  }
}

async function removeLeftOvers(url: string): Promise<void> {
  const sql = postgres(databaseUrl(url, 'postgres'), { max: 1 })
  try {
    const left = await sql<{ name: string }[]>`
      select datname as name from pg_database where starts_with(datname, ${TEST_DATABASE_PREFIX})`
    for (const { name } of left) await sql`drop database ${sql(name)} with (force)`
  } finally {
    await sql.end()
  }
}

async function prepareTemplate(url: string): Promise<void> {
  const sql = postgres(databaseUrl(url, 'postgres'), { max: 1, onnotice: () => {} })
  const recreate = async () => {
    await sql`drop database if exists ${sql(TEMPLATE)} with (force)`
    await sql`create database ${sql(TEMPLATE)}`
  }
  try {
    const existing = await sql`select 1 from pg_database where datname = ${TEMPLATE}`
    if (existing.length === 0) await recreate()
    try {
      await migrate(databaseUrl(url, TEMPLATE))
    } catch {
      // A migration was edited since the last run, or is wrong: a fresh template tells the two apart.
      await recreate()
      await migrate(databaseUrl(url, TEMPLATE))
    }
  } finally {
    await sql.end()
  }
}
