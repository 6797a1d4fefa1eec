import { AUDIENCE, createIssuer, ISSUER, type Issuer, ROLES_CLAIM } from '../../infra/local/issuer.ts'
import { loadEndpoints } from '../../shared/hosts/functions.ts'
import { startLocalHost } from '../../shared/hosts/local.ts'
import { type Client, createClient } from './client.ts'
import { withContract } from './contract.ts'
import { configureForTest } from './settings.ts'

const JWKS_PATH = '/jwks.json'

/** A local host that listens, a client that asks it over HTTP, and the issuer of its tokens. */
export type TestHost = { client: Client; url: string; issuer: Issuer; stop: () => Promise<void> }

/**
 * Starts the local host on a free port, over the database that `databaseUrl` names and shared/postgres/client.ts is
 * connected to. Its own key signs the client's tokens. No schedule and no worker runs.
 */
export async function startTestHost(databaseUrl: string): Promise<TestHost> {
  const issuer = await createIssuer()
  // The port is in the keys' address and known only when the host listens; nothing asks before.
  configureForTest({ DATABASE_URL: databaseUrl, LOG_LEVEL: 'error' })
  const endpoints = await loadEndpoints()
  const extra = { [JWKS_PATH]: issuer.jwks }
  const { url, stop } = await startLocalHost({ port: 0, extra, endpoints, schedules: [], workers: [] })
  configureForTest({
    DATABASE_URL: databaseUrl,
    LOG_LEVEL: 'error',
    OIDC_ISSUER: ISSUER,
    OIDC_AUDIENCE: AUDIENCE,
    OIDC_ROLES_CLAIM: ROLES_CLAIM,
    OIDC_JWKS_URL: `${url}${JWKS_PATH}`,
  })
  const client = createClient(
    (path, request) => fetch(`${url}${path}`, request),
    () => issuer,
  )
  return { client: withContract(client, () => endpoints), url, issuer, stop }
}
