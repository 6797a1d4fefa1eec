import { execFile, execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { CALLERS, type Run } from '../callers.ts'
import type { HttpRequest } from '../operation.ts'

const WRK = 'wrk'
const SCRIPT = join(import.meta.dirname, 'load.lua')
/** What wrk goes on for when nothing more is sent: the last answers come in that time. */
const DRAIN_SECONDS = 1
const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

/**
 * Makes sure of wrk, the generator of load over HTTP.
 * @throws Error that says how to get it
 */
export function assertWrk(): void {
  try {
    execFileSync(WRK, [], { stdio: 'ignore' })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') return
    throw new Error('wrk, which makes the load over HTTP, was not found on the path: apt-get install wrk.')
  }
}

/** Writes requests for load.lua, whole, each with an Idempotency-Key of its own. */
export function writeRequests(file: string, requests: readonly HttpRequest[]): void {
  writeFileSync(file, requests.map(written).join(''))
}

function written({ method, path, body }: HttpRequest): string {
  const json = JSON.stringify(body)
  const request = [
    `${method} ${path} HTTP/1.1`,
    'host: bench.localhost',
    'accept: application/json',
    'content-type: application/json',
    `content-length: ${Buffer.byteLength(json)}`,
    `idempotency-key: ${randomUUID()}`,
    `traceparent: ${TRACE}`,
    '',
    json,
  ].join('\r\n')
  return `${Buffer.byteLength(request)}\n${request}`
}

/** `nextAt` is the byte of the file where the requests begin that were not sent. */
export type WrkRun = Run & { nextAt: number }

/**
 * Sends the requests of a file from a byte on, over as many connections as there are callers elsewhere.
 * @throws Error when an answer was a refusal or a connection broke
 */
export async function runWrk(url: string, file: string, from: number, seconds: number): Promise<WrkRun> {
  const load = ['-t', 1, '-c', CALLERS, '-d', `${seconds + DRAIN_SECONDS}s`, '--timeout', '30s', '-s', SCRIPT]
  const args = [...load, url, '--', file, from, seconds, CALLERS].map(String)
  const { stdout } = await promisify(execFile)(WRK, args)
  const told = /^run (\{.*\})$/m.exec(stdout)?.[1]
  if (told === undefined) throw new Error(`wrk did not tell of its run:\n${stdout}`)
  const { refused, broken, ...run } = JSON.parse(told) as WrkRun & { refused: number; broken: number }
  if (refused + broken === 0) return run
  throw new Error(`${refused} requests were refused and ${broken} were not answered:\n${stdout}`)
}
