import { afterAll, expect, it } from 'vitest'
import { cacheContract } from '../../tests/support/cache-contract.ts'
import { startRedis } from '../../tests/support/redis-server.ts'
import { configureForTest } from '../../tests/support/settings.ts'
import { redisCache } from './redis.ts'

configureForTest()
const redis = await startRedis()
afterAll(() => redis.stop())

cacheContract('redis', () => redisCache(redis.url))

it('fails soon when Redis is down, and works again when it is back', async () => {
  const own = await startRedis()
  const cache = redisCache(own.url)
  expect((await cache.count('k', 60_000)).count).toBe(1)
  await own.stop()
  const started = performance.now()
  await expect(cache.count('k', 60_000)).rejects.toThrow()
  expect(performance.now() - started).toBeLessThan(2000)
  const back = await startRedis(Number(new URL(own.url).port))
  await expect
    .poll(() => cache.count('k', 60_000).catch(() => undefined), { timeout: 8000 })
    .toMatchObject({
      count: 1,
    })
  await cache.close()
  await back.stop()
}, 20_000)

it('says what is wrong when there never was a Redis', async () => {
  const cache = redisCache('redis://127.0.0.1:1')
  await expect(cache.count('k', 1000)).rejects.toThrow()
  await cache.close()
})
