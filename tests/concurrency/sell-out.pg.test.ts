import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { seedReference } from '../../infra/postgres/seed/load.ts'
import { transaction } from '../../shared/postgres/client.ts'
import { useDatabase } from '../support/database.ts'
import { startTestHost, type TestHost } from '../support/local-host.ts'
import { bookPairs } from './pairs.ts'
import { sellOut } from './sell-out.ts'

// Each twice here; `npm run verify:full` runs each 20 times (run.ts).
const database = useDatabase()
vi.setConfig({ testTimeout: 120_000 })
let host: TestHost
beforeAll(async () => {
  await transaction(seedReference)
  host = await startTestHost(database.url)
})
afterAll(() => host?.stop())

it.each([1, 2])('500 bookings at once sell 100 seats and never one more (run %i)', async (seed) => {
  const { booked, refused, repeats, seats } = await sellOut(host.client, seed, 'one of each kind')
  expect(booked + refused).toBe(500)
  expect(repeats).toBe(167)
  expect(seats).toBeGreaterThan(96)
})

it.each([1, 2])(
  'two flights are booked together or not at all, by several processes (run %i)',
  async (seed) => {
    const { booked, refused } = await bookPairs(host.client, database.url, seed)
    expect(booked).toBeGreaterThan(0)
    expect(refused).toBeGreaterThan(0)
  },
)
