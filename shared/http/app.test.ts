import { beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod/mini'
import { configureForTest } from '../../tests/support/settings.ts'
import { Count } from '../schemas.ts'
import { createApp } from './app.ts'
import { command } from './command.ts'
import { type Contract, endpoint, type HttpEntry } from './endpoint.ts'
import { problem } from './problem.ts'
import { HTTP_PROBLEMS } from './problems.ts'

beforeAll(() => configureForTest())

const success: Contract['success'] = { status: 200, description: 'Done', schema: z.unknown() }
const entry = (http: HttpEntry['http'], file: string) =>
  ({ entry: file, http, summary: 'Planted', allow: ['public'], reaches: [] }) as const

const read = endpoint(
  entry('GET /v1/flights/:flight', 'flights/queries/read'),
  {
    params: z.strictObject({ flight: z.string().check(z.minLength(3)) }),
    query: z.strictObject({ adults: z._default(Count(1, 9), 1) }),
    success,
    problems: [],
  },
  async ({ params, query, caller, requestId, traceparent, idempotencyKey, ifMatch }) => ({
    status: 200,
    body: { params, query, caller, requestId, traceparent, idempotencyKey, ifMatch },
    headers: { 'cache-control': 'no-store' },
  }),
)
const refuse = endpoint(
  entry('GET /v1/refused', 'flights/queries/refuse'),
  { success, problems: [] },
  async () => problem(HTTP_PROBLEMS['not-found'], { detail: 'Not this one.' }),
)
const fail = endpoint(
  entry('GET /v1/broken', 'flights/queries/fail'),
  { success, problems: [] },
  async () => {
    throw Object.assign(new Error('relation "secrets" holds Ana Pérez'), { code: '42P01' })
  },
)
const change = command(
  entry('POST /v1/flights/:flight', 'flights/commands/change'),
  { params: z.strictObject({ flight: z.string() }), body: z.strictObject({}), success, problems: [] },
  async () => ({ status: 200 }),
)
const pick = command(
  entry('PUT /v1/flights/best', 'flights/commands/pick'),
  { success, problems: [] },
  async () => ({ status: 200 }),
)
const app = createApp([read, refuse, fail, change, pick])
const ask = async (path: string, init?: RequestInit) => {
  const response = await app.request(path, init)
  return { response, body: (await response.json()) as Record<string, unknown> }
}

describe('a request that fits', () => {
  test('is handed to the handler, parsed', async () => {
    const { response, body } = await ask('/v1/flights/AV%209314?adults=2')
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/json')
    expect(response.headers.get('cache-control')).toBe('no-store')
    expect(body).toMatchObject({
      params: { flight: 'AV 9314' },
      query: { adults: 2 },
      caller: { id: 'public', roles: ['public'] },
      traceparent: null,
      idempotencyKey: '',
      ifMatch: null,
    })
  })

  test('keeps a trace context that is one', async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    expect((await ask('/v1/flights/abc', { headers: { traceparent } })).body.traceparent).toBe(traceparent)
    expect(
      (await ask('/v1/flights/abc', { headers: { traceparent: `${traceparent}-x` } })).body.traceparent,
    ).toBeNull()
  })
})

describe('a request that does not fit', () => {
  test.each([
    ['a repeated query key', '/v1/flights/abc?adults=1&adults=2', 'adults'],
    ['an unknown query key', '/v1/flights/abc?children=1', 'children'],
    ['a path parameter', '/v1/flights/a', 'flight'],
    ['a query where none is taken', '/v1/refused?page=2', 'page'],
  ])('%s is named', async (_, path, parameter) => {
    const { response, body } = await ask(path)
    expect(response.status).toBe(422)
    expect(body).toMatchObject({ code: 'invalid-request', errors: [{ parameter }] })
  })

  test('a command without a key, before its body is read', async () => {
    const { response, body } = await ask('/v1/flights/abc', { method: 'POST', body: 'no JSON' })
    expect([response.status, body.code]).toEqual([400, 'idempotency-key-missing'])
  })
})

describe('the request id', () => {
  const paths = [
    '/v1/flights/abc',
    '/v1/refused',
    '/v1/broken',
    '/v1/flights/a',
    '/nowhere',
    '/v1/flights/abc/x',
  ]

  test.each(paths)('is given back by %s', async (path) => {
    const { response, body } = await ask(path, { headers: { 'x-request-id': 'web-2027.05_01' } })
    expect(response.headers.get('x-request-id')).toBe('web-2027.05_01')
    expect(body.requestId).toBe('web-2027.05_01')
  })

  test('is given back to a method that the path does not take', async () => {
    const init = { method: 'DELETE', headers: { 'x-request-id': 'web-2027.05_01' } }
    expect((await ask('/v1/refused', init)).body.requestId).toBe('web-2027.05_01')
  })

  test.each(['short', 'x'.repeat(65), 'with space', 'quote"12345', '<script>alert(1)</script>'])(
    'that reads %s is replaced',
    async (given) => {
      for (const path of paths) {
        const { response, body } = await ask(path, { headers: { 'x-request-id': given } })
        expect(response.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/)
        expect(body.requestId).toBe(response.headers.get('x-request-id'))
      }
    },
  )

  test('is new for each request without one', async () => {
    const ids = await Promise.all(paths.map(async (path) => (await ask(path)).body.requestId))
    expect(new Set(ids).size).toBe(paths.length)
  })
})

describe('problems', () => {
  test('a problem that a handler returns keeps its detail', async () => {
    const { response, body } = await ask('/v1/refused')
    expect(response.status).toBe(404)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(body).toMatchObject({ code: 'not-found', status: 404, detail: 'Not this one.' })
  })

  test('what a handler throws becomes a problem that leaks nothing', async () => {
    const { response, body } = await ask('/v1/broken')
    expect(response.status).toBe(500)
    expect(response.headers.get('content-type')).toBe('application/problem+json')
    expect(body).toEqual({
      ...(problem(HTTP_PROBLEMS['internal-error']).body as object),
      requestId: body.requestId,
    })
    expect(JSON.stringify([body, ...response.headers])).not.toMatch(/secrets|Ana|42P01|stack/)
  })

  test('an unknown path', async () => {
    const { response, body } = await ask('/v2/flights')
    expect([response.status, body.code]).toEqual([404, 'not-found'])
  })

  test('a method that the path does not take, with those that it takes', async () => {
    const { response, body } = await ask('/v1/flights/abc', { method: 'DELETE' })
    expect([response.status, body.code]).toEqual([405, 'method-not-allowed'])
    expect(response.headers.get('allow')).toBe('GET, POST')
  })

  test('a method that none of the routes that fit the path takes, with those of all of them', async () => {
    const { response, body } = await ask('/v1/flights/best', { method: 'DELETE' })
    expect([response.status, body.code]).toEqual([405, 'method-not-allowed'])
    expect(response.headers.get('allow')).toBe('GET, POST, PUT')
  })
})
