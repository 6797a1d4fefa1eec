import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { loadEndpoints } from '../shared/hosts/functions.ts'
import { openApiDocument } from '../shared/http/openapi.ts'
import type { JsonSchema } from '../shared/http/openapi-components.ts'
import { exampleComplaints, openApiComplaints } from './support/openapi-check.ts'

const endpoints = await loadEndpoints()
const make = () => openApiDocument(endpoints, { serverUrl: 'https://api.airline.test', version: '1.2.3' })
const document = make()
const operations = Object.values(document.paths).flatMap((item) => Object.values(item))

describe('the document of every endpoint', () => {
  test('misses nothing that OpenAPI 3.1 asks', () => {
    expect(openApiComplaints(document)).toEqual([])
  })

  test('has an operation for each, with a summary, a success and a problem', () => {
    expect(operations).toHaveLength(endpoints.length)
    expect(endpoints.length).toBeGreaterThan(0)
  })

  test('is the same each time', () => {
    expect(JSON.stringify(make())).toBe(JSON.stringify(document))
  })

  test.each(endpoints.map((endpoint) => [endpoint.entry.http, endpoint] as const))(
    '%s: the contract accepts its own examples',
    (_, endpoint) => {
      expect(exampleComplaints(endpoint)).toEqual([])
    },
  )

  // Read back from the document alone, as a client's generator would.
  test.each(
    operations.flatMap(({ operationId, requestBody }) =>
      requestBody ? [[operationId, requestBody] as const] : [],
    ),
  )('%s: the schema in the document accepts the example of the body', (_, { content }) => {
    const media = content['application/json']
    expect(readBack(media?.schema ?? {}).safeParse(media?.example).error?.issues).toBeUndefined()
  })
})

/** zod reads patterns without the `u` flag that JSON Schema gives them, so those that need it are left out. */
function readBack(schema: JsonSchema): z.ZodType {
  const portable = JSON.parse(JSON.stringify(schema), (name, value) =>
    name === 'pattern' && /\\p\{/i.test(value) ? undefined : value,
  )
  return z.fromJSONSchema(portable)
}

describe('a document that misses something is found out', () => {
  type Document = typeof document
  const [path = '', item = {}] = Object.entries(document.paths).find(([name]) => name.includes('{')) ?? []
  const [method = '', operation] = Object.entries(item)[0] ?? []
  const where = `${method} ${path}`
  const withOperation = (change: object): Document => ({
    ...document,
    paths: { ...document.paths, [path]: { ...item, [method]: { ...operation, ...change } as never } },
  })
  const notFound = { ...operation?.responses, '404': { description: 'Gone', content: {} } }
  const onlySuccess = Object.entries(operation?.responses ?? {}).filter(([status]) => status.startsWith('2'))

  test.each<[string, Document, string]>([
    ['an old version', { ...document, openapi: '3.0.3' }, '3.0.3 is not OpenAPI 3.1'],
    ['a value that is not JSON', { ...document, info: { title: undefined } }, 'the document is not JSON'],
    ['a server with a slash', { ...document, servers: [{ url: 'http://a/' }] }, 'the server "http://a/"'],
    [
      'a path that stands twice',
      { ...document, paths: { ...document.paths, [path.replace(/\{\w+/, '{other')]: {} } },
      `${path.replace(/\{\w+\}/g, '{}')} stands twice`,
    ],
    [
      'an operationId that stands twice',
      { ...document, paths: { ...document.paths, '/copy': item } },
      `${operation?.operationId} stands twice`,
    ],
    [
      'a tag without a description',
      { ...document, tags: [] },
      `the tag ${operation?.tags[0]} is not described`,
    ],
    [
      'a tag without an operation',
      { ...document, tags: [...document.tags, { name: 'catering', description: 'Meals' }] },
      'the tag catering has no operation',
    ],
    ['a dead reference', { ...document, components: {} }, '#/components/schemas/Problem leads nowhere'],
    [
      'an unused component',
      {
        ...document,
        components: { ...document.components, schemas: { ...document.components.schemas, Meal: {} } },
      },
      '#/components/schemas/Meal is used nowhere',
    ],
    [
      'a component with a blank in its name',
      { ...document, components: { ...document.components, links: { 'a b': {} } } },
      'a b is no name',
    ],
    ['no summary', withOperation({ summary: ' ' }), `${where}: has no summary`],
    ['no description', withOperation({ description: '' }), `${where}: has no description`],
    ['two tags', withOperation({ tags: ['flights', 'bookings'] }), `${where}: has not one tag`],
    [
      'a missing path parameter',
      withOperation({ parameters: [] }),
      `${where}: declares the path parameters  and has`,
    ],
    [
      'an optional path parameter',
      withOperation({ parameters: operation?.parameters?.map((p) => ({ ...p, required: false })) }),
      `${where}: has an optional path parameter`,
    ],
    [
      'a parameter that stands twice',
      withOperation({ parameters: [...(operation?.parameters ?? []), ...(operation?.parameters ?? [])] }),
      'stands twice',
    ],
    ['an unknown scheme', withOperation({ security: [{ basic: [] }] }), `${where}: no scheme basic`],
    ['no success', withOperation({ responses: {} }), `${where}: has no success`],
    ['no problem', withOperation({ responses: Object.fromEntries(onlySuccess) }), `${where}: has no problem`],
    [
      'a response without a description',
      withOperation({ responses: { ...operation?.responses, '418': { description: '', content: {} } } }),
      `${where}: 418 is not described`,
    ],
    [
      'a refusal that is no problem',
      withOperation({ responses: notFound }),
      `${where}: 404 is not a problem`,
    ],
    [
      'a success that is not JSON',
      withOperation({ responses: { '200': { description: 'Done', content: {} } } }),
      `${where}: 200 is not JSON`,
    ],
    [
      'examples of other problems',
      withOperation({ responses: { ...operation?.responses, '410': operation?.responses['422'] } }),
      `${where}: 410 has examples of other problems`,
    ],
  ])('%s', (_, planted, complaint) => {
    expect(openApiComplaints(planted)).toContainEqual(expect.stringContaining(complaint))
  })
})
