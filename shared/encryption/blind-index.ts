import { createHmac } from 'node:crypto'
import { config } from '../config.ts'

/**
 * A keyed hash (HMAC-SHA-256) under which an encrypted value is found again, exactly or not at all. Its key is derived
 * from LOOKUP_KEY, which is never rotated: a master key may go, and what it protected is found all the same.
 * @param domain what is indexed; equal values of two domains have nothing in common
 */
export function blindIndex(domain: string, value: string): Buffer {
  const key = createHmac('sha256', Buffer.from(config().LOOKUP_KEY, 'hex'))
    .update(`blind index of ${domain}`)
    .digest()
  return createHmac('sha256', key).update(value).digest()
}
