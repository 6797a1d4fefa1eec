import type { Cache, Counted } from './port.ts'

/** Counters kept at most; beyond that the oldest go, so that made-up keys cannot fill the memory. */
const MOST = 100_000

/** A cache in this process's memory: for one process, and for tests. */
export function memoryCache(now: () => number = Date.now): Cache {
  const counters = new Map<string, { count: number; endsAt: number }>()

  function makeRoom(): void {
    if (counters.size < MOST) return
    for (const [key, { endsAt }] of counters) if (endsAt <= now()) counters.delete(key)
    for (const key of counters.keys()) {
      if (counters.size < MOST) break
      counters.delete(key)
    }
  }

  return {
    async count(key, windowMs): Promise<Counted> {
      const known = counters.get(key)
      if (known && known.endsAt > now()) {
        known.count++
        return { count: known.count, resetMs: known.endsAt - now() }
      }
      counters.delete(key)
      makeRoom()
      counters.set(key, { count: 1, endsAt: now() + windowMs })
      return { count: 1, resetMs: windowMs }
    },
    async close() {
      counters.clear()
    },
  }
}
