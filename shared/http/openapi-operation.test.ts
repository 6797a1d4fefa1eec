import { describe, expect, test } from 'vitest'
import { assignGate, callFlight, findGates } from '../../tests/support/planted-endpoints.ts'
import { openApiDocument } from './openapi.ts'
import { problemsOf } from './openapi-problems.ts'

const options = { serverUrl: 'https://api.airline.test/', version: '1.2.3' }
const document = openApiDocument([findGates, assignGate, callFlight], options)
const query = document.paths['/v1/airports/{airport}/gates']?.get
const change = document.paths['/v1/flights/{flight}/gate']?.put
const call = document.paths['/v1/calls']?.post

describe('an operation', () => {
  test('is named by its file, its slice and its summary', () => {
    expect(query).toMatchObject({ operationId: 'findGates', tags: ['flights'], summary: 'Find gates' })
    expect(call).toMatchObject({ operationId: 'callFlight', tags: ['bookings'] })
  })

  test('says who may call it', () => {
    expect(query).toMatchObject({ description: 'Needs no token.', security: [{}, { bearer: [] }] })
    expect(change).toMatchObject({
      description: 'Gives the gate to the flight.\n\nNeeds a token with the role `agent` or `admin`.',
      security: [{ bearer: [] }],
    })
  })

  test('has the parameters of its path and query, with their examples', () => {
    expect(query?.parameters).toEqual([
      {
        name: 'airport',
        in: 'path',
        required: true,
        schema: { type: 'string', minLength: 3, maxLength: 3 },
        example: 'BOG',
      },
      {
        name: 'day',
        in: 'query',
        required: true,
        schema: { type: 'string', format: 'date', maxLength: 10 },
        example: '2027-02-28',
      },
      { name: 'open', in: 'query', required: false, schema: { type: 'string' } },
      {
        name: 'limit',
        in: 'query',
        required: false,
        schema: { type: 'integer', format: 'int32', minimum: 1, maximum: 50, default: 20 },
        example: 5,
      },
    ])
  })

  test('that is a command needs an Idempotency-Key, and its kept answers may be replayed', () => {
    expect(change?.parameters).toContainEqual({ $ref: '#/components/parameters/IdempotencyKey' })
    expect(document.components.parameters).toMatchObject({
      IdempotencyKey: { name: 'Idempotency-Key', in: 'header', required: true },
    })
    const replayed = Object.entries(change?.responses ?? {})
      .filter(([, response]) => JSON.stringify(response).includes('Idempotent-Replayed'))
      .map(([status]) => status)
    expect(replayed).toEqual(['201', '404', '409'])
    expect(JSON.stringify(query)).not.toMatch(/Idempotent-Replayed|IdempotencyKey/)
  })

  test('whose sender signs says in which header', () => {
    const signed = { ...callFlight, entry: { ...callFlight.entry, signedBy: 'x-signature' } }
    const post = openApiDocument([signed], options).paths['/v1/calls']?.post
    expect(post?.parameters).toContainEqual(
      expect.objectContaining({ name: 'x-signature', in: 'header', required: true }),
    )
    expect(JSON.stringify(call)).not.toContain('signature')
  })

  test('that may answer later says so with the same schema', () => {
    const slow = { ...callFlight, contract: { ...callFlight.contract, pending: 'Not yet' } }
    const responses = openApiDocument([slow], options).paths['/v1/calls']?.post?.responses
    const success = responses?.[callFlight.contract.success.status]
    expect(responses?.[202]).toMatchObject({ description: 'Not yet', content: success?.content })
    expect(call?.responses[202]).toBeUndefined()
  })

  test('has a body as a client sends it: before defaults and transforms', () => {
    expect(change?.requestBody).toEqual({
      required: true,
      content: {
        'application/json': {
          schema: {
            type: 'object',
            properties: {
              gate: { type: 'string', minLength: 1, maxLength: 4, pattern: '^\\P{C}*$' },
              from: { type: 'string', format: 'date', maxLength: 10, default: '2027-01-01' },
              note: { type: 'string' },
            },
            required: ['gate', 'note'],
            additionalProperties: false,
          },
          example: { gate: 'A4', note: 'near the lift' },
        },
      },
    })
    expect(call).not.toHaveProperty('requestBody')
  })

  test('has an answer as a client gets it: after defaults, and it may gain members', () => {
    const instant = { type: 'string', format: 'date-time', maxLength: 35 }
    const text = { type: 'string', maxLength: 1000, pattern: '^\\P{C}*$' }
    expect(query?.responses['200']).toMatchObject({
      description: 'The gates',
      headers: { 'X-Request-Id': { $ref: '#/components/headers/X-Request-Id' } },
    })
    expect(query?.responses['200']?.content['application/json']?.schema).toEqual({
      type: 'object',
      properties: {
        gates: {
          type: 'array',
          maxItems: 10_000,
          items: {
            type: 'object',
            properties: { gate: text, opens: instant, closes: { anyOf: [instant, { type: 'null' }] } },
            required: ['gate', 'opens', 'closes'],
          },
        },
        next: text,
        complete: { type: 'boolean', default: true },
      },
      required: ['gates', 'complete'],
    })
  })
})

