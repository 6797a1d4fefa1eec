import { createClient } from 'redis'
import { log } from '#log'
import type { Cache, Counted } from './port.ts'

/** How long a command may take before it counts as failed. */
const TIMEOUT_MS = 500

/** Raises and sets the window in one step: a counter without an end would lock its key out for ever. */
const COUNT = `
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('PEXPIRE', KEYS[1], ARGV[1]) end
return { count, redis.call('PTTL', KEYS[1]) }`

/** A cache in Redis 6 or later, shared by every process. `url` is redis:// or rediss://. */
export function redisCache(url: string): Cache {
  const client = createClient({ url, disableOfflineQueue: true, socket: { connectTimeout: TIMEOUT_MS } })
  let failing = false
  client.on('error', (err) => {
    // Every attempt to connect again fails alike: the outage is told once.
    if (!failing) log.error({ err }, 'Redis is not reachable')
    failing = true
  })
  client.on('ready', () => {
    if (failing) log.info({}, 'Redis is reachable again')
    failing = false
  })
  let opening: Promise<unknown> | undefined

  return {
    async count(key, windowMs): Promise<Counted> {
      opening ??= client.connect().catch(() => {})
      await Promise.race([opening, timeout()])
      const answer = await Promise.race([
        client.eval(COUNT, { keys: [key], arguments: [String(windowMs)] }),
        timeout(),
      ])
      const [count = 0, resetMs = windowMs] = (answer as number[]) ?? []
      return { count, resetMs }
    },
    async close() {
      if (client.isOpen) client.destroy()
    },
  }
}

const timeout = (): Promise<never> =>
  new Promise((_, reject) => {
    setTimeout(() => reject(new Error(`Redis did not answer in ${TIMEOUT_MS} ms`)), TIMEOUT_MS).unref()
  })
