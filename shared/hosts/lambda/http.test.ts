import type { APIGatewayProxyEventV2, Context } from 'aws-lambda'
import { beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { configureForTest } from '../../../tests/support/settings.ts'
import { type Endpoint, endpoint, type HttpEntry } from '../../http/endpoint.ts'
import type { Answer } from '../../http/problem.ts'
import { lambdaHttp } from './http.ts'

beforeAll(() => configureForTest())

const anything = z.record(z.string(), z.unknown())
const entry = (http: HttpEntry['http']): HttpEntry => ({
  entry: 'planted/queries/echo',
  http,
  summary: 'Planted',
  allow: ['public'],
  reaches: [],
})
const contract = {
  success: { status: 200, description: 'What came', schema: anything },
  problems: [],
} as const

/** An event as API Gateway sends it (payload format 2.0), with what the documentation's example holds. */
function event(
  method: string,
  path: string,
  more: Partial<APIGatewayProxyEventV2> = {},
): APIGatewayProxyEventV2 {
  return {
    version: '2.0',
    routeKey: `${method} ${path}`,
    rawPath: path,
    rawQueryString: '',
    headers: { host: 'api.example.com', 'x-forwarded-for': '203.0.113.7', 'x-forwarded-proto': 'https' },
    requestContext: {
      accountId: '123456789012',
      apiId: 'api-id',
      domainName: 'api.example.com',
      domainPrefix: 'api',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '203.0.113.7', userAgent: 'agent' },
      requestId: 'id',
      routeKey: `${method} ${path}`,
      stage: '$default',
      time: '12/Mar/2026:19:03:58 +0000',
      timeEpoch: 1583348638390,
    },
    isBase64Encoded: false,
    ...more,
  }
}
const invoke = async (route: Endpoint, sent: APIGatewayProxyEventV2) => {
  // As on Lambda, what goes in and out is JSON.
  const result = await lambdaHttp(route)(JSON.parse(JSON.stringify(sent)), {} as Context)
  const { statusCode, headers, body, isBase64Encoded, cookies } = JSON.parse(JSON.stringify(result))
  return { statusCode, headers, isBase64Encoded, cookies, body: JSON.parse(body) }
}

describe('lambdaHttp', () => {
  it('gives query, path, cookies and address as they were sent, repeated keys as lists', async () => {
    const route = endpoint(
      entry('GET /v1/echo/:place'),
      {
        ...contract,
        params: z.strictObject({ place: z.string() }),
        query: z.record(z.string(), z.any()) as never,
      },
      async ({ params, query, address, url }) => ({
        status: 200,
        body: { params, query, address, host: url.host },
      }),
    )
    const { statusCode, body, headers } = await invoke(
      route,
      event('GET', '/v1/echo/San%20Andr%C3%A9s', {
        rawQueryString: 'city=Bogot%C3%A1&age=34&age=12&empty=',
        cookies: ['one=1', 'two=2'],
      }),
    )
    expect(statusCode).toBe(200)
    expect(body).toEqual({
      params: { place: 'San Andrés' },
      query: { city: 'Bogotá', age: ['34', '12'], empty: '' },
      address: '203.0.113.7',
      host: 'api.example.com',
    })
    expect(headers).toMatchObject({ 'content-type': 'application/json', 'x-content-type-options': 'nosniff' })
  })

  it.each([
    ['text', false],
    ['Base64', true],
  ])('reads a body that came as %s', async (_, isBase64Encoded) => {
    const route = endpoint(entry('POST /v1/echo'), { ...contract, body: anything }, async ({ body }) => ({
      status: 200,
      body: { got: body },
    }))
    const text = JSON.stringify({ name: 'Ñáñez — O’Brien' })
    const { body } = await invoke(
      route,
      event('POST', '/v1/echo', {
        headers: { host: 'api.example.com', 'content-type': 'application/json' },
        body: isBase64Encoded ? Buffer.from(text).toString('base64') : text,
        isBase64Encoded,
      }),
    )
    expect(body).toEqual({ got: { name: 'Ñáñez — O’Brien' } })
  })

  it('answers problems with their status and type', async () => {
    const route = endpoint({ ...entry('GET /v1/echo'), allow: ['admin'] }, contract, async () => ({
      status: 200,
    }))
    const { statusCode, headers, body } = await invoke(route, event('GET', '/v1/echo'))
    expect([statusCode, headers['content-type'], body.code]).toEqual([
      401,
      'application/problem+json',
      'token-missing',
    ])
  })

  it('refuses bytes that are not JSON in UTF-8', async () => {
    const route = endpoint(entry('POST /v1/echo'), { ...contract, body: anything }, async () => ({
      status: 200,
    }))
    const { statusCode, body } = await invoke(
      route,
      event('POST', '/v1/echo', {
        headers: { host: 'api.example.com', 'content-type': 'application/json' },
        body: Buffer.from([0x7b, 0xff, 0xfe, 0x7d]).toString('base64'),
        isBase64Encoded: true,
      }),
    )
    expect([statusCode, body.code]).toEqual([400, 'malformed-json'])
  })

  it.each([
    [5.9, 200],
    [6.1, 500],
  ])('lets an answer of %s MB through or says what to do', async (megabytes, status) => {
    const large: Answer = { status: 200, body: { text: 'x'.repeat(megabytes * 1024 * 1024) } }
    const route = endpoint(entry('GET /v1/echo'), contract, async () => large)
    const { statusCode, body } = await invoke(route, event('GET', '/v1/echo'))
    expect(statusCode).toBe(status)
    if (status !== 200)
      expect(body).toMatchObject({ code: 'answer-too-large', requestId: expect.any(String) })
  })
})
