import { type Context, Hono } from 'hono'
import { cors } from 'hono/cors'
import { config } from '../config.ts'
import { type Endpoint, requestIdOf, respond } from './endpoint.ts'
import { problem } from './problem.ts'
import { HTTP_PROBLEMS } from './problems.ts'

/** How a host tells where a request comes from. */
export type AddressOf = (c: Context) => string | undefined

declare module 'hono' {
  interface ContextVariableMap {
    address: string | undefined
  }
}

/**
 * An application of these endpoints; a host serves it. An unknown path and a wrong method answer as problems; pages of
 * the configured origins may call it.
 */
export function createApp(endpoints: readonly Endpoint[], addressOf: AddressOf = () => undefined): Hono {
  const app = new Hono()
  app.use('/v1/*', (c, next) => {
    c.set('address', clientAddress(addressOf(c), c.req.header('x-forwarded-for'), config().TRUSTED_PROXIES))
    return next()
  })
  // A page's request names its origin. For the others, headers set ahead of the answer would cost more than parsing them.
  app.use('/v1/*', (c, next) => (c.req.header('origin') === undefined ? next() : pagesOfOrigins(c, next)))
  const routes = endpoints.map(({ entry, handle }) => {
    const [method = '', path = ''] = entry.http.split(' ')
    app.on(method, path, handle)
    return { method, path, pattern: new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`) }
  })
  // A path may fit several routes, /booking-access and /bookings/:locator: all their methods are allowed.
  const allowedAt = (path: string): string =>
    [...new Set(routes.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method))].join(', ')
  for (const path of new Set(routes.map((route) => route.path))) {
    app.all(path, (c) =>
      respond(
        problem(HTTP_PROBLEMS['method-not-allowed'], {}, { allow: allowedAt(c.req.path) }),
        requestIdOf(c),
      ),
    )
  }
  app.notFound((c) => respond(problem(HTTP_PROBLEMS['not-found']), requestIdOf(c)))
  return app
}

/**
 * The client's address: the peer's, or what the outermost trusted proxy wrote down. What stands before it in
 * X-Forwarded-For was sent by the client and is believed by nobody.
 */
export function clientAddress(
  peer: string | undefined,
  forwarded: string | undefined,
  proxies: number,
): string | undefined {
  if (proxies === 0) return peer
  return (
    forwarded
      ?.split(',')
      .map((entry) => entry.trim())
      .at(-proxies) || peer
  )
}

// Asked for each request, not when the application is made: a module may be loaded before it is configured.
const pagesOfOrigins = cors({
  origin: (origin) => {
    const allowed = config()
      .CORS_ORIGINS.split(',')
      .map((entry) => entry.trim())
    return allowed.includes('*') || allowed.includes(origin) ? origin : null
  },
  allowMethods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
  allowHeaders: [
    'authorization',
    'content-type',
    'idempotency-key',
    'if-match',
    'traceparent',
    'x-request-id',
  ],
  exposeHeaders: [
    'etag',
    'idempotent-replayed',
    'link',
    'location',
    'ratelimit',
    'ratelimit-policy',
    'retry-after',
    'x-request-id',
  ],
  maxAge: 600,
})
