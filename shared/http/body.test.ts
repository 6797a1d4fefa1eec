import { beforeAll, describe, expect, test } from 'vitest'
import * as z from 'zod/mini'
import { configureForTest } from '../../tests/support/settings.ts'
import { createApp } from './app.ts'
import { endpoint } from './endpoint.ts'

beforeAll(() => configureForTest())

const route = endpoint(
  {
    entry: 'bookings/queries/read-back',
    http: 'POST /v1/back',
    summary: 'Send the body back',
    allow: ['public'],
    reaches: [],
  },
  { body: z.unknown(), success: { status: 200, description: 'The body', schema: z.unknown() }, problems: [] },
  async ({ body }) => ({ status: 200, body }),
)
const app = createApp([route])

const post = (body: NonNullable<RequestInit['body']> | null, headers: Record<string, string> = {}) =>
  app.request('/v1/back', {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
    duplex: 'half',
  } as RequestInit)
const codeOf = async (response: Response) => [
  response.status,
  ((await response.json()) as { code: string }).code,
]

describe('what is read', () => {
  test('JSON in UTF-8, in whatever pieces it comes', async () => {
    const bytes = new TextEncoder().encode('{"name":"Ñoño"}')
    const pieces = ReadableStream.from([...bytes].map((byte) => Uint8Array.of(byte)))
    expect(await (await post(pieces)).json()).toEqual({ name: 'Ñoño' })
  })

  test('a body of exactly 64 KiB', async () => {
    const body = JSON.stringify('x'.repeat(64 * 1024 - 2))
    expect((await post(body)).status).toBe(200)
    expect(await codeOf(await post(`${body} `))).toEqual([413, 'body-too-large'])
  })

  test.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON'])(
    '%s',
    async (type) => {
      expect((await post('{}', { 'content-type': type })).status).toBe(200)
    },
  )
})

describe('a body of 5 MB is refused', () => {
  const size = 5_000_000

  test('by its Content-Length, unread', async () => {
    const pieces = counted(size)
    const response = await post(pieces.stream, { 'content-length': String(size) })
    expect(await codeOf(response)).toEqual([413, 'body-too-large'])
    expect(response.headers.get('connection')).toBe('close')
    expect(pieces.given()).toBe(0)
  })

  test('without a Content-Length, as soon as it passes the limit', async () => {
    const pieces = counted(size)
    expect(await codeOf(await post(pieces.stream))).toEqual([413, 'body-too-large'])
    expect(pieces.given()).toBeLessThan(2 * 64 * 1024)
  })

  test('with a Content-Length that lies', async () => {
    const pieces = counted(size)
    expect(await codeOf(await post(pieces.stream, { 'content-length': '2' }))).toEqual([
      413,
      'body-too-large',
    ])
    expect(pieces.given()).toBeLessThan(2 * 64 * 1024)
  })
})

test.each([
  ['nothing', ''],
  ['half an object', '{"a":1'],
  ['a single quote', "{'a':1}"],
  ['two documents', '{}{}'],
  ['bytes that are not UTF-8', Uint8Array.of(0x22, 0xff, 0x22)],
])('%s is not JSON', async (_, body) => {
  expect(await codeOf(await post(body))).toEqual([400, 'malformed-json'])
})

test('a request without a body is not JSON', async () => {
  expect(await codeOf(await post(null))).toEqual([400, 'malformed-json'])
})

test.each<[string, Record<string, string>]>([
  ['text', { 'content-type': 'text/plain' }],
  ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
  ['another kind of JSON', { 'content-type': 'application/merge-patch+json' }],
  ['no content type', { 'content-type': '' }],
  ['compressed JSON', { 'content-encoding': 'gzip' }],
])('%s is not supported', async (_, headers) => {
  expect(await codeOf(await post('{}', headers))).toEqual([415, 'content-type-unsupported'])
})

/** A body given in pieces of 16 KiB when they are asked for. */
function counted(size: number): { stream: ReadableStream<Uint8Array>; given: () => number } {
  let given = 0
  const pull = (controller: ReadableStreamDefaultController<Uint8Array>) => {
    if (given >= size) return controller.close()
    given += 16_384
    controller.enqueue(new Uint8Array(16_384).fill(0x20))
  }
  return { stream: new ReadableStream({ pull }, { highWaterMark: 0 }), given: () => given }
}
