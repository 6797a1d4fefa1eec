import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Hono } from 'hono'
import { afterAll, beforeAll } from 'vitest'
import { AUDIENCE, createIssuer, ISSUER, type Issuer, ROLES_CLAIM } from '../../infra/local/issuer.ts'
import { seedReference } from '../../infra/postgres/seed/load.ts'
import { loadEndpoints } from '../../shared/hosts/functions.ts'
import { createApp } from '../../shared/http/app.ts'
import type { Endpoint } from '../../shared/http/endpoint.ts'
import { transaction } from '../../shared/postgres/client.ts'
import { type Client, createClient } from './client.ts'
import { withContract } from './contract.ts'
import { type TestDatabase, useDatabase } from './database.ts'
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
  let issuer: Issuer
  let keyServer: Server

  beforeAll(async () => {
    issuer = await createIssuer()
    keyServer = createServer((_, response) => {
      response.setHeader('content-type', 'application/json').end(JSON.stringify(issuer.jwks()))
    }).listen(0, '127.0.0.1')
    await once(keyServer, 'listening')
    configureForTest({
      DATABASE_URL: database.url,
      // What fails unexpectedly is told; a refusal is no error.
      LOG_LEVEL: 'error',
      OIDC_ISSUER: ISSUER,
      OIDC_AUDIENCE: AUDIENCE,
      OIDC_ROLES_CLAIM: ROLES_CLAIM,
      OIDC_JWKS_URL: `http://127.0.0.1:${(keyServer.address() as AddressInfo).port}/jwks.json`,
    })
    await transaction(seedReference)
    endpoints = await loadEndpoints()
    app = createApp(endpoints)
  })
  afterAll(() => {
    keyServer?.closeAllConnections()
    keyServer?.close()
  })

  const client = createClient(
    (path, request) => app.request(path, request),
    () => issuer,
  )
  return { ...withContract(client, () => endpoints), database, issuer: () => issuer }
}
