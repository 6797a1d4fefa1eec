import { once } from 'node:events'
import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod/mini'
import { AUDIENCE, createIssuer, ISSUER, ROLES_CLAIM } from '../../infra/local/issuer.ts'
import { useDatabase } from '../../tests/support/database.ts'
import { configureForTest } from '../../tests/support/settings.ts'
import { type Endpoint, endpoint, type HttpEntry } from '../http/endpoint.ts'
import { connect, database, disconnect } from '../postgres/client.ts'
import { type LocalHost, startLocalHost } from './local.ts'

const { url: databaseUrl } = useDatabase()
const issuer = await createIssuer()
let host: LocalHost
const get = (path: string, init?: RequestInit) => fetch(`${host.url}${path}`, { redirect: 'manual', ...init })

beforeAll(async () => {
  configureForTest({ DATABASE_URL: databaseUrl })
  host = await startLocalHost({ port: 0, extra: { '/.well-known/jwks.json': issuer.jwks } })
  configureForTest({
    DATABASE_URL: databaseUrl,
    OIDC_ISSUER: ISSUER,
    OIDC_AUDIENCE: AUDIENCE,
    OIDC_ROLES_CLAIM: ROLES_CLAIM,
    OIDC_JWKS_URL: `${host.url}/.well-known/jwks.json`,
  })
})
afterAll(() => host.stop())

describe('health', () => {
  test('is alive and ready while PostgreSQL answers', async () => {
    expect((await get('/livez')).status).toBe(200)
    const ready = await get('/readyz')
    expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready' }])
  })

  test('is alive and not ready when PostgreSQL refuses, and says so without the address', async () => {
    await talkTo(await closedPort(), async () => {
      expect((await get('/livez')).status).toBe(200)
      const answer = await get('/readyz')
      expect([answer.status, answer.headers.get('content-type')]).toEqual([503, 'application/problem+json'])
      expect(await answer.json()).toMatchObject({
        code: 'not-ready',
        detail: 'PostgreSQL refused the connection (ECONNREFUSED).',
        notReady: ['postgres'],
      })
    })
    expect((await get('/readyz')).status).toBe(200)
  })

  test('is not ready after a second without an answer', async () => {
    // All ten connections of the pool are taken.
    const busy = Array.from({ length: 10 }, () => database()`select pg_sleep(1.8)`.execute())
    const asked = performance.now()
    expect(await (await get('/readyz')).json()).toMatchObject({
      detail: 'PostgreSQL did not answer within 1 s.',
    })
    expect(performance.now() - asked).toBeGreaterThan(950)
    await Promise.all(busy)
    expect((await get('/readyz')).status).toBe(200)
  })

  async function talkTo(port: number, work: () => Promise<void>): Promise<void> {
    await disconnect()
    connect(`postgres://postgres@127.0.0.1:${port}/none`)
    await work()
    await disconnect()
    connect(databaseUrl)
  }

  async function closedPort(): Promise<number> {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    server.close()
    await once(server, 'close')
    return port
  }
})

describe('the API reference', () => {
  test('is a page whose every file this process serves', async () => {
    const page = await get('/docs')
    expect(page.headers.get('content-type')).toMatch(/^text\/html/)
    const html = await page.text()
    const files = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path ?? '')
    expect(files).toHaveLength(4)
    for (const path of files) expect(path).toMatch(/^\/docs\//)
    const types = await Promise.all(files.map(async (path) => (await get(path)).headers.get('content-type')))
    expect(types).toEqual([
      'image/png',
      'text/css; charset=utf-8',
      'text/javascript; charset=utf-8',
      'text/javascript; charset=utf-8',
    ])
    expect(await (await get('/docs/swagger-ui-bundle.js')).text()).toContain('SwaggerUIBundle')
  })

  test('runs no script but its own', async () => {
    const page = await get('/docs')
    expect(page.headers.get('content-security-policy')).toContain("default-src 'self'")
    expect(await page.text()).not.toMatch(/<script>|<script [^>]*>[^<]|https?:/)
  })

  test('serves none of the other files of the package', async () => {
    for (const path of ['/docs/package.json', '/docs/index.html', '/docs/..%2fpackage.json']) {
      expect((await get(path)).status).toBe(404)
    }
  })

  test('is where the root leads', async () => {
    const root = await get('/')
    expect([root.status, root.headers.get('location')]).toEqual([302, '/docs'])
  })

  test('shows the OpenAPI document of every endpoint, at this address', async () => {
    const document = (await (await get('/openapi.json')).json()) as { paths: object }
    expect(document).toMatchObject({
      openapi: expect.stringMatching(/^3\.1\./),
      servers: [{ url: host.url }],
    })
    expect(Object.keys(document.paths)).toContain('/v1/bookings/{locator}')
  })
})

