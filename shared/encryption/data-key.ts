import { randomBytes } from 'node:crypto'
import { masterKey, masterKeys } from './master-keys.ts'
import { KEY_BYTES, seal, unseal } from './seal.ts'

/** A data key as it is stored: encrypted by the master key of this id. */
export type WrappedKey = { masterKey: string; wrapped: Buffer }

/** A new key for the data of one owner, and how it is stored: wrapped by the current master key. */
export function newDataKey(owner: string): { key: Buffer; stored: WrappedKey } {
  const key = randomBytes(KEY_BYTES)
  return { key, stored: wrap(key, owner) }
}

/**
 * The owner's data key.
 * @throws Error when its master key is not configured; SealBroken when that is another key, or it is another's data key
 */
export const openDataKey = (stored: WrappedKey, owner: string): Buffer =>
  unseal(masterKey(stored.masterKey).key, stored.wrapped, placeOf(stored.masterKey, owner))

/** The same data key, wrapped by the current master key; throws as openDataKey does. */
export const rewrap = (stored: WrappedKey, owner: string): WrappedKey =>
  wrap(openDataKey(stored, owner), owner)

function wrap(key: Buffer, owner: string): WrappedKey {
  const { current } = masterKeys()
  return { masterKey: current.id, wrapped: seal(current.key, key, placeOf(current.id, owner)) }
}

const placeOf = (id: string, owner: string): string => `data key of ${owner} under ${id}`
