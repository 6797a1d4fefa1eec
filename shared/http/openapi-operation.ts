import type * as z from 'zod/mini'
import type { Role } from './authentication.ts'
import type { Endpoint } from './endpoint.ts'
import {
  headersOf,
  type JsonSchema,
  type Parameter,
  type Reference,
  reference,
} from './openapi-components.ts'
import { isLimited, problemResponses } from './openapi-problems.ts'
import { jsonSchemaOf } from './openapi-schema.ts'

export type Operation = {
  operationId: string
  tags: string[]
  summary: string
  description: string
  security: Record<string, string[]>[]
  parameters?: (Parameter | Reference)[]
  requestBody?: { required: true; content: Record<string, { schema: JsonSchema; example?: unknown }> }
  responses: Record<string, { description: string; content: Record<string, { schema: unknown }> }>
}

// A table of text: as much as Lambda sends, and no NUL.
const CSV = { type: 'string', maxLength: 6_291_456, pattern: '^[^\\u0000]*$' }

/** What the document says of one endpoint. */
export function operationOf(endpoint: Endpoint, tag: string): Operation {
  const { entry, contract, isCommand } = endpoint
  const parameters = [
    ...parametersOf(contract.params, 'path', contract.example?.params),
    ...parametersOf(contract.query, 'query', contract.example?.query),
    ...(isCommand ? [reference('parameters', 'IdempotencyKey')] : []),
    ...(entry.signedBy ? [signatureIn(entry.signedBy)] : []),
  ]
  const success = {
    description: contract.success.description,
    headers: headersOf(contract.success.status, isCommand),
    content: {
      'application/json': { schema: jsonSchemaOf(contract.success.schema, 'output') },
      ...(contract.success.csv && { 'text/csv': { schema: CSV } }),
    },
  }
  const pending = contract.pending && { 202: { ...success, description: contract.pending } }
  return {
    operationId: operationIdOf(entry.entry),
    tags: [tag],
    summary: entry.summary,
    description: [contract.description, whoMayCall(entry.allow), howOften(endpoint)]
      .filter(Boolean)
      .join('\n\n'),
    security: entry.allow.includes('public') ? [{}, { bearer: [] }] : [{ bearer: [] }],
    ...(parameters.length > 0 && { parameters }),
    ...(contract.body && { requestBody: requestBodyOf(contract.body, contract.example?.body) }),
    responses: { [contract.success.status]: success, ...pending, ...problemResponses(endpoint) },
  }
}

/** The entry's file name in camelCase: `registerDestinationTax`. */
export const operationIdOf = (entry: string): string =>
  entry.slice(entry.lastIndexOf('/') + 1).replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())

function whoMayCall(allow: readonly Role[]): string {
  if (allow.includes('public')) return 'Needs no token.'
  const roles = allow.map((role) => `\`${role}\``)
  return `Needs a token with the role ${new Intl.ListFormat('en', { type: 'disjunction' }).format(roles)}.`
}

// Without figures: a deployment may multiply the quotas.
function howOften(endpoint: Endpoint): string {
  if (!isLimited(endpoint)) return ''
  const counted = endpoint.contract.limits ? 'Requests' : 'Requests without a token'
  return `${counted} are counted against the quotas that the header RateLimit-Policy tells.`
}

function parametersOf(
  schema: z.ZodMiniObject | undefined,
  place: 'path' | 'query',
  examples: Record<string, string> = {},
): Parameter[] {
  const { properties = {}, required = [] } = schema ? jsonSchemaOf(schema, 'input') : {}
  return Object.entries(properties as Record<string, JsonSchema>).map(([name, property]) => {
    const { description, ...rest } = property
    const example = examples[name]
    return {
      name,
      in: place,
      required: place === 'path' || (required as string[]).includes(name),
      ...(typeof description === 'string' && { description }),
      schema: rest,
      ...(example !== undefined && { example: valueIn(example, rest) }),
    }
  })
}

const signatureIn = (name: string): Parameter => ({
  name,
  in: 'header',
  required: true,
  description: 'The sender’s signature over the body.',
  schema: { type: 'string', maxLength: 1000, pattern: '^\\P{C}*$' },
  example: 't=1795500000,v1=5257a869e7ecebeda32affa62cdca3fa51cad7e77a0e56ff536d0ce8e108d8bd',
})

/** A contract writes an example as it stands in the URL; the document shows the value that the schema speaks of. */
function valueIn(text: string, { type }: JsonSchema): unknown {
  if (type === 'integer' || type === 'number') return Number(text)
  return type === 'boolean' ? text === 'true' : text
}

const requestBodyOf = (body: z.ZodMiniType, example: unknown): NonNullable<Operation['requestBody']> => ({
  required: true,
  content: {
    'application/json': { schema: jsonSchemaOf(body, 'input'), ...(example !== undefined && { example }) },
  },
})
