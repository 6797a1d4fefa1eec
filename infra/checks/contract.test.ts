import { describe, expect, test } from 'vitest'
import { loadEndpoints } from '../../shared/hosts/functions.ts'
import { type OpenApiDocument, openApiDocument } from '../../shared/http/openapi.ts'
import { assignGate, callFlight, findGates } from '../../tests/support/planted-endpoints.ts'
import {
  complaintsOf,
  contractFindings,
  idleExceptions,
  owaspFindings,
  owaspRules,
  redoclyFindings,
} from './contract.ts'

const endpoints = await loadEndpoints()
const findingsAt = (serverUrl: string) =>
  contractFindings(openApiDocument(endpoints, { serverUrl, version: '1.2.3' }))
const deployed = await findingsAt('https://api.airline.test')
const local = await findingsAt('http://127.0.0.1:3000')

describe('the document of every endpoint', () => {
  test('has no error, without exceptions', () => {
    const errors = deployed.filter(({ severity }) => severity === 'error')
    expect(complaintsOf(errors, []).join('\n')).toBe('')
  })

  test('has no warning but those that are meant', () => {
    expect(complaintsOf(deployed).join('\n')).toBe('')
  })

  test('differs on the local host in its address alone', () => {
    expect(complaintsOf(local).join('\n')).toBe('')
    const known = complaintsOf(deployed, [])
    expect(complaintsOf(local, []).filter((line) => !known.includes(line))).toEqual([
      expect.stringContaining('owasp:api8:2023-no-server-http at servers 0 url'),
    ])
  })

  test('makes use of every exception', () => {
    expect(idleExceptions([...deployed, ...local])).toEqual([])
  })
})

