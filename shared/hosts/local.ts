import type { Endpoint } from '../http/endpoint.ts'
import type { Schedule } from '../schedule.ts'
import type { Worker } from '../worker.ts'
import { serveApiReference } from './api-reference.ts'
import { loadEndpoints, loadSchedules, loadWorkers } from './functions.ts'
import { type HttpHost, startHttpHost } from './http-host.ts'
import { runSchedules } from './schedules.ts'
import { runWorkers } from './workers.ts'

/** Only this machine is served: the local issuer's tokens are no protection beyond it. */
const ADDRESS = '127.0.0.1'

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

export type LocalHost = HttpHost

/**
 * Runs every function of the system in this process: the endpoints behind one HTTP server, the schedules by their
 * clocks, the workers on the outbox's events. The database is the one that shared/postgres/client.ts is connected to.
 * @throws Error when the port is taken (EADDRINUSE) or a function cannot be loaded
 */
export async function startLocalHost(options: LocalHostOptions): Promise<LocalHost> {
  const endpoints = options.endpoints ?? (await loadEndpoints())
  const schedules = options.schedules ?? (await loadSchedules())
  const workers = options.workers ?? (await loadWorkers())
  const running: { stop: () => Promise<void> }[] = []
  const host = await startHttpHost({
    endpoints,
    port: options.port,
    address: ADDRESS,
    running,
    extend(app) {
      serveApiReference(app)
      app.get('/', (c) => c.redirect('/docs'))
      for (const [path, content] of Object.entries(options.extra ?? {})) {
        app.get(path, (c) => c.json(content()))
      }
    },
  })
  running.push(runSchedules(schedules), runWorkers(workers))
  return host
}
