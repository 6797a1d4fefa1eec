import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { CONTAINER_FOLDER } from '../../infra/build/container.ts'
import { freePort } from '../../infra/local/free-port.ts'
import { CONNECTIONS, LOCAL, SETTINGS } from '../database.ts'

/** The contenders that answer HTTP, and what Node runs for each. */
const PROGRAMS = {
  http: [join(CONTAINER_FOLDER, 'main.mjs'), 'server'],
  fastify: [fileURLToPath(import.meta.resolve('../peers/fastify.ts'))],
  express: [fileURLToPath(import.meta.resolve('../peers/express.ts'))],
} as const
export type HttpContender = keyof typeof PROGRAMS

export const isHttp = (contender: string): contender is HttpContender => Object.hasOwn(PROGRAMS, contender)

const LOG = join(LOCAL, 'bench-http.log')
const START_MS = 10_000

export type HttpServer = { url: string; stop: () => Promise<void> }

/**
 * Starts a contender in a process of its own, as production would: its log, at its own level, goes to a file.
 * @throws Error with what it said when it did not start
 */
export async function startHttpServer(contender: HttpContender, databaseUrl: string): Promise<HttpServer> {
  const port = await freePort(0)
  const log = openSync(LOG, 'w')
  const server = spawn(process.execPath, PROGRAMS[contender], {
    stdio: ['ignore', log, log],
    env: {
      ...SETTINGS,
      NODE_ENV: 'production',
      PORT: String(port),
      DATABASE_URL: databaseUrl,
      DATABASE_POOL: String(CONNECTIONS),
      // Every caller has one address here: what it may ask is counted as ever, and is more.
      RATE_LIMIT_FACTOR: '1000',
      DRAIN_NOTICE_MS: '0',
    },
  })
  closeSync(log)
  const url = `http://127.0.0.1:${port}`
  await answers(server, url)
  return { url, stop: () => stop(server) }
}

async function answers(server: ChildProcess, url: string): Promise<void> {
  const until = performance.now() + START_MS
  for (;;) {
    try {
      await (await fetch(`${url}/livez`)).arrayBuffer()
      return
    } catch {
      if (server.exitCode === null && performance.now() < until) {
        await sleep(50)
        continue
      }
      await stop(server)
      throw new Error(`${server.spawnargs.join(' ')} did not start:\n${readFileSync(LOG, 'utf8')}`)
    }
  }
}

async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return
  server.kill('SIGTERM')
  await once(server, 'exit')
}
