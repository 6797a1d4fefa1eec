import { randomUUID } from 'node:crypto'
import postgres from 'postgres'
import { afterAll, beforeAll, inject } from 'vitest'
import { connect, disconnect } from '../../shared/postgres/client.ts'
import { databaseUrl, TEMPLATE, TEST_DATABASE_PREFIX } from './database-names.ts'

/** The database of one test file. */
export type TestDatabase = {
  /** `postgres://` URL; readable from the first `beforeAll` on. */
  readonly url: string
}

/**
 * Call at the top of a `.pg.test.ts` file: gives it a migrated, empty database of its own, to which
 * `shared/postgres/client.ts` is connected, and drops it at the end. The drop fails, and the file with
 * it, when a connection was left open.
 */
export function useDatabase(): TestDatabase {
  const name = `${TEST_DATABASE_PREFIX}${randomUUID().replaceAll('-', '')}`
  const url = databaseUrl(inject('postgresUrl'), name)

  beforeAll(async () => {
    await administer((sql) => sql`create database ${sql(name)} template ${sql(TEMPLATE)}`)
    connect(url)
  })
  afterAll(async () => {
    await disconnect()
    await administer((sql) => sql`drop database ${sql(name)}`)
  })
  return { url }
}

async function administer(statement: (sql: postgres.Sql) => PromiseLike<unknown>): Promise<void> {
  const sql = postgres(inject('postgresUrl'), { max: 1 })
  try {
    await statement(sql)
  } finally {
    await sql.end()
  }
}
