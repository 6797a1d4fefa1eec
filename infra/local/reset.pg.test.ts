import { chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { database } from '../../shared/postgres/client.ts'
import { useDatabase } from '../../tests/support/database.ts'
import { reset } from './reset.ts'

useDatabase()
let folder: string

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reset-'))
  for (const name of ['postgres', 'postgres-initdb-4711', 'test-postgres']) await mkdir(join(folder, name))
  for (const name of ['issuer.json', 'lookup-key', 'lookup-key.4711', 'document-keys', 'notes.txt'])
    await writeFile(join(folder, name), '')
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('removes what a start made, and nothing else', async () => {
  expect((await reset(folder)).toSorted()).toEqual([
    'document-keys',
    'issuer.json',
    'lookup-key',
    'lookup-key.4711',
    'postgres',
    'postgres-initdb-4711',
  ])
  expect((await readdir(folder)).toSorted()).toEqual(['notes.txt', 'test-postgres'])
  expect(await reset(folder)).toEqual([])
  expect(await reset(join(folder, 'absent'))).toEqual([])
})

test('refuses while the database runs, and not after it was killed', async () => {
  // The pid file of the server that these tests run on stands in for that of the system.
  const [server] = await database()<{ folder: string }[]>`select current_setting('data_directory') as folder`
  const pidFile = join(folder, 'postgres/postmaster.pid')
  await cp(join(server?.folder ?? '', 'postmaster.pid'), pidFile)
  await chmod(pidFile, 0o644)
  await expect(reset(folder)).rejects.toThrow(/^The system is running.*Ctrl-C/)
  expect(await readdir(folder)).toHaveLength(8)

  const lines = (await readFile(pidFile, 'utf8')).split('\n')
  await writeFile(pidFile, [2 ** 22 + 1, ...lines.slice(1)].join('\n'))
  expect(await reset(folder)).toContain('postgres')
})
