import { randomUUID } from 'node:crypto'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { afterEach, beforeEach, expect, inject, test } from 'vitest'
import { databaseUrl, TEST_DATABASE_PREFIX } from '../../tests/support/database-names.ts'
import { type MigrationProgress, migrate } from './migrate.ts'

let folder: string
let url: string
let name: string
let sql: postgres.Sql

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'migrations-'))
  name = `${TEST_DATABASE_PREFIX}${randomUUID().replaceAll('-', '')}`
  url = databaseUrl(inject('postgresUrl'), name)
  await administer((admin) => admin`create database ${admin(name)}`)
  sql = postgres(url, { max: 1 })
})

afterEach(async () => {
  await sql.end()
  await administer((admin) => admin`drop database ${admin(name)}`)
  await rm(folder, { recursive: true })
})

test('an empty folder applies nothing', async () => {
  expect(await migrate(url, { folder })).toEqual({ applied: [] })
})

test('applies the files in order, tells the progress, and then has nothing left to do', async () => {
  await write('0001-airports.sql', 'create table airports (code text primary key);')
  await write(
    '0002-madrid.sql',
    "insert into airports (code) values ('MAD');\ninsert into airports (code) values ('BCN');",
  )
  const seen: MigrationProgress[] = []

  const first = await migrate(url, { folder, onProgress: (progress) => seen.push(progress) })
  expect(first.applied).toEqual(['0001-airports.sql', '0002-madrid.sql'])
  expect(seen).toEqual([
    { name: '0001-airports.sql', done: 1, total: 2 },
    { name: '0002-madrid.sql', done: 2, total: 2 },
  ])
  expect(await migrate(url, { folder })).toEqual({ applied: [] })

  await write('0003-gate.sql', 'alter table airports add column gates integer;')
  expect(await migrate(url, { folder })).toEqual({ applied: ['0003-gate.sql'] })
  expect(await sql`select code, gates from airports order by code`).toEqual([
    { code: 'BCN', gates: null },
    { code: 'MAD', gates: null },
  ])
})

test('refuses a file that was changed after it was applied, but not for its line ends', async () => {
  await write('0001-airports.sql', 'create table airports (\n  code text primary key\n);\n')
  await migrate(url, { folder })

  await write('0001-airports.sql', 'create table airports (\r\n  code text primary key\r\n);\r\n')
  expect(await migrate(url, { folder })).toEqual({ applied: [] })

  await write('0001-airports.sql', 'create table airports (code text);')
  await expect(migrate(url, { folder })).rejects.toThrow(/0001-airports\.sql was changed after/)
})

test('refuses a missing number, a double one and a name that has none', async () => {
  await write('0001-first.sql', 'select 1;')
  await write('0003-third.sql', 'select 3;')
  await expect(migrate(url, { folder })).rejects.toThrow(
    /after 0001-first\.sql is 0003-third\.sql, where 0002-/,
  )

  await write('0002-second.sql', 'select 2;')
  await write('0002-twice.sql', 'select 2;')
  await expect(migrate(url, { folder })).rejects.toThrow(/0002-twice\.sql, where 0003-/)

  await rm(join(folder, '0002-twice.sql'))
  await write('fourth.sql', 'select 4;')
  await expect(migrate(url, { folder })).rejects.toThrow(/fourth\.sql, where 0004-/)
  expect(await sql`select to_regclass('platform.migrations') as found`).toEqual([{ found: null }])
})

test('refuses a database that is newer than the code, or whose file is gone', async () => {
  await write('0001-first.sql', 'select 1;')
  await write('0002-second.sql', 'select 2;')
  await migrate(url, { folder })

  await rm(join(folder, '0002-second.sql'))
  await expect(migrate(url, { folder })).rejects.toThrow(
    /has migration 0002-second\.sql, but the code has none/,
  )
  await write('0002-renamed.sql', 'select 2;')
  await expect(migrate(url, { folder })).rejects.toThrow(
    /0002-second\.sql, but the code has 0002-renamed\.sql/,
  )
})

test('a failing migration leaves nothing half-applied, names its line, and can be mended', async () => {
  await write('0001-airports.sql', 'create table airports (code text primary key);')
  await write('0002-seats.sql', 'create table seats (row integer);\n\ncreate table oops (id nosuchtype);')
  await write('0003-later.sql', 'create table later (id integer);')

  await expect(migrate(url, { folder })).rejects.toThrow(
    /0002-seats\.sql:3 failed and left nothing behind: type "nosuchtype" does not exist/,
  )
  expect(await sql`select name from platform.migrations`).toEqual([{ name: '0001-airports.sql' }])
  expect(await sql`select to_regclass('seats') as seats, to_regclass('later') as later`).toEqual([
    { seats: null, later: null },
  ])

  await write('0002-seats.sql', 'create table seats (row integer);')
  expect(await migrate(url, { folder })).toEqual({ applied: ['0002-seats.sql', '0003-later.sql'] })
})

test('runs at the same time apply each migration once', async () => {
  await write('0001-count.sql', 'create table runs (at timestamptz); select pg_sleep(0.2);')
  await write('0002-count.sql', 'insert into runs (at) values (now()); select pg_sleep(0.2);')

  const results = await Promise.all([1, 2, 3].map(() => migrate(url, { folder })))
  expect(results.flatMap(({ applied }) => applied)).toEqual(['0001-count.sql', '0002-count.sql'])
  expect(await sql`select count(*)::integer as runs from runs`).toEqual([{ runs: 1 }])
})

async function write(file: string, text: string): Promise<void> {
  await writeFile(join(folder, file), text)
}

async function administer(statement: (admin: postgres.Sql) => PromiseLike<unknown>): Promise<void> {
  const admin = postgres(inject('postgresUrl'), { max: 1 })
  await statement(admin)
  await admin.end()
}
