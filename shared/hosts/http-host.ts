import { once } from 'node:events'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { createAdaptorServer, type HttpBindings } from '@hono/node-server'
import type { Context, Hono } from 'hono'
import { closeCache } from '#cache'
import product from '../../package.json' with { type: 'json' }
import { createApp } from '../http/app.ts'
import { type Endpoint, requestIdOf, respond } from '../http/endpoint.ts'
import { openApiDocument } from '../http/openapi.ts'
import { problem } from '../http/problem.ts'
import { problemDocument } from '../http/problem-page.ts'
import { HTTP_PROBLEMS } from '../http/problems.ts'
import { disconnect } from '../postgres/client.ts'
import { draining, READINESS_PROBLEMS, readiness } from './readiness.ts'

/** How long a stop waits for what runs. */
const DRAIN_MS = 10_000
/** A request that has not been sent whole by then is given up; no honest client needs as long for 64 KiB. */
const REQUEST_MS = 15_000

export type HttpHostOptions = {
  endpoints: readonly Endpoint[]
  /** TCP port; 0 takes a free one. */
  port: number
  /** Address to listen on. */
  address: string
  /** Adds what this host alone serves. */
  extend?: (app: Hono) => void
  /** What else runs in the process and is to end with it. */
  running?: readonly { stop: () => Promise<void> }[]
}

export type HttpHost = {
  url: string
  /**
   * Says that it is not ready, goes on serving for `noticeMs` so that whoever sends requests can notice, then takes no
   * new one, lets what runs finish for ten seconds at most, and closes its connections.
   */
  stop: (noticeMs?: number) => Promise<void>
}

/**
 * Serves endpoints from a long-running process, with /livez, /readyz, /openapi.json and /problems/<code>.
 * @throws Error when the port is taken (EADDRINUSE)
 */
export async function startHttpHost(options: HttpHostOptions): Promise<HttpHost> {
  const { endpoints, address } = options
  let leaving = false
  const app = createApp(endpoints, peerAddress)
  app.get('/livez', (c) => c.json({ status: 'alive' }))
  app.get('/readyz', async (c) => respond(leaving ? draining() : await readiness(), requestIdOf(c)))
  serveOpenApi(app, endpoints)
  serveProblems(app, endpoints)
  options.extend?.(app)

  const server = createAdaptorServer({ fetch: app.fetch }) as Server
  server.requestTimeout = REQUEST_MS
  server.headersTimeout = REQUEST_MS
  // Longer than the idle time-outs of the load balancers in front, or they would reuse a connection just closed here.
  server.keepAliveTimeout = 75_000
  // An answer on a connection that is about to close says so, or its client would send the next request into it.
  server.prependListener('request', (_, response) => {
    if (leaving) response.setHeader('connection', 'close')
  })
  server.listen(options.port, address)
  await once(server, 'listening')
  const host = address === '0.0.0.0' ? '127.0.0.1' : address
  return {
    url: `http://${host}:${(server.address() as AddressInfo).port}`,
    async stop(noticeMs = 0) {
      leaving = true
      if (noticeMs > 0) await sleep(noticeMs)
      const others = (options.running ?? []).map((one) => one.stop())
      await within(DRAIN_MS, Promise.all([drain(server), ...others]))
      server.closeAllConnections()
      await Promise.all([disconnect(), closeCache()])
    },
  }
}

const peerAddress = (c: Context<{ Bindings: HttpBindings }>): string | undefined =>
  c.env.incoming?.socket.remoteAddress

function serveOpenApi(app: Hono, endpoints: readonly Endpoint[]): void {
  const documents = new Map<string, object>()
  app.get('/openapi.json', (c) => {
    const serverUrl = new URL(c.req.url).origin
    const document =
      documents.get(serverUrl) ?? openApiDocument(endpoints, { serverUrl, version: product.version })
    // One address in practice; a client that makes up host names gets its document and no memory.
    if (documents.size < 10) documents.set(serverUrl, document)
    return c.json(document)
  })
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
