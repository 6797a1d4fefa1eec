import { afterEach, describe, expect, test, vi } from 'vitest'
import { configureForTest } from '../tests/support/settings.ts'
import { config, configure, setting } from './config.ts'

afterEach(() => {
  vi.unstubAllEnvs()
  configureForTest()
})

describe('config', () => {
  test('takes the environment, and above it what a host decides', () => {
    configureForTest()
    vi.stubEnv('PORT', '8080')
    expect(config()).toMatchObject({ PORT: 8080, DATABASE_POOL: 10, OIDC_ISSUER: 'https://issuer.test' })
    configure({ PORT: 9090 })
    expect(config().PORT).toBe(9090)
  })

  test('names every setting that is missing or breaks its rule, once each', () => {
    configureForTest()
    configure({
      PORT: '70000.5',
      OIDC_ISSUER: 'issuer',
      LOOKUP_KEY: 'abc',
      DOCUMENT_KEYS: `one:${'0'.repeat(63)}`,
      DATABASE_URL: 'mysql://x',
      LOG_LEVEL: 'loud',
    })
    expect(config).toThrow(
      [
        'The configuration is not complete. Set these environment variables:',
        '  PORT: must be a whole number from 0 to 65535',
        '  DATABASE_URL: must be a postgres:// URL',
        '  OIDC_ISSUER: must be a URL',
        '  LOOKUP_KEY: must be 32 bytes or more in hex',
        '  DOCUMENT_KEYS: must be id:key,id:key with ids of letters, digits, _ and -, and keys of 32 bytes in hex, the current one first',
        '  LOG_LEVEL: must be one of trace, debug, info, warn, error, fatal, silent',
      ].join('\n'),
    )
  })
})

test('master keys are one or several, each under an id of its own', () => {
  const key = 'aB'.repeat(32)
  const given = (DOCUMENT_KEYS: string) => {
    configure({ DOCUMENT_KEYS })
    return setting('DOCUMENT_KEYS')
  }
  for (const good of [`k1:${key}`, `2026-11:${key},2026-05:${key}`]) expect(given(good)).toBe(good)
  for (const bad of [
    'k1',
    key,
    `:${key}`,
    `k1:${key},`,
    `k1:${key}ab`,
    `k 1:${key}`,
    `k1:${key};k2:${key}`,
  ]) {
    expect(() => given(bad), bad).toThrow('DOCUMENT_KEYS must be id:key,id:key')
  }
  expect(() => given(`k1:${key},k2:${key},k1:${key}`)).toThrow('DOCUMENT_KEYS must not name a key twice')
})

describe('setting', () => {
  test('tells one setting whatever the others are', () => {
    configure({ DATABASE_URL: 'nonsense' })
    vi.stubEnv('DATABASE_POOL', '3')
    expect(setting('DATABASE_POOL')).toBe(3)
    expect(setting('OIDC_AUDIENCE')).toBe('flight-reservation-system')
    expect(() => setting('DATABASE_URL')).toThrow(
      'DATABASE_URL must be a postgres:// URL. Change or unset this environment variable.',
    )
  })

  test('takes an empty variable for none', () => {
    vi.stubEnv('DATABASE_POOL', '')
    expect(setting('DATABASE_POOL')).toBe(10)
  })
})
