import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmod, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type EmbeddedPostgres, startEmbeddedPostgres } from './embedded-postgres.ts'

// Every test starts servers on this one data folder and leaves it whole and unused.
let parent: string
let folder: string

beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'embedded-postgres-'))
  await chmod(parent, 0o755)
  folder = join(parent, 'data')
})

afterAll(async () => {
  await rm(parent, { recursive: true, force: true })
})

test('the first start makes the database; the next is faster and finds the data again', async () => {
  const [first, firstTime] = await timed(() => startEmbeddedPostgres({ folder, durable: true }))
  expect(first.firstBoot).toBe(true)
  expect(first.url).toBe(`postgres://postgres:postgres@127.0.0.1:${first.port}/flights`)
  await query(first, (sql) => sql`create table kept as select 'Ñandú' as bird`)
  await first.stop()

  const [second, secondTime] = await timed(() => startEmbeddedPostgres({ folder, durable: true }))
  expect(second.firstBoot).toBe(false)
  expect(await query(second, (sql) => sql`select bird, lower(bird) as lower from kept`)).toEqual([
    { bird: 'Ñandú', lower: 'ñandú' },
  ])
  await second.stop()
  expect(secondTime).toBeLessThan(firstTime)
})

test('is UTF-8, open to this machine alone, and durable only when asked to be', async () => {
  const durable = await startEmbeddedPostgres({ folder, durable: true })
  expect(await settings(durable)).toEqual({
    server_encoding: 'UTF8',
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
  })
  expect(
    await query(durable, (sql) => sql`select datlocale from pg_database where datname = current_database()`),
  ).toEqual([{ datlocale: 'C.UTF-8' }])
  await durable.stop()

  const volatile = await startEmbeddedPostgres({ folder, durable: false })
  expect(await settings(volatile)).toMatchObject({
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
  })
  await volatile.stop()
})

test('letters with accents count as letters in trigrams', async () => {
  const server = await startEmbeddedPostgres({ folder, durable: false })
  await query(server, (sql) => sql`create extension if not exists pg_trgm`)
  expect(await query(server, (sql) => sql`select similarity('Ñ', 'ñ') as similarity`)).toEqual([
    { similarity: 1 },
  ])
  await server.stop()
})

test('says that a port is taken', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as { port: number }
  await expect(startEmbeddedPostgres({ folder, port, durable: false })).rejects.toThrow(
    `Port ${port} on 127.0.0.1 is taken by another program. Stop that program or give PostgreSQL another port.`,
  )
  other.close()
  const server = await startEmbeddedPostgres({ folder, port, durable: false })
  expect(server.port).toBe(port)
  await server.stop()
})

test('says which server already uses the folder', async () => {
  const server = await startEmbeddedPostgres({ folder, durable: false })
  const pid = (await readFile(join(folder, 'postmaster.pid'), 'utf8')).split('\n')[0]
  await expect(startEmbeddedPostgres({ folder, durable: false })).rejects.toMatchObject({
    problem: 'in use',
    message: expect.stringContaining(`(pid ${pid}, port ${server.port})`),
  })
  await server.stop()
})

test('a pid file left behind is no hindrance, even if another program now has that number', async () => {
  const sleeper = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], await owner(folder))
  for (const pid of [sleeper.pid, 2 ** 22 + 1]) {
    const file = join(folder, 'postmaster.pid')
    await writeFile(file, `${pid}\n${folder}\n1700000000\n5432\n\n127.0.0.1\n  1  1\nready   \n`)
    await chmod(file, 0o666)
    const server = await startEmbeddedPostgres({ folder, durable: false })
    await server.stop()
  }
  sleeper.kill()
})

test('shows the log of a broken folder, and the way to start anew', async () => {
  const file = join(folder, 'global/pg_control')
  await rename(file, `${file}.gone`)
  await expect(startEmbeddedPostgres({ folder, durable: false })).rejects.toMatchObject({
    problem: 'broken',
    message: expect.stringMatching(/could not open file ".*pg_control"[\s\S]*`npm run reset`/),
  })
  await rename(`${file}.gone`, file)
})

