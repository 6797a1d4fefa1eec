import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { createAdaptorServer } from '@hono/node-server'
import type { Hono } from 'hono'
import product from '../../package.json' with { type: 'json' }
import { createApp } from '../http/app.ts'
import { type Endpoint, requestIdOf, respond } from '../http/endpoint.ts'
import { openApiDocument } from '../http/openapi.ts'
import { problem } from '../http/problem.ts'
import { problemDocument } from '../http/problem-page.ts'
import { HTTP_PROBLEMS } from '../http/problems.ts'
import { disconnect } from '../postgres/client.ts'
import type { Schedule } from '../schedule.ts'
import type { Worker } from '../worker.ts'
import { serveApiReference } from './api-reference.ts'
import { loadEndpoints, loadSchedules, loadWorkers } from './functions.ts'
import { READINESS_PROBLEMS, readiness } from './readiness.ts'
import { runSchedules } from './schedules.ts'
import { runWorkers } from './workers.ts'

/** Only this machine is served: the local issuer's tokens are no protection beyond it. */
const ADDRESS = '127.0.0.1'
/** How long a stop waits for what runs. */
const DRAIN_MS = 10_000

export type LocalHostOptions = {
  /** TCP port; 0 takes a free one. */
  port: number
  /** Further JSON documents, by path: what surrounds the host adds its own. */
  extra?: Record<string, () => unknown>
  /** The functions to run; those of the catalog when left out. */
  endpoints?: readonly Endpoint[]
  schedules?: readonly Schedule[]
  workers?: readonly Worker[]
}

export type LocalHost = {
  url: string
  /** Takes no new request, lets what runs finish for ten seconds at most, and closes the connections to PostgreSQL. */
  stop: () => Promise<void>
}

/**
 * Runs every function of the system in this process: the endpoints behind one HTTP server, the schedules by their
 * clocks, the workers on the outbox's events. The database is the one that shared/postgres/client.ts is connected to.
 * @throws Error when the port is taken (EADDRINUSE) or a function cannot be loaded
 */
export async function startLocalHost(options: LocalHostOptions): Promise<LocalHost> {
  const endpoints = options.endpoints ?? (await loadEndpoints())
  const schedules = options.schedules ?? (await loadSchedules())
  const workers = options.workers ?? (await loadWorkers())
  const app = createApp(endpoints)
  serveHealth(app)
  serveApiReference(app)
  app.get('/', (c) => c.redirect('/docs'))
  const documents = new Map<string, object>()
  app.get('/openapi.json', (c) => {
    const serverUrl = new URL(c.req.url).origin
    const document =
      documents.get(serverUrl) ?? openApiDocument(endpoints, { serverUrl, version: product.version })
    // One address in practice; a client that makes up host names gets its document and no memory.
    if (documents.size < 10) documents.set(serverUrl, document)
    return c.json(document)
  })
  serveProblems(app, endpoints)
  for (const [path, content] of Object.entries(options.extra ?? {})) app.get(path, (c) => c.json(content()))

  const server = createAdaptorServer({ fetch: app.fetch }) as Server
  server.listen(options.port, ADDRESS)
  await once(server, 'listening')
  const running = [runSchedules(schedules), runWorkers(workers)]
  return {
    url: `http://${ADDRESS}:${(server.address() as AddressInfo).port}`,
    async stop() {
      await within(DRAIN_MS, Promise.all([drain(server), ...running.map((one) => one.stop())]))
      server.closeAllConnections()
      await disconnect()
    },
  }
}

function serveHealth(app: Hono): void {
  app.get('/livez', (c) => c.json({ status: 'alive' }))
  app.get('/readyz', async (c) => respond(await readiness(), requestIdOf(c)))
}

/** Where the `type` of a problem leads. */
function serveProblems(app: Hono, endpoints: readonly Endpoint[]): void {
  const kinds = [
    ...Object.values(HTTP_PROBLEMS),
    ...Object.values(READINESS_PROBLEMS),
    ...endpoints.flatMap(({ contract }) => contract.problems),
  ]
  app.get('/problems/:code', (c) => {
    const document = problemDocument(kinds, c.req.param('code'))
    return document ? c.json(document) : respond(problem(HTTP_PROBLEMS['not-found']), requestIdOf(c))
  })
}

/** Resolves when the last request was answered. */
async function drain(server: Server): Promise<void> {
  const closed = once(server, 'close')
  server.close()
  // A connection that is kept open after its answer would be waited for until it times out.
  const idle = setInterval(() => server.closeIdleConnections(), 50)
  await closed
  clearInterval(idle)
}

async function within(limitMs: number, work: Promise<unknown>): Promise<void> {
  const abort = new AbortController()
  await Promise.race([work, sleep(limitMs, undefined, { signal: abort.signal })])
  abort.abort()
}
