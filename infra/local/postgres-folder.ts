import { execFileSync } from 'node:child_process'
import { accessSync, chownSync, constants, existsSync, readdirSync, readFileSync } from 'node:fs'
import { mkdir, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import type { PostgresBinaries } from './postgres-binaries.ts'
import { runProgram } from './postgres-process.ts'
import { assertReachable, type ServerUser } from './postgres-user.ts'

/** True when the folder holds a database already; throws when it holds something else or cannot be used. */
export function holdsDatabase(folder: string): boolean {
  if (!existsSync(folder)) return false
  try {
    accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (cause) {
    throw new EmbeddedPostgresError(
      'permissions',
      `The data folder ${folder} cannot be read and written by this user, perhaps because another user or root made it. ` +
        `Run \`sudo chown -R $(id -un) ${folder}\`, or start as the user who owns it.`,
      { cause },
    )
  }
  if (existsSync(join(folder, 'PG_VERSION'))) return true
  if (readdirSync(folder).length === 0) return false
  throw new EmbeddedPostgresError(
    'broken',
    `The folder ${folder} is neither empty nor a PostgreSQL database, and is left as it is. ` +
      'Give another folder; if its content can go, `npm run reset` starts anew.',
  )
}

/**
 * Runs initdb beside the folder and renames the result: a start that is killed half-way leaves no half
 * database. Text is UTF-8 in the order of code points (C.UTF-8), the same on every system.
 */
export async function createDatabaseFolder(
  folder: string,
  binaries: PostgresBinaries,
  user: ServerUser,
  options: { password: string; durable: boolean },
): Promise<void> {
  const staging = await makeStagingFolder(folder)
  try {
    const data = join(staging, 'data')
    const passwordFile = join(staging, 'password')
    await writeFile(passwordFile, options.password)
    if (user !== undefined) for (const path of [staging, passwordFile]) chownSync(path, user.uid, user.gid)
    assertReachable(data, user)
    await runProgram(binaries.initdb, user, staging, [
      `--pgdata=${data}`,
      '--username=postgres',
      `--pwfile=${passwordFile}`,
      '--auth=scram-sha-256',
      '--encoding=UTF8',
      '--locale-provider=builtin',
      '--builtin-locale=C.UTF-8',
      '--no-locale',
      // The class of a letter still comes from the system: under plain C, pg_trgm loses every ñ and á.
      `--lc-ctype=${{ linux: 'C.UTF-8', darwin: 'en_US.UTF-8' }[process.platform as string] ?? 'C'}`,
      ...(options.durable ? [] : ['--no-sync']),
    ])
    await putInPlace(data, folder)
  } finally {
    await rm(staging, { recursive: true, force: true })
  }
}

async function makeStagingFolder(folder: string): Promise<string> {
  const parent = dirname(folder)
  const prefix = `${basename(folder)}-initdb-`
  try {
    await mkdir(parent, { recursive: true })
    for (const name of readdirSync(parent)) {
      // Left by a start that was killed.
      if (name.startsWith(prefix) && !isAlive(Number(name.slice(prefix.length)))) {
        await rm(join(parent, name), { recursive: true, force: true })
      }
    }
    const staging = join(parent, `${prefix}${process.pid}`)
    await mkdir(staging, { mode: 0o700 })
    return staging
  } catch (cause) {
    throw new EmbeddedPostgresError(
      'permissions',
      `The data folder ${folder} cannot be made: ${(cause as Error).message}. ` +
        `Allow this user to write in ${parent}, or give another folder.`,
      { cause },
    )
  }
}

async function putInPlace(data: string, folder: string): Promise<void> {
  try {
    if (existsSync(folder)) await rmdir(folder)
    await rename(data, folder)
  } catch (cause) {
    throw new EmbeddedPostgresError(
      'in use',
      `Another start made ${folder} at the same moment (${(cause as Error).message}). Start one at a time.`,
      { cause },
    )
  }
}

/** Throws when the folder was made by another major version: PostgreSQL does not convert it on its own. */
export function assertSameMajor(folder: string, major: number): void {
  const found = readFileSync(join(folder, 'PG_VERSION'), 'utf8').trim()
  if (found === String(major)) return
  throw new EmbeddedPostgresError(
    'version',
    `The data folder ${folder} was made by PostgreSQL ${found || '(unknown)'}; this program brings PostgreSQL ${major}, which cannot read it. ` +
      'To keep the data, dump it with the older version first; if it can go, `npm run reset` starts anew.',
  )
}

/** Throws when a live server uses the folder; waits for one that is stopping; a left-over pid file is no hindrance. */
export async function assertNotInUse(folder: string): Promise<void> {
  for (let waited = 0; ; waited += STOP_POLL_MS) {
    const server = readPidFile(folder)
    // A dead server's file is left to PostgreSQL, which first looks for surviving children of that server.
    if (server === undefined || !isAlive(server.pid)) return
    if (!isPostgres(server.pid)) {
      // The number now belongs to another program; PostgreSQL would refuse to start if it is of the same user.
      await rm(join(folder, 'postmaster.pid'), { force: true })
      return
    }
    if (server.status !== 'stopping' || waited >= STOP_WAIT_MS) {
      throw new EmbeddedPostgresError(
        'in use',
        `A PostgreSQL server already runs on ${folder} (pid ${server.pid}, port ${server.port}): this program was started twice. ` +
          `Stop the other one with Ctrl-C or \`kill -INT ${server.pid}\`, or give another folder.`,
      )
    }
    await sleep(STOP_POLL_MS)
  }
}

const STOP_POLL_MS = 50
const STOP_WAIT_MS = 30_000

// Lines of postmaster.pid: pid, folder, start time, port, socket folder, address, shared memory, status.
function readPidFile(folder: string): { pid: number; port: string; status: string } | undefined {
  const file = join(folder, 'postmaster.pid')
  if (!existsSync(file)) return undefined
  const lines = readFileSync(file, 'utf8').split('\n')
  return { pid: Number(lines[0]), port: lines[3] ?? '', status: (lines[7] ?? '').trim() }
}

function isPostgres(pid: number): boolean {
  if (process.platform === 'win32') return true
  try {
    const program =
      process.platform === 'linux'
        ? readFileSync(`/proc/${pid}/comm`, 'utf8')
        : execFileSync('ps', ['-o', 'comm=', '-p', String(pid)], { encoding: 'utf8' })
    return program.includes('postgres')
  } catch {
    return false
  }
}

function isAlive(pid: number): boolean {
  try {
    return pid > 0 && process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
