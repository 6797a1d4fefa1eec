import { join } from 'node:path'
import postgres from 'postgres'
import { startEmbeddedPostgres } from '../infra/local/embedded-postgres.ts'
import { migrate } from '../infra/postgres/migrate.ts'
import { seedReference } from '../infra/postgres/seed/reference.ts'
import { configure } from '../shared/config.ts'
import type { Sql } from '../shared/postgres/client.ts'

/** Where the bench keeps what it needs while it runs. */
export const LOCAL = join(import.meta.dirname, '../.local')
const FOLDER = join(LOCAL, 'bench-postgres')
const DURABLE = ['fsync', 'synchronous_commit', 'full_page_writes'] as const

/** Connections of the application's pool: as many as pgbench has clients. */
export const CONNECTIONS = 8

export type Server = {
  /** As `server_version` says it. */
  version: string
  /** Makes the database anew, migrated and with the reference data; its `postgres://` URL. */
  createDatabase: (name: string) => Promise<string>
  /** Drops what was made, a gigabyte in a full run, and ends the server. */
  stop: () => Promise<void>
}

/**
 * Boots an embedded PostgreSQL that keeps every commit through a crash.
 * @throws Error when a setting that makes it durable is off
 */
export async function startServer(): Promise<Server> {
  const server = await startEmbeddedPostgres({ folder: FOLDER, durable: true })
  const admin = postgres(server.url, { max: 1, onnotice: () => {} })
  const created: string[] = []
  const stop = async () => {
    for (const name of created) await admin`drop database if exists ${admin(name)} with (force)`
    await admin.end()
    await server.stop()
  }
  try {
    await assertDurable(admin)
    const [shown] = await admin<{ version: string }[]>`select current_setting('server_version') as version`
    return {
      version: shown?.version ?? '',
      createDatabase: (name) => {
        created.push(name)
        return createDatabase(admin, server.url, name)
      },
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}

async function assertDurable(sql: postgres.Sql): Promise<void> {
  for (const setting of DURABLE) {
    const [shown] = await sql.unsafe<{ value: string }[]>(`select current_setting('${setting}') as value`)
    if (shown?.value === 'on') continue
    throw new Error(
      `${setting} is ${shown?.value}, and a rate without durable commits says nothing. ` +
        `Remove the setting from ${join(FOLDER, 'postgresql.conf')} or postgresql.auto.conf, or remove that folder.`,
    )
  }
}

async function createDatabase(admin: postgres.Sql, serverUrl: string, name: string): Promise<string> {
  await admin`drop database if exists ${admin(name)} with (force)`
  await admin`create database ${admin(name)}`
  const url = new URL(serverUrl)
  url.pathname = `/${name}`
  await migrate(url.href)
  const sql = openDatabase(url.href)
  try {
    await seedReference(sql)
  } finally {
    await sql.end()
  }
  return url.href
}

/** A connection of the bench's own, for what is not measured. */
export const openDatabase = (url: string): Sql =>
  postgres(url, { max: 1, connection: { TimeZone: 'UTC' }, onnotice: () => {} }) as unknown as Sql

/** What the product wants to know beside its database. No token is sent, so no issuer is asked for its keys. */
export const SETTINGS = {
  OIDC_ISSUER: 'https://issuer.invalid',
  OIDC_JWKS_URL: 'https://issuer.invalid/keys',
  LOOKUP_KEY: '00'.repeat(32),
  DOCUMENT_KEYS: `bench:${'11'.repeat(32)}`,
}

/** Points the application in this process at a database. */
export const useDatabase = (url: string): void =>
  configure({
    DATABASE_URL: url,
    DATABASE_POOL: CONNECTIONS,
    LOG_LEVEL: 'silent',
    ...SETTINGS,
  })
