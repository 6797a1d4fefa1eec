import { beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod/mini'
import { configureForTest } from '../../tests/support/settings.ts'
import { configure } from '../config.ts'
import { createApp } from './app.ts'
import { endpoint } from './endpoint.ts'

const PAGE = 'https://vuelos.example'

beforeAll(() => {
  configureForTest()
  configure({ CORS_ORIGINS: PAGE })
})

const app = createApp([
  endpoint(
    {
      entry: 'flights/queries/read',
      http: 'GET /v1/read',
      summary: 'Read',
      allow: ['public'],
      reaches: [],
    },
    { success: { status: 200, description: 'Read', schema: z.unknown() }, problems: [] },
    async () => ({ status: 200, body: {} }),
  ),
])
const headersFor = async (headers: Record<string, string>, method = 'GET') =>
  (await app.request('/v1/read', { method, headers })).headers

describe('pages of other origins', () => {
  test('a configured one may read the answer, and the headers it needs', async () => {
    const headers = await headersFor({ origin: PAGE })
    expect(headers.get('access-control-allow-origin')).toBe(PAGE)
    expect(headers.get('access-control-expose-headers')).toContain('x-request-id')
    expect(headers.get('vary')).toBe('Origin')
  })

  test('a configured one may ask first', async () => {
    const headers = await headersFor({ origin: PAGE, 'access-control-request-method': 'GET' }, 'OPTIONS')
    expect(headers.get('access-control-allow-origin')).toBe(PAGE)
    expect(headers.get('access-control-allow-headers')).toContain('idempotency-key')
  })

  test('another may not', async () => {
    expect((await headersFor({ origin: 'https://other.example' })).has('access-control-allow-origin')).toBe(
      false,
    )
  })

  test('who is no page is told nothing of it', async () => {
    expect([...(await headersFor({})).keys()].filter((name) => name.startsWith('access-control'))).toEqual([])
  })
})
