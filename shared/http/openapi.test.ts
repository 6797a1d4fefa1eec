import { describe, expect, test } from 'vitest'
import { exampleComplaints, openApiComplaints } from '../../tests/support/openapi-check.ts'
import { assignGate, callFlight, findGates } from '../../tests/support/planted-endpoints.ts'
import { openApiDocument } from './openapi.ts'

const options = { serverUrl: 'https://api.airline.test/', version: '1.2.3' }
const document = openApiDocument([findGates, assignGate, callFlight], options)

describe('the document', () => {
  test('misses nothing that OpenAPI asks', () => {
    expect(openApiComplaints(document)).toEqual([])
  })

  test('says what it is and where it is served', () => {
    expect(document).toMatchObject({
      openapi: '3.1.1',
      info: {
        title: 'Flight reservation API',
        version: '1.2.3',
        license: { name: 'MIT', identifier: 'MIT' },
      },
      servers: [{ url: 'https://api.airline.test', 'x-internal': false }],
      tags: [{ name: 'flights' }, { name: 'bookings' }],
    })
  })

  test('is the same each time', () => {
    expect(JSON.stringify(openApiDocument([findGates, assignGate, callFlight], options))).toBe(
      JSON.stringify(document),
    )
  })

  test('holds no component that nothing uses', () => {
    const { components } = openApiDocument([findGates], options)
    expect(components).not.toHaveProperty('parameters')
    const used = ['X-Request-Id', 'Access-Control-Allow-Origin', 'RateLimit-Policy', 'RateLimit']
    expect(Object.keys(components.headers ?? {}).sort()).toEqual(used.sort())
    expect(components.examples).not.toHaveProperty('gate-closed')
  })

  test.each([
    ['http://127.0.0.1:3000', true],
    ['http://localhost', true],
    ['http://[::1]:8080', true],
    ['http://127.0.0.1.airline.test', false],
    ['http://api.airline.test', false],
  ])('a server at %s is for this machine alone: %s', (serverUrl, internal) => {
    const [server] = openApiDocument([findGates], { serverUrl, version: '1.2.3' }).servers
    expect(server).toMatchObject({ url: serverUrl, 'x-internal': internal })
    expect(server && 'description' in server).toBe(internal)
  })

  test('asks for a description of a new slice', () => {
    const stray = { ...callFlight, entry: { ...callFlight.entry, entry: 'catering/commands/call-flight' } }
    expect(() => openApiDocument([stray], options)).toThrow('does not describe the slice catering')
  })

  test('keeps the methods of one path together', () => {
    const get = { ...findGates, entry: { ...findGates.entry, http: 'GET /v1/calls' as const } }
    expect(Object.keys(openApiDocument([callFlight, get], options).paths['/v1/calls'] ?? {})).toEqual([
      'post',
      'get',
    ])
  })
})

test('the examples are accepted by the contracts that hold them', () => {
  expect([findGates, assignGate, callFlight].flatMap(exampleComplaints)).toEqual([])
  const { contract } = assignGate
  const wrong = { ...contract, example: { ...contract.example, body: { gate: 'A4', seat: 1 } } }
  expect(exampleComplaints({ ...assignGate, contract: wrong })).toEqual([
    expect.stringContaining('example of the body: note '),
    expect.stringContaining('Unrecognized key: "seat"'),
  ])
  const { example: _, ...bare } = contract
  expect(exampleComplaints({ ...assignGate, contract: bare })).toEqual([
    'PUT /v1/flights/:flight/gate: no example of the body',
  ])
  expect(
    exampleComplaints({ ...callFlight, contract: { ...callFlight.contract, example: { query: {} } } }),
  ).toEqual(['POST /v1/calls: an example of the query, which it does not take'])
})