// A small document, so that a run takes no time. It need not please the rules: what is planted must add a finding.
describe('a planted violation is found', async () => {
  const anyone = { ...callFlight, entry: { ...callFlight.entry, allow: ['public'] as const } }
  const make = () =>
    openApiDocument([findGates, assignGate, anyone], { serverUrl: 'https://api.test', version: '1.2.3' })
  const found = complaintsOf(await contractFindings(make()), [])

  // biome-ignore lint/suspicious/noExplicitAny: what is planted fits no type
  type Plant = (document: any) => void
  const gates = '/v1/airports/{airport}/gates'
  const body = (document: Parameters<Plant>[0]) =>
    document.paths['/v1/flights/{flight}/gate'].put.requestBody.content['application/json']
  const scheme =
    (more: object): Plant =>
    (document) => {
      document.components.securitySchemes.other = more
      document.paths[gates].get.security.push({ other: [] })
    }
  const parameter =
    (more: object): Plant =>
    (document) =>
      document.paths[gates].get.parameters.push({ in: 'query', schema: { type: 'boolean' }, ...more })
  const member =
    (schema: object): Plant =>
    (document) => {
      body(document).schema.properties.planted = schema
    }
  const without =
    (status: string): Plant =>
    (document) =>
      delete document.paths['/v1/calls'].post.responses[status]
  const headers = (document: Parameters<Plant>[0], status: string) =>
    document.paths['/v1/calls'].post.responses[status].headers

  const plants: [rule: string, plant: Plant][] = [
    // Redocly
    ['struct', (document) => Object.assign(document.info, { owner: 'nobody' })],
    ['no-unresolved-refs', member({ $ref: '#/components/schemas/Nothing' })],
    ['no-unused-components', (document) => Object.assign(document.components.schemas, { Meal: {} })],
    ['no-empty-servers', (document) => Object.assign(document, { servers: [] })],
    [
      'no-server-trailing-slash',
      (document) => Object.assign(document.servers[0], { url: 'https://a.test/' }),
    ],
    ['no-enum-type-mismatch', member({ type: 'string', enum: [1] })],
    ['no-identical-paths', (document) => Object.assign(document.paths, { '/v1/airports/{a}/gates': {} })],
    ['no-invalid-media-type-examples', (document) => Object.assign(body(document), { example: { gate: 1 } })],
    ['no-invalid-parameter-examples', parameter({ name: 'odd', example: 'no boolean' })],
    ['operation-2xx-response', without('200')],
    [
      'operation-operationId-unique',
      (document) => Object.assign(document.paths['/v1/calls'].post, { operationId: 'findGates' }),
    ],
    ['operation-summary', (document) => delete document.paths['/v1/calls'].post.summary],
    ['operation-parameters-unique', parameter({ name: 'day' })],
    ['path-parameters-defined', parameter({ name: 'stray', in: 'path', required: true })],
    [
      'security-defined',
      (document) => Object.assign(document.paths['/v1/calls'].post, { security: [{ none: [] }] }),
    ],
    // OWASP
    ['owasp:api1:2023-no-numeric-ids', parameter({ name: 'flight_id', schema: { type: 'integer' } })],
    ['owasp:api2:2023-no-http-basic', scheme({ type: 'http', scheme: 'basic' })],
    ['owasp:api2:2023-no-api-keys-in-url', scheme({ type: 'apiKey', in: 'query', name: 'key' })],
    ['owasp:api2:2023-no-credentials-in-url', parameter({ name: 'password' })],
    ['owasp:api2:2023-auth-insecure-schemes', scheme({ type: 'http', scheme: 'negotiate' })],
    [
      'owasp:api2:2023-jwt-best-practices',
      scheme({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'A token.' }),
    ],
    [
      'owasp:api2:2023-short-lived-access-tokens',
      scheme({ type: 'oauth2', flows: { implicit: { authorizationUrl: 'https://a.test', scopes: {} } } }),
    ],
    ['owasp:api2:2023-write-restricted', (document) => delete document.paths['/v1/calls'].post.security],
    ['owasp:api2:2023-read-restricted', (document) => delete document.paths[gates].get.security],
    ['owasp:api3:2023-no-unevaluatedProperties', member({ type: 'object', unevaluatedProperties: true })],
    [
      'owasp:api3:2023-constrained-unevaluatedProperties',
      member({ type: 'object', unevaluatedProperties: { type: 'boolean' } }),
    ],
    ['owasp:api4:2023-rate-limit', (document) => delete headers(document, '200').RateLimit],
    ['owasp:api4:2023-rate-limit-retry-after', (document) => delete headers(document, '429')['Retry-After']],
    ['owasp:api4:2023-rate-limit-responses-429', without('429')],
    ['owasp:api4:2023-array-limit', member({ type: 'array', items: { type: 'boolean' } })],
    ['owasp:api4:2023-string-limit', member({ type: 'string', pattern: '^a*$' })],
    ['owasp:api4:2023-string-restricted', member({ type: 'string', maxLength: 9 })],
    ['owasp:api4:2023-integer-limit', member({ type: 'integer', format: 'int32', minimum: 0 })],
    ['owasp:api4:2023-integer-format', member({ type: 'integer', minimum: 0, maximum: 9 })],
    [
      'owasp:api5:2023-admin-security-unique',
      (document) => Object.assign(document.paths, { '/admin/calls': document.paths['/v1/calls'] }),
    ],
    ['owasp:api7:2023-concerning-url-parameter', parameter({ name: 'callback' })],
    [
      'owasp:api8:2023-define-cors-origin',
      (document) => delete headers(document, '500')['Access-Control-Allow-Origin'],
    ],
    [
      'owasp:api8:2023-no-server-http',
      (document) => Object.assign(document.servers[0], { url: 'http://a.test' }),
    ],
    [
      'owasp:api8:2023-define-error-validation',
      (document) => {
        const { 200: success } = document.paths['/v1/calls'].post.responses
        document.paths['/v1/calls'].post.responses = { 200: success }
      },
    ],
    ['owasp:api8:2023-define-error-responses-401', without('401')],
    ['owasp:api8:2023-define-error-responses-500', without('500')],
    ['owasp:api9:2023-inventory-access', (document) => delete document.servers[0]['x-internal']],
    [
      'owasp:api9:2023-inventory-environment',
      (document) => Object.assign(document.servers[0], { description: 'Somewhere' }),
    ],
  ]

  test('for every rule of OWASP that speaks of OpenAPI 3.1', () => {
    const planted = plants.map(([rule]) => rule).filter((rule) => rule.startsWith('owasp:'))
    expect(planted.sort()).toEqual(owaspRules().sort())
  })

  test.each(plants)('%s', async (rule, plant) => {
    const document = structuredClone(make())
    plant(document)
    const findings = await (rule.startsWith('owasp:') ? owaspFindings : redoclyFindings)(document)
    const added = complaintsOf(findings, []).filter((line) => !found.includes(line))
    expect(added).toContainEqual(expect.stringContaining(` ${rule} at `))
  })
})

test('a document that refers to another is refused, not followed', async () => {
  const schema = { $ref: 'https://elsewhere.test/schema.json' }
  const document: OpenApiDocument = {
    ...openApiDocument([findGates], { serverUrl: 'https://api.test', version: '1.2.3' }),
    components: { schemas: { schema } },
  }
  await expect(contractFindings(document)).rejects.toThrow('refers to https://elsewhere.test/schema.json')
})