describe('what is not there', () => {
  test.each([
    ['GET', '/v1/nothing', 404, 'not-found'],
    ['GET', '/v1/bookings', 405, 'method-not-allowed'],
    ['GET', '/problems/nonsense', 404, 'not-found'],
  ])('%s %s is a problem, and its type leads to what it means', async (method, path, status, code) => {
    const answer = await get(path, { method })
    expect([answer.status, answer.headers.get('content-type')]).toEqual([status, 'application/problem+json'])
    const { type, title } = (await answer.json()) as { type: string; title: string }
    expect(type).toBe(`/problems/${code}`)
    expect(await (await get(type)).json()).toMatchObject({ code, title, status, help: expect.any(String) })
  })

  test('the problems of the slices and of the host are explained too', async () => {
    for (const code of ['unknown-flight', 'not-ready']) {
      expect(await (await get(`/problems/${code}`)).json()).toMatchObject({ code })
    }
  })
})

test('accepts tokens of the issuer whose keys it serves itself', async () => {
  const ask = async (role: 'partner' | 'admin') =>
    get('/v1/fares', {
      method: 'POST',
      headers: {
        authorization: `Bearer ${await issuer.sign({ role })}`,
        'idempotency-key': crypto.randomUUID(),
        'content-type': 'application/json',
      },
      body: '{}',
    })
  expect((await ask('partner')).status).toBe(403)
  expect((await ask('admin')).status).toBe(422)
})

test('refuses a port that is taken', async () => {
  const port = Number(new URL(host.url).port)
  await expect(startLocalHost({ port, endpoints: [], schedules: [] })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  })
})

test('a stop finishes what runs, takes nothing new, and closes the connections to PostgreSQL', async () => {
  const arrived = Promise.withResolvers<void>()
  const slow = slowEndpoint(arrived.resolve)
  const other = await startLocalHost({ port: 0, endpoints: [slow], schedules: [] })
  expect((await fetch(`${other.url}/livez`)).status).toBe(200)
  const pending = fetch(`${other.url}/v1/slow`)
  await arrived.promise
  const asked = performance.now()
  const stopping = other.stop()
  await expect(fetch(`${other.url}/livez`)).rejects.toThrow()
  const answer = await pending
  expect([answer.status, await answer.json()]).toEqual([200, { one: 1 }])
  await stopping
  expect(performance.now() - asked).toBeLessThan(3000)
  // Opens a new connection, the only one of this process.
  const [{ connections } = { connections: 0 }] = await database()<{ connections: number }[]>`
    select count(*) as connections from pg_stat_activity
    where datname = current_database() and application_name = 'flight-reservation-system'`
  expect(connections).toBe(1)
})

function slowEndpoint(onArrival: () => void): Endpoint {
  const entry: HttpEntry = {
    entry: 'test/queries/slow',
    http: 'GET /v1/slow',
    summary: 'Answer late',
    allow: ['public'],
    reaches: ['postgres'],
  }
  const success = { status: 200, description: 'Late', schema: z.object({ one: z.int() }) } as const
  return endpoint(entry, { success, problems: [] }, async () => {
    onArrival()
    const [row] = await database()`select 1 as one, pg_sleep(0.5)::text as slept`
    return { status: 200, body: { one: row?.one } }
  })
}
