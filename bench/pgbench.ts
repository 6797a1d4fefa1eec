import { execFile, execFileSync } from 'node:child_process'
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { CONNECTIONS } from './database.ts'

const THREADS = 2

export type Pgbench = { path: string; version: string }

/**
 * Finds pgbench: the newest of Debian's versions, or the one on the path.
 * @throws Error that says how to get it
 */
export function findPgbench(): Pgbench {
  const debian = globSync('/usr/lib/postgresql/*/bin/pgbench').sort(
    (one, other) => majorOf(other) - majorOf(one),
  )
  for (const path of [...debian, 'pgbench']) {
    try {
      return { path, version: execFileSync(path, ['--version'], { encoding: 'utf8' }).trim() }
    } catch {}
  }
  throw new Error(
    'pgbench was not found under /usr/lib/postgresql/ or on the path, and rates are told as ratios to it. ' +
      'Install it: apt-get install postgresql. (The server that comes with it is not used.)',
  )
}

const majorOf = (path: string): number => Number(path.split('/')[4])

/** What a run did: transactions in all, a second, and how long one took on average. */
export type PgbenchRun = { made: number; rate: number; averageMs: number }

/**
 * Lets pgbench run a file of this folder with as many clients as the application has connections.
 * @throws Error when a transaction failed or a client gave up
 */
export async function runPgbench(
  { path }: Pgbench,
  script: string,
  url: string,
  seconds: number,
): Promise<PgbenchRun> {
  const file = join(import.meta.dirname, script)
  const load = ['-n', '-c', CONNECTIONS, '-j', THREADS, '-M', 'prepared', '-T', seconds, '-f', file]
  const { stdout, stderr } = await promisify(execFile)(path, [...load.map(String), url])
  const failed = /number of failed transactions: [^0]/.test(stdout)
  if (failed || /aborted|error/i.test(stderr)) throw new Error(`pgbench failed:\n${stderr}${stdout}`)
  return {
    made: figure(stdout, /transactions actually processed: (\d+)/),
    rate: figure(stdout, /tps = ([\d.]+) \(without initial connection time\)/),
    averageMs: figure(stdout, /latency average = ([\d.]+) ms/),
  }
}

function figure(output: string, pattern: RegExp): number {
  const found = pattern.exec(output)?.[1]
  if (found === undefined) throw new Error(`pgbench did not say ${pattern.source}:\n${output}`)
  return Number(found)
}
