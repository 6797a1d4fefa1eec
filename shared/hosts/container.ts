import { once } from 'node:events'
import { log } from '#log'
import { config } from '../config.ts'
import type { Endpoint } from '../http/endpoint.ts'
import { disconnect } from '../postgres/client.ts'
import type { Schedule } from '../schedule.ts'
import type { Worker } from '../worker.ts'
import { startHttpHost } from './http-host.ts'
import { runSchedules } from './schedules.ts'
import { runWorkers } from './workers.ts'

/** How a built container loads the functions of the catalog, by name. */
export type Loaders = {
  routes: Record<string, () => Promise<Endpoint>>
  workers: Record<string, () => Promise<Worker>>
  schedules: Record<string, () => Promise<Schedule>>
}

const USAGE = `Say which role this container has:
  server                  answers HTTP on PORT
  workers [name …]        takes events: the named workers, or all
  schedules [name …]      runs the named schedules by their clocks, or all
  schedule <name>         runs one schedule once and ends`

/**
 * The one entry of the container: runs a role until SIGTERM or SIGINT, then drains and ends with 0. What is wrong with
 * the configuration or the arguments is told in one message before anything starts; then it ends with 1.
 */
export async function runContainer(args: readonly string[], loaders: Loaders): Promise<void> {
  try {
    config()
    await role(args, loaders)
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
    await disconnect()
  }
}

async function role([name, ...chosen]: readonly string[], loaders: Loaders): Promise<void> {
  switch (name) {
    case 'server':
      return serve(loaders)
    case 'workers':
      return untilStopped(runWorkers(await load(loaders.workers, chosen)))
    case 'schedules':
      return untilStopped(runSchedules(await load(loaders.schedules, chosen)))
    case 'schedule': {
      if (chosen.length !== 1) throw new Error(USAGE)
      const [schedule] = await load(loaders.schedules, chosen)
      await schedule?.run()
      return disconnect()
    }
    default:
      throw new Error(USAGE)
  }
}

async function serve(loaders: Loaders): Promise<void> {
  const endpoints = await load(loaders.routes, [])
  const { PORT, DRAIN_NOTICE_MS } = config()
  const host = await startHttpHost({ endpoints, port: PORT, address: '0.0.0.0' })
  log.info({ port: Number(new URL(host.url).port) }, 'serving')
  await stopSignal()
  log.info({ noticeMs: DRAIN_NOTICE_MS }, 'stopping')
  await host.stop(DRAIN_NOTICE_MS)
}

async function untilStopped(running: { stop: () => Promise<void> }): Promise<void> {
  // A timer that is not unref'd keeps the process: what runs here may be idle for long.
  const alive = setInterval(() => {}, 60_000)
  log.info({}, 'running')
  await stopSignal()
  log.info({}, 'stopping')
  await running.stop()
  clearInterval(alive)
  await disconnect()
}

const stopSignal = (): Promise<unknown> => Promise.race([once(process, 'SIGTERM'), once(process, 'SIGINT')])

/** The chosen functions, or all. @throws Error that lists the names there are */
async function load<Definition>(
  available: Record<string, () => Promise<Definition>>,
  chosen: readonly string[],
): Promise<Definition[]> {
  const unknown = chosen.filter((name) => !Object.hasOwn(available, name))
  if (unknown.length > 0) {
    throw new Error(
      `There is no ${unknown.join(', ')}. There are: ${Object.keys(available).join(', ') || 'none'}`,
    )
  }
  const names = chosen.length > 0 ? chosen : Object.keys(available)
  return Promise.all(names.flatMap((name) => available[name]?.() ?? []))
}
