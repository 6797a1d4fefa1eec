import { Hono } from 'hono'
import { type Endpoint, requestIdOf, respond } from './endpoint.ts'
import { problem } from './problem.ts'
import { HTTP_PROBLEMS } from './problems.ts'

/** An application of these endpoints; a host serves it. An unknown path and a wrong method answer as problems. */
export function createApp(endpoints: readonly Endpoint[]): Hono {
  const app = new Hono()
  const routes = endpoints.map(({ entry, handle }) => {
    const [method = '', path = ''] = entry.http.split(' ')
    app.on(method, path, handle)
    return { method, path, pattern: new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`) }
  })
  // A path may fit several routes, /bookings/retrieve and /bookings/:locator: all their methods are allowed.
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
