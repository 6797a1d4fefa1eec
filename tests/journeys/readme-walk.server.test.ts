import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { seedReference, seedSchedule } from '../../infra/postgres/seed/load.ts'
import { transaction } from '../../shared/postgres/client.ts'
import { useDatabase } from '../support/database.ts'
import { startTestHost, type TestHost } from '../support/local-host.ts'

const { url } = useDatabase()
let host: TestHost

beforeAll(async () => {
  await transaction(async (sql) => {
    await seedReference(sql)
    await seedSchedule(sql, { days: 60 })
  })
  host = await startTestHost(url)
})
afterAll(() => host?.stop())

it('runs the walk of the README, word for word', async () => {
  const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8')
  const [, walk = ''] = /```sh walk\n([\s\S]*?)```/.exec(readme) ?? []
  expect(walk).toContain('/v1/bookings')
  const { stdout, stderr } = await promisify(execFile)(
    'bash',
    ['--norc', '-c', `set -euo pipefail\n${walk}`],
    {
      // The walk asks for `node`: the one that runs this test.
      env: { API: host.url, PATH: `${dirname(process.execPath)}:/usr/local/bin:/usr/bin:/bin` },
    },
  )
  expect(stderr).toBe('')
  const [, lines, total] = /lines (\d+), total (\d+) COP/.exec(stdout) ?? []
  expect(Number(lines)).toBeGreaterThan(0)
  expect(lines).toBe(total)
  expect(stdout).toMatch(/^[A-HJKMNP-Z2-9]{6} held until .*: Ñáñez, O’Brien, .* COP$/m)
})
