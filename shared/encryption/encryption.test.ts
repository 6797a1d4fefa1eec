import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { configureForTest } from '../../tests/support/settings.ts'
import { blindIndex } from './blind-index.ts'
import { newDataKey, openDataKey, rewrap } from './data-key.ts'
import { SealBroken, seal, unseal } from './seal.ts'

const OLD = `old:${'22'.repeat(32)}`
const NEW = `new:${'33'.repeat(32)}`
const useKeys = (...keys: string[]) => configureForTest({ DOCUMENT_KEYS: keys.join(',') })
beforeEach(() => useKeys(OLD))
afterEach(() => configureForTest())

describe('what is sealed', () => {
  const key = randomBytes(32)
  const text = Buffer.from('{"number":"1032456789"}')
  const sealed = seal(key, text, 'here')

  it('opens with its key at its place, and is another each time', () => {
    expect(unseal(key, sealed, 'here')).toEqual(text)
    expect(seal(key, text, 'here')).not.toEqual(sealed)
    expect(sealed.includes(text.subarray(0, 8))).toBe(false)
    expect(unseal(key, seal(key, Buffer.alloc(0), 'here'), 'here')).toHaveLength(0)
  })

  it('opens nowhere else and with no other key', () => {
    expect(() => unseal(key, sealed, 'there')).toThrow(SealBroken)
    expect(() => unseal(randomBytes(32), sealed, 'here')).toThrow(SealBroken)
  })

  it('does not open when any of its bytes has changed, or some are missing', () => {
    for (let at = 0; at < sealed.length; at++) {
      const changed = Buffer.from(sealed)
      changed[at] = (changed[at] ?? 0) ^ 1
      expect(() => unseal(key, changed, 'here'), `byte ${at}`).toThrow(SealBroken)
      expect(() => unseal(key, sealed.subarray(0, at), 'here'), `${at} bytes`).toThrow(SealBroken)
    }
  })

  it('tells where it lies when it does not open, and nothing of its text', () => {
    const fault = (() => {
      try {
        return unseal(randomBytes(32), sealed, 'here')
      } catch (error) {
        return String(error)
      }
    })()
    expect(fault).toContain('sealed at here')
    expect(fault).not.toContain('1032456789')
  })
})

describe('a data key', () => {
  it('is wrapped by the current master key and belongs to one owner', () => {
    const { key, stored } = newDataKey('a')
    expect(stored.masterKey).toBe('old')
    expect(stored.wrapped.includes(key)).toBe(false)
    expect(openDataKey(stored, 'a')).toEqual(key)
    expect(() => openDataKey(stored, 'b')).toThrow(SealBroken)
    expect(newDataKey('a').key).not.toEqual(key)
  })

  it('is read while a new master key comes, and without the old one after it was wrapped anew', () => {
    const { key, stored } = newDataKey('a')
    useKeys(OLD, NEW)
    expect(openDataKey(stored, 'a')).toEqual(key)
    useKeys(NEW, OLD)
    expect(openDataKey(stored, 'a')).toEqual(key)
    expect(newDataKey('b').stored.masterKey).toBe('new')
    const anew = rewrap(stored, 'a')
    expect(anew.masterKey).toBe('new')
    useKeys(NEW)
    expect(openDataKey(anew, 'a')).toEqual(key)
    expect(() => openDataKey(stored, 'a')).toThrow(
      'DOCUMENT_KEYS lacks the master key old, which wraps data keys in the database: add old:<its 64 hex digits> again',
    )
  })

  it('does not open under another key of the same id', () => {
    const { stored } = newDataKey('a')
    useKeys(`old:${'44'.repeat(32)}`)
    expect(() => openDataKey(stored, 'a')).toThrow('data key of a under old does not open')
  })

  it('does not open when it is said to be wrapped by another key', () => {
    const { stored } = newDataKey('a')
    useKeys(OLD, NEW, `same:${'22'.repeat(32)}`)
    expect(() => openDataKey({ ...stored, masterKey: 'new' }, 'a')).toThrow(SealBroken)
    expect(() => openDataKey({ ...stored, masterKey: 'same' }, 'a')).toThrow(SealBroken)
  })
})

describe('a blind index', () => {
  it('is the same for the same value alone, in one domain, under one lookup key', () => {
    const index = blindIndex('documents', 'CC 123')
    expect(blindIndex('documents', 'CC 123')).toEqual(index)
    expect(index).toHaveLength(32)
    expect(blindIndex('documents', 'CC 124')).not.toEqual(index)
    expect(blindIndex('surnames', 'CC 123')).not.toEqual(index)
    useKeys(NEW)
    expect(blindIndex('documents', 'CC 123')).toEqual(index)
    configureForTest({ LOOKUP_KEY: '01'.repeat(32) })
    expect(blindIndex('documents', 'CC 123')).not.toEqual(index)
  })
})
