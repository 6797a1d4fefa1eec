import { Hono } from 'hono'
import { type Endpoint, requestIdOf, respond } from './endpoint.ts'
import { problem } from './problem.ts'
import { HTTP_PROBLEMS } from './problems.ts'

/** An application of these endpoints; a host serves it. An unknown path and a wrong method answer as problems. */
export function createApp(endpoints: readonly Endpoint[]): Hono {
  const app = new Hono()
  const methods = new Map<string, string[]>()
  for (const { entry, handle } of endpoints) {
    const [method = '', path = ''] = entry.http.split(' ')
    app.on(method, path, handle)
    methods.set(path, [...(methods.get(path) ?? []), method])
  }
  for (const [path, allowed] of methods) {
    app.all(path, (c) =>
      respond(
        problem(HTTP_PROBLEMS['method-not-allowed'], {}, { allow: allowed.join(', ') }),
        requestIdOf(c),
      ),
    )
  }
  app.notFound((c) => respond(problem(HTTP_PROBLEMS['not-found']), requestIdOf(c)))
  return app
}