describe('quotas', () => {
  const headersAt = (operation: typeof query, status: string) =>
    Object.keys((operation?.responses[status] as { headers?: object } | undefined)?.headers ?? {})

  const open = { ...callFlight, entry: { ...callFlight.entry, allow: ['public'] as const } }
  const limited = { ...findGates, contract: { ...findGates.contract, limits: () => [] } }
  const of = (endpointOf: typeof findGates, path: string, method: string) =>
    openApiDocument([endpointOf], options).paths[path]?.[method]

  test('count the commands of callers without a token, and what a contract limits', () => {
    const command = of(open, '/v1/calls', 'post')
    expect(command?.description).toContain('Requests without a token are counted')
    const read = of(limited, '/v1/airports/{airport}/gates', 'get')
    expect(read?.description).toContain('\n\nRequests are counted')
    for (const operation of [command, read]) {
      expect(headersAt(operation, '429')).toEqual(
        expect.arrayContaining(['RateLimit-Policy', 'RateLimit', 'Retry-After']),
      )
      expect(JSON.stringify(operation?.responses['429'])).toContain('too-many-requests')
    }
  })

  test('count nothing else', () => {
    for (const operation of [query, change, call]) {
      expect(operation?.description).not.toContain('counted')
      expect(operation?.responses).not.toHaveProperty('429')
    }
  })

  test('are told with answers and refusals, not with failures', () => {
    expect(headersAt(query, '200')).toEqual(expect.arrayContaining(['RateLimit-Policy', 'RateLimit']))
    expect(headersAt(query, '404')).toEqual(expect.arrayContaining(['RateLimit-Policy', 'RateLimit']))
    expect(headersAt(query, '500')).toEqual(['X-Request-Id', 'Access-Control-Allow-Origin'])
  })
})

describe('problems', () => {
  const codesOf = (endpointOf: Parameters<typeof problemsOf>[0]) =>
    problemsOf(endpointOf)
      .map(({ code }) => code)
      .sort()

  test('stand where they can happen', () => {
    const everywhere = ['internal-error', 'invalid-request', 'issuer-unreachable', 'token-invalid']
    const commands = ['idempotency-key-missing', 'idempotency-key-reused']
    const withToken = ['role-missing', 'token-missing']
    const withBody = ['body-too-large', 'content-type-unsupported', 'malformed-json']
    expect(codesOf(findGates)).toEqual([...everywhere, 'unknown-gate'].sort())
    expect(codesOf(callFlight)).toEqual([...everywhere, ...commands, ...withToken].sort())
    expect(codesOf(assignGate)).toEqual(
      [...everywhere, ...commands, ...withToken, ...withBody, 'gate-closed', 'unknown-gate'].sort(),
    )
  })

  test('of one status are one response that lists their codes', () => {
    expect(Object.keys(change?.responses ?? {})).toEqual([
      '201',
      '400',
      '401',
      '403',
      '404',
      '409',
      '413',
      '415',
      '422',
      '500',
      '503',
    ])
    expect(change?.responses['401']).toMatchObject({
      description: expect.stringMatching(/^- `token-missing`: .+\n- `token-invalid`: .+$/),
      content: {
        'application/problem+json': {
          schema: {
            allOf: [
              { $ref: '#/components/schemas/Problem' },
              { properties: { code: { enum: ['token-missing', 'token-invalid'] } } },
            ],
          },
          examples: { 'token-missing': { $ref: '#/components/examples/token-missing' } },
        },
      },
    })
  })

  test('have an example, the document that is sent', () => {
    expect(document.components.examples?.['gate-closed']).toEqual({
      summary: 'The gate is closed',
      value: {
        type: '/problems/gate-closed',
        title: 'The gate is closed',
        status: 409,
        code: 'gate-closed',
        detail: 'Take the next flight.',
        requestId: expect.any(String),
      },
    })
  })
})
