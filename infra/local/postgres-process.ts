import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import type { PostgresBinaries } from './postgres-binaries.ts'
import type { ServerUser } from './postgres-user.ts'

const windows = process.platform === 'win32'

// Nothing of the caller's environment (PGDATA, PGOPTIONS, LC_ALL) may change the server. Windows needs its own.
const environment = windows ? {} : { env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' } }

// The server gets its own process group, so that Ctrl-C reaches only the caller, who drains before stop().
// A shell in the background waits for the pipe from the caller to close and then asks for a fast shutdown:
// stop() closes it, and so does any end of the caller, kill -9 included. `exec` makes the server the child.
const LAUNCHER =
  'exec 3<&0; { read -r _ <&3; kill -INT $$; } >/dev/null 2>&1 & exec "$0" "$@" 3<&- </dev/null'

/** A server that accepts connections. */
export type ServerProcess = { stop: () => Promise<void> }

/** Starts the server on an existing data folder and resolves when it accepts connections. */
export async function launchServer(
  binaries: PostgresBinaries,
  user: ServerUser,
  folder: string,
  port: number,
  settings: Record<string, string>,
  log: (line: string) => void,
): Promise<ServerProcess> {
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
  const args = ['-D', folder, '-p', String(port), ...flags]
  const [command, commandArgs] = windows
    ? [binaries.postgres, args]
    : ['/bin/sh', ['-c', LAUNCHER, binaries.postgres, ...args]]
  const server = spawn(command, commandArgs, {
    ...user,
    ...environment,
    cwd: folder,
    detached: !windows,
    stdio: ['pipe', 'ignore', 'pipe'],
  })
  const exited = new Promise<void>((resolve) => server.once('exit', () => resolve()))
  await waitUntilReady(server, folder, port, log)
  return {
    stop: async () => {
      if (!windows) server.stdin.end()
      else if (server.exitCode === null) {
        await runProgram(binaries.pgCtl, user, folder, ['stop', '-D', folder, '-m', 'fast'])
      }
      await exited
    },
  }
}

const waitUntilReady = (server: ChildProcess, folder: string, port: number, log: (line: string) => void) =>
  new Promise<void>((resolve, reject) => {
    const lastLines: string[] = []
    const lines = createInterface({ input: server.stderr as NodeJS.ReadableStream })
    lines.on('line', (line) => {
      log(line)
      lastLines.push(line)
      if (lastLines.length > LAST_LINES) lastLines.shift()
      if (line.includes('database system is ready to accept connections')) resolve()
    })
    server.once('error', reject)
    // 'close' comes after the last line was read; 'exit' may come before.
    server.once('close', () => reject(explainFailure(lastLines.join('\n'), folder, port)))
  })

const LAST_LINES = 12

function explainFailure(log: string, folder: string, port: number): EmbeddedPostgresError {
  if (log.includes('could not bind')) return portTaken(port)
  if (/lock file "postmaster.pid" already exists|shared memory block .* is still in use/.test(log)) {
    return new EmbeddedPostgresError(
      'in use',
      `Another PostgreSQL server took ${folder} at the same moment. Stop it or give another folder.\n${log}`,
    )
  }
  return new EmbeddedPostgresError(
    'broken',
    `PostgreSQL did not start on ${folder}. The last lines of its log:\n${log}\n` +
      'If the cause is not outside (a full disk, too little memory) and the data can go, `npm run reset` starts anew.',
  )
}

/** The error for a port that another program holds. */
export const portTaken = (port: number): EmbeddedPostgresError =>
  new EmbeddedPostgresError(
    'port',
    `Port ${port} on 127.0.0.1 is taken by another program. Stop that program or give PostgreSQL another port.`,
  )

/** Runs one of the package's programs to its end; throws with what it wrote when it fails. */
export async function runProgram(
  program: string,
  user: ServerUser,
  cwd: string,
  args: string[],
): Promise<void> {
  const child = spawn(program, args, { ...user, ...environment, cwd, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  child.stdout.on('data', (chunk) => {
    output += chunk
  })
  child.stderr.on('data', (chunk) => {
    output += chunk
  })
  const [code, signal] = await once(child, 'close')
  if (code === 0) return
  throw new EmbeddedPostgresError(
    'broken',
    `${program} ended with ${signal ?? `code ${code}`}:\n${output.trim()}`,
  )
}
