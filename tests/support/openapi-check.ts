import { isDeepStrictEqual } from 'node:util'
import type { Endpoint } from '../../shared/http/endpoint.ts'
import type { OpenApiDocument } from '../../shared/http/openapi.ts'
import type { Parameter } from '../../shared/http/openapi-components.ts'

type Operation = OpenApiDocument['paths'][string][string]
type Placed = { path: string; where: string; operation: Operation }

/** What OpenAPI 3.1, or a reader, misses in the document, a line each. */
export function openApiComplaints(document: OpenApiDocument): string[] {
  const operations = Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, where: `${method} ${path}`, operation })),
  )
  return [
    ...(isJson(document) ? [] : ['the document is not JSON']),
    ...(/^3\.1\.\d+$/.test(document.openapi) ? [] : [`${document.openapi} is not OpenAPI 3.1`]),
    ...document.servers.filter(({ url }) => !/[^/]$/.test(url)).map(({ url }) => `the server "${url}"`),
    ...twice(Object.keys(document.paths).map((path) => path.replace(/\{\w+\}/g, '{}'))),
    ...twice(operations.map(({ operation }) => operation.operationId)),
    ...referenceComplaints(document),
    ...tagComplaints(document, operations),
    ...operations.flatMap((placed) => operationComplaints(document, placed)),
  ]
}

/** Examples that the contract's own schemas refuse, and bodies without an example. */
export function exampleComplaints({ entry, contract }: Endpoint): string[] {
  const { example } = contract
  const parts = [
    { part: 'path', schema: contract.params, value: example?.params },
    { part: 'query', schema: contract.query, value: example?.query },
    { part: 'body', schema: contract.body, value: example?.body },
  ]
  return parts.flatMap(({ part, schema, value }) => {
    if (value === undefined) return part === 'body' && schema ? [`${entry.http}: no example of the body`] : []
    if (!schema) return [`${entry.http}: an example of the ${part}, which it does not take`]
    const issues = schema.safeParse(value).error?.issues ?? []
    return issues.map(
      ({ path, message }) => `${entry.http}: example of the ${part}: ${path.join('.')} ${message}`,
    )
  })
}

function referenceComplaints(document: OpenApiDocument): string[] {
  const references = new Set(referencesIn(document))
  const components = Object.entries(document.components).flatMap(([kind, members]) =>
    Object.keys(members).map((name) => ({ kind, name, reference: `#/components/${kind}/${name}` })),
  )
  const unused = components.filter(
    ({ kind, reference }) => kind !== 'securitySchemes' && !references.has(reference),
  )
  return [
    ...[...references].filter((to) => resolve(document, to) === undefined).map((to) => `${to} leads nowhere`),
    ...unused.map(({ reference }) => `${reference} is used nowhere`),
    ...components.filter(({ name }) => !/^[\w.-]+$/.test(name)).map(({ name }) => `${name} is no name`),
  ]
}

function tagComplaints(document: OpenApiDocument, operations: Placed[]): string[] {
  const used = new Set(operations.flatMap(({ operation }) => operation.tags))
  const defined = document.tags.filter(({ description }) => description.length > 0).map(({ name }) => name)
  return [
    ...[...used].filter((tag) => !defined.includes(tag)).map((tag) => `the tag ${tag} is not described`),
    ...defined.filter((tag) => !used.has(tag)).map((tag) => `the tag ${tag} has no operation`),
  ]
}

function operationComplaints(document: OpenApiDocument, { path, where, operation }: Placed): string[] {
  const parameters = (operation.parameters ?? []).flatMap((parameter) => {
    const found = '$ref' in parameter ? resolve(document, parameter.$ref) : parameter
    return found ? [found as Parameter] : []
  })
  const inTemplate = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name)
  const inPath = parameters.filter((parameter) => parameter.in === 'path')
  const schemes = operation.security.flatMap((choice) => Object.keys(choice))
  const statuses = Object.keys(operation.responses)
  const complaints = [
    operation.summary.trim() ? '' : 'has no summary',
    operation.description.trim() ? '' : 'has no description',
    operation.tags.length === 1 ? '' : 'has not one tag',
    String(inPath.map(({ name }) => name).sort()) === String(inTemplate.sort())
      ? ''
      : `declares the path parameters ${inPath.map(({ name }) => name)} and has ${inTemplate}`,
    inPath.every(({ required }) => required) ? '' : 'has an optional path parameter',
    ...twice(parameters.map((parameter) => `${parameter.in} ${parameter.name}`)),
    ...schemes
      .filter((name) => !document.components.securitySchemes?.[name])
      .map((name) => `no scheme ${name}`),
    statuses.some((status) => status.startsWith('2')) ? '' : 'has no success',
    statuses.some((status) => status.startsWith('4')) ? '' : 'has no problem',
    ...statuses
      .filter((status) => !operation.responses[status]?.description)
      .map((s) => `${s} is not described`),
    ...problemComplaints(document, operation),
  ]
  return complaints.filter(Boolean).map((complaint) => `${where}: ${complaint}`)
}

/** Each example of a problem has the status of its response and a code that the response lists. */
function problemComplaints(document: OpenApiDocument, operation: Operation): string[] {
  type Example = { value: { status: number; code: string } } | undefined
  type ProblemMedia = { schema: { allOf: [unknown, { properties: { code: { enum: string[] } } }] } }
  return Object.entries(operation.responses).flatMap(([status, response]) => {
    if (status.startsWith('2')) return response.content['application/json'] ? [] : [`${status} is not JSON`]
    const media = response.content['application/problem+json'] as
      | (ProblemMedia & { examples: Record<string, { $ref: string }> })
      | undefined
    if (!media) return [`${status} is not a problem`]
    const codes = media.schema.allOf[1].properties.code.enum
    const examples = Object.values(media.examples).map(({ $ref }) => resolve(document, $ref) as Example)
    return examples.length === codes.length &&
      examples.every(
        (example) => String(example?.value.status) === status && codes.includes(example?.value.code ?? ''),
      )
      ? []
      : [`${status} has examples of other problems`]
  })
}

const isJson = (value: unknown): boolean => isDeepStrictEqual(JSON.parse(JSON.stringify(value)), value)

const twice = (names: readonly string[]): string[] =>
  [...new Set(names.filter((name, index) => names.indexOf(name) !== index))].map(
    (name) => `${name} stands twice`,
  )

const referencesIn = (value: unknown): string[] => {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) =>
    name === '$ref' ? [String(member)] : referencesIn(member),
  )
}

function resolve(document: OpenApiDocument, reference: string): unknown {
  const steps = reference.replace(/^#\//, '').split('/')
  return steps.reduce<unknown>(
    (place, step) => (place as Record<string, unknown> | undefined)?.[step],
    document,
  )
}
