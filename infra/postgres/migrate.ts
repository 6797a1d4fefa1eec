// Our own runner, not a library: the migrations are plain SQL files, the whole of it is one short file
// over the driver we have anyway, and nothing of it enters a function's bundle.
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import postgres from 'postgres'

const FOLDER = join(import.meta.dirname, 'migrations')
// Any constant will do; it must only be the same in every run.
const LOCK = 7_246_011

export type MigrationProgress = { name: string; done: number; total: number }

export type MigrateOptions = {
  /** Folder of the SQL files; `migrations` beside this file when left out. */
  folder?: string
  /** Called after each migration applied: its name, how many of this run are done, how many there are. */
  onProgress?: (progress: MigrationProgress) => void
}

type Migration = { name: string; sql: string; checksum: string }

/**
 * Applies the files `NNNN-name.sql` that the database has not seen, in order, each in a transaction of its
 * own together with its row in `platform.migrations`. Runs at the same time wait for each other.
 * @returns the names applied by this run
 * @throws when a file is missing, changed since it was applied, or fails; what came before it stays applied
 */
export async function migrate(
  databaseUrl: string,
  { folder = FOLDER, onProgress }: MigrateOptions = {},
): Promise<{ applied: string[] }> {
  const migrations = await readMigrations(folder)
  // One connection that is never renewed: the advisory lock belongs to it.
  const sql = postgres(databaseUrl, { max: 1, max_lifetime: null, onnotice: () => {} })
  try {
    await sql`select pg_advisory_lock(${LOCK})`
    await sql`create schema if not exists platform`
    await sql`create table if not exists platform.migrations (
      name text primary key, checksum text not null, applied_at timestamptz not null default now())`
    const recorded = await sql<{ name: string; checksum: string }[]>`
      select name, checksum from platform.migrations order by name collate "C"`
    recorded.forEach((row, index) => {
      assertUnchanged(row, migrations[index])
    })
    const pending = migrations.slice(recorded.length)
    for (const [index, migration] of pending.entries()) {
      await apply(sql, migration)
      onProgress?.({ name: migration.name, done: index + 1, total: pending.length })
    }
    return { applied: pending.map(({ name }) => name) }
  } finally {
    await sql.end()
  }
}

async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql')).sort()
  names.forEach((name, index) => {
    const expected = String(index + 1).padStart(4, '0')
    if (name.startsWith(`${expected}-`)) return
    throw new Error(
      `Migrations are numbered 0001, 0002, … without a gap or a double: in ${folder} the file after ` +
        `${names[index - 1] ?? 'the start'} is ${name}, where ${expected}-….sql is due. Restore or rename the file.`,
    )
  })
  return await Promise.all(
    names.map(async (name) => {
      // A checkout on Windows may turn line ends into CRLF; that is not a change.
      const sql = (await readFile(join(folder, name), 'utf8')).replaceAll('\r\n', '\n')
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') }
    }),
  )
}

function assertUnchanged(recorded: { name: string; checksum: string }, file: Migration | undefined) {
  if (file?.name !== recorded.name) {
    throw new Error(
      `The database has migration ${recorded.name}, but the code has ${file?.name ?? 'none'} in its place: ` +
        'the database is newer than the code, or the file was renamed or removed. Run the newer code or restore the file.',
    )
  }
  if (file.checksum !== recorded.checksum) {
    throw new Error(
      `Migration ${file.name} was changed after this database applied it. Applied migrations are never edited: ` +
        'restore the file and write the change as a new migration. (A local database can be made anew: `npm run reset`.)',
    )
  }
}

async function apply(sql: postgres.Sql, migration: Migration): Promise<void> {
  try {
    await sql.begin(async (transaction) => {
      await transaction.unsafe(migration.sql)
      await transaction`insert into platform.migrations (name, checksum)
        values (${migration.name}, ${migration.checksum})`
    })
  } catch (cause) {
    const { message, position } = cause as { message: string; position?: string }
    const line = position && `:${migration.sql.slice(0, Number(position)).split('\n').length}`
    throw new Error(`Migration ${migration.name}${line ?? ''} failed and left nothing behind: ${message}`, {
      cause,
    })
  }
}

if (process.argv[1] === import.meta.filename) {
  const url = process.argv[2]
  if (url === undefined) {
    console.error('Usage: node infra/postgres/migrate.ts postgres://user:password@host:port/database')
    process.exit(2)
  }
  try {
    const { applied } = await migrate(url, { onProgress: ({ name }) => console.log(`applied ${name}`) })
    if (applied.length === 0) console.log('nothing to apply')
  } catch (error) {
    console.error((error as Error).message)
    process.exit(1)
  }
}
