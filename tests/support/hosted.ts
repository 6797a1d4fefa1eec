import { afterAll, beforeAll } from 'vitest'
import { seedReference, seedSchedule } from '../../infra/postgres/seed/load.ts'
import { transaction } from '../../shared/postgres/client.ts'
import { type Client, createClient } from './client.ts'
import { useDatabase } from './database.ts'
import { type KeyServer, startKeyServer } from './key-server.ts'

/** What a host in a process of its own is started with, and a client that asks it. */
export type Hosted = { settings: () => Record<string, string>; clientOf: (url: string) => Client }

/**
 * Call at the top of a test file: a database with two weeks of flights, and an issuer, for a host that is started in
 * another process with `settings()` as its environment.
 */
export function useHosted(): Hosted {
  const { url } = useDatabase()
  let keys: KeyServer
  beforeAll(async () => {
    await transaction(async (sql) => {
      await seedReference(sql)
      await seedSchedule(sql, { days: 13 })
    })
    keys = await startKeyServer()
  })
  afterAll(() => keys?.stop())
  return {
    settings: () => ({
      DATABASE_URL: url,
      LOOKUP_KEY: 'ab'.repeat(32),
      DOCUMENT_KEYS: `test:${'11'.repeat(32)}`,
      LOG_LEVEL: 'error',
      ...keys.settings,
    }),
    clientOf: (host) =>
      createClient(
        (path, request) => fetch(`${host}${path}`, request),
        () => keys.issuer,
      ),
  }
}
