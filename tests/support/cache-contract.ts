import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, describe, expect, it } from 'vitest'
import type { Cache } from '../../shared/cache/port.ts'

/** What every adapter of the cache must do. */
export function cacheContract(name: string, open: () => Cache): void {
  describe(`${name} keeps the cache's contract`, () => {
    const cache = open()
    const key = () => `contract:${crypto.randomUUID()}`
    afterAll(() => cache.close())

    it('counts from one, each key for itself', async () => {
      const [one, other] = [key(), key()]
      expect((await cache.count(one, 5000)).count).toBe(1)
      expect((await cache.count(one, 5000)).count).toBe(2)
      expect((await cache.count(other, 5000)).count).toBe(1)
    })

    it('says when the window ends, and does not move the end', async () => {
      const counted = key()
      const first = await cache.count(counted, 5000)
      await sleep(60)
      const second = await cache.count(counted, 60_000)
      expect(first.resetMs).toBeGreaterThan(4900)
      expect(first.resetMs).toBeLessThanOrEqual(5000)
      expect(second.resetMs).toBeLessThan(first.resetMs)
    })

    it('starts anew when the window has ended', async () => {
      const counted = key()
      await cache.count(counted, 80)
      await cache.count(counted, 80)
      await sleep(120)
      expect((await cache.count(counted, 80)).count).toBe(1)
    })

    it('loses no count of many at once', async () => {
      const counted = key()
      const counts = await Promise.all(Array.from({ length: 200 }, () => cache.count(counted, 5000)))
      expect(counts.map(({ count }) => count).toSorted((a, b) => a - b)).toEqual(
        Array.from({ length: 200 }, (_, at) => at + 1),
      )
    })
  })
}
