import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'

/** The ids the server runs under; undefined means the ids of this process. */
export type ServerUser = { uid: number; gid: number } | undefined

/**
 * PostgreSQL refuses to run as root. Root therefore starts it as the owner of the data folder, and on
 * the first boot as the system's `postgres` user, who is created when missing.
 */
export function chooseServerUser(folder: string): ServerUser {
  if (process.getuid?.() !== 0) return undefined
  if (existsSync(join(folder, 'PG_VERSION'))) {
    const { uid, gid } = statSync(folder)
    if (uid !== 0) return { uid, gid }
  }
  return findPostgresUser() ?? createPostgresUser()
}

/** Throws when `user` cannot pass through one of the folders above `path`, and names that folder. */
export function assertReachable(path: string, user: ServerUser): void {
  if (user === undefined) return
  for (let folder = dirname(path); ; folder = dirname(folder)) {
    const { uid, gid, mode } = statSync(folder)
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001
    if ((mode & bit) === 0) {
      throw new EmbeddedPostgresError(
        'permissions',
        `PostgreSQL does not run as root, and the user it runs as (uid ${user.uid}) may not enter ${folder}, ` +
          `on the way to ${path}. Run \`chmod o+x ${folder}\`, move the project to a folder open to all, or start as an ordinary user.`,
      )
    }
    if (folder === dirname(folder)) return
  }
}

function findPostgresUser(): ServerUser {
  const line = readFileSync('/etc/passwd', 'utf8').match(/^postgres:[^:]*:(\d+):(\d+):/m)
  return line === null ? undefined : { uid: Number(line[1]), gid: Number(line[2]) }
}

function createPostgresUser(): ServerUser {
  try {
    execFileSync('useradd', ['--system', '--user-group', '--no-create-home', 'postgres'], { stdio: 'pipe' })
  } catch (cause) {
    throw new EmbeddedPostgresError(
      'permissions',
      'PostgreSQL does not run as root, and a `postgres` user could not be created with useradd. ' +
        'Start as an ordinary user, or create that user by hand.',
      { cause },
    )
  }
  return findPostgresUser()
}
