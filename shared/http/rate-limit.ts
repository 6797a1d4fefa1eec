import { createHash } from 'node:crypto'
import { cache } from '#cache'
import { log } from '#log'
import { config } from '../config.ts'
import { type Answer, problem } from './problem.ts'
import { HTTP_PROBLEMS } from './problems.ts'

/** How often something may be asked: `quota` times in a window that begins with the first. */
export type RatePolicy = { name: string; quota: number; windowSeconds: number }

/** A policy and what it counts by: an address, a locator. The key is hashed before it leaves the process. */
export type RateLimited = { policy: RatePolicy; key: string }

/**
 * What callers without a token may ask of the commands: people with one behind it, from one address.
 */
export const ANONYMOUS_COMMANDS: RatePolicy = { name: 'address', quota: 120, windowSeconds: 60 }

export type RateVerdict = { headers: Record<string, string>; refusal: Answer | undefined }

/**
 * Counts a request against its limits. The headers are those of draft-ietf-httpapi-ratelimit-headers; the refusal is
 * set when a quota is used up. When the cache is down the request goes on: a limit is no reason to serve nobody.
 */
export async function checkRate(limits: readonly RateLimited[]): Promise<RateVerdict> {
  const factor = config().RATE_LIMIT_FACTOR
  if (limits.length === 0 || factor === 0) return { headers: {}, refusal: undefined }
  const counted = await Promise.all(limits.map((limit) => count(limit, factor)))
  const known = counted.filter((one) => one !== undefined)
  const headers = {
    'ratelimit-policy': known.map(({ name, quota, window }) => `"${name}";q=${quota};w=${window}`).join(', '),
    ratelimit: known
      .map(({ name, left, resets }) => `"${name}";r=${Math.max(left, 0)};t=${resets}`)
      .join(', '),
  }
  if (known.length === 0) return { headers: {}, refusal: undefined }
  const used = known.filter(({ left }) => left < 0)
  if (used.length === 0) return { headers, refusal: undefined }
  const wait = String(Math.max(...used.map(({ resets }) => resets)))
  const refusal = problem(HTTP_PROBLEMS['too-many-requests'], {}, { ...headers, 'retry-after': wait })
  return { headers, refusal }
}

let cacheIsDown = false

async function count({ policy, key }: RateLimited, factor: number) {
  const { name, windowSeconds: window } = policy
  const quota = Math.ceil(policy.quota * factor)
  const hashed = createHash('sha256').update(config().LOOKUP_KEY).update(key).digest('base64url')
  try {
    const { count: used, resetMs } = await cache().count(`rate:${name}:${hashed}`, window * 1000)
    cacheIsDown = false
    return { name, quota, window, left: quota - used, resets: Math.ceil(resetMs / 1000) }
  } catch (err) {
    // Once an outage: a line a request would bury everything else.
    if (!cacheIsDown) log.error({ err }, 'the cache does not answer: requests are not limited')
    cacheIsDown = true
    return undefined
  }
}
