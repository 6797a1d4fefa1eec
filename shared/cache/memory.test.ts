import { expect, it } from 'vitest'
import { cacheContract } from '../../tests/support/cache-contract.ts'
import { memoryCache } from './memory.ts'

cacheContract('memory', memoryCache)

it('keeps 100,000 counters at most, and forgets those that ended first', async () => {
  let now = 0
  const cache = memoryCache(() => now)
  await cache.count('long', 1000)
  for (let n = 1; n < 100_000; n++) await cache.count(`short ${n}`, 10)
  now = 20
  await cache.count('one more', 10)
  expect((await cache.count('long', 1000)).count).toBe(2)
  expect((await cache.count('short 5', 10)).count).toBe(1)
})
