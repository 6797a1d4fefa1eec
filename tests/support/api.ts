import type { Hono } from 'hono'
import { afterAll, beforeAll } from 'vitest'
import type { Issuer } from '../../infra/local/issuer.ts'
import { seedReference } from '../../infra/postgres/seed/load.ts'
import { loadEndpoints } from '../../shared/hosts/functions.ts'
import { createApp } from '../../shared/http/app.ts'
import type { Endpoint } from '../../shared/http/endpoint.ts'
import { transaction } from '../../shared/postgres/client.ts'
import { type Client, createClient } from './client.ts'
import { withContract } from './contract.ts'
import { type TestDatabase, useDatabase } from './database.ts'
import { type KeyServer, startKeyServer } from './key-server.ts'
import { configureForTest } from './settings.ts'

export type Api = Client & {
  database: TestDatabase
  /** Signs the tokens that the API takes. */
  issuer: () => Issuer
}

/**
 * Call at the top of a `.pg.test.ts` file: gives it a database of its own with the sample airline's reference data and
 * no flight, and every endpoint of the catalog over it, with real tokens. No port is opened but the issuer's. An answer
 * that is not in its endpoint's contract fails the test.
 */
export function useApi(): Api {
  const database = useDatabase()
  let app: Hono
  let endpoints: Endpoint[] = []
  let keys: KeyServer

  beforeAll(async () => {
    keys = await startKeyServer()
    configureForTest({
      DATABASE_URL: database.url,
      // What fails unexpectedly is told; a refusal is no error.
      LOG_LEVEL: 'error',
      ...keys.settings,
    })
    await transaction(seedReference)
    endpoints = await loadEndpoints()
    app = createApp(endpoints)
  })
  afterAll(() => keys?.stop())

  const client = createClient(
    (path, request) => app.request(path, request),
    () => keys.issuer,
  )
  return { ...withContract(client, () => endpoints), database, issuer: () => keys.issuer }
}