test('refuses a folder of another major version, and one that holds something else', async () => {
  const file = join(folder, 'PG_VERSION')
  const version = await readFile(file, 'utf8')
  await writeFile(file, '9\n')
  await expect(startEmbeddedPostgres({ folder, durable: false })).rejects.toMatchObject({
    problem: 'version',
    message: expect.stringContaining(
      `made by PostgreSQL 9; this program brings PostgreSQL ${version.trim()}`,
    ),
  })
  await writeFile(file, version)

  await expect(startEmbeddedPostgres({ folder: parent, durable: false })).rejects.toThrow(
    /is neither empty nor a PostgreSQL database, and is left as it is/,
  )
})

test('names the folder that may not be entered', async () => {
  const closed = await mkdtemp(join(parent, 'closed-'))
  await chmod(closed, 0)
  await expect(startEmbeddedPostgres({ folder: join(closed, 'data'), durable: false })).rejects.toMatchObject(
    {
      problem: 'permissions',
      message: expect.stringContaining(closed),
    },
  )
})

test('Ctrl-C leaves the server to the caller, who drains and then stops it cleanly', async () => {
  const caller = await startCaller(`
    process.once('SIGINT', async () => {
      const sql = postgres(server.url, { max: 1 })
      await sql\`create table drained as select 1 as one\`
      await sql.end()
      await server.stop()
      process.exit(0)
    })`)
  process.kill(-(caller.pid as number), 'SIGINT')
  expect(await once(caller, 'exit')).toEqual([0, null])

  const log = await startOnceMore()
  expect(log).toContain('database system was shut down at')
})

test('a caller killed with -9 leaves neither a server nor a damaged folder', async () => {
  const caller = await startCaller()
  caller.kill('SIGKILL')
  await once(caller, 'exit')

  const log = await startOnceMore()
  expect(log).toContain('database system was shut down at')
})

// A program of its own that starts the server, in a process group of its own as a terminal would make it.
async function startCaller(then = ''): Promise<ChildProcess> {
  const program = `
    import postgres from ${JSON.stringify(import.meta.resolve('postgres'))}
    import { startEmbeddedPostgres } from ${JSON.stringify(import.meta.resolve('./embedded-postgres.ts'))}
    const server = await startEmbeddedPostgres({ folder: ${JSON.stringify(folder)}, durable: true })
    ${then}
    console.log('ready')
    setTimeout(() => {}, 60000)`
  const caller = spawn(process.execPath, ['--input-type=module', '-e', program], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(caller.stdout, 'data')
  return caller
}

async function startOnceMore(): Promise<string> {
  // The server of a killed caller needs a moment to notice.
  await expect
    .poll(() => stat(join(folder, 'postmaster.pid')).catch(() => 'gone'), { timeout: 10_000 })
    .toBe('gone')
  const log: string[] = []
  const server = await startEmbeddedPostgres({ folder, durable: true, log: (line) => log.push(line) })
  await server.stop()
  return log.join('\n')
}

async function owner(path: string): Promise<{ uid: number; gid: number }> {
  const { uid, gid } = await stat(path)
  return { uid, gid }
}

async function timed<T>(work: () => Promise<T>): Promise<[T, number]> {
  const begun = performance.now()
  return [await work(), performance.now() - begun]
}

async function query<T>(server: EmbeddedPostgres, work: (sql: postgres.Sql) => PromiseLike<T>): Promise<T> {
  const sql = postgres(server.url, { max: 1, onnotice: () => {} })
  try {
    return await work(sql)
  } finally {
    await sql.end()
  }
}

async function settings(server: EmbeddedPostgres): Promise<Record<string, string>> {
  const rows = await query(
    server,
    (sql) => sql<{ name: string; setting: string }[]>`
      select name, setting from pg_settings where name in ('server_encoding', 'listen_addresses',
        'unix_socket_directories', 'fsync', 'synchronous_commit', 'full_page_writes')`,
  )
  return Object.fromEntries(rows.map(({ name, setting }) => [name, setting]))
}
