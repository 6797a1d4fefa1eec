import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { AUDIENCE, createIssuer, ISSUER, type Issuer, ROLES_CLAIM } from '../../infra/local/issuer.ts'

/** An issuer that publishes its keys over HTTP, and the settings of a process that trusts it. */
export type KeyServer = { issuer: Issuer; settings: Record<string, string>; stop: () => void }

export async function startKeyServer(): Promise<KeyServer> {
  const issuer = await createIssuer()
  const server = createServer((_, response) => {
    response.setHeader('content-type', 'application/json').end(JSON.stringify(issuer.jwks()))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    issuer,
    settings: {
      OIDC_ISSUER: ISSUER,
      OIDC_AUDIENCE: AUDIENCE,
      OIDC_ROLES_CLAIM: ROLES_CLAIM,
      OIDC_JWKS_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks.json`,
    },
    stop() {
      server.closeAllConnections()
      server.close()
    },
  }
}
