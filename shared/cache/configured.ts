import { config } from '../config.ts'
import { memoryCache } from './memory.ts'
import type { Cache } from './port.ts'
import { redisCache } from './redis.ts'

let current: Cache | undefined

/** The process's cache: Redis where REDIS_URL is set, else this process's memory. */
export function cache(): Cache {
  const { REDIS_URL } = config()
  current ??= REDIS_URL ? redisCache(REDIS_URL) : memoryCache()
  return current
}

/** Ends its connections; the next use opens anew. */
export async function closeCache(): Promise<void> {
  const closing = current
  current = undefined
  await closing?.close()
}
