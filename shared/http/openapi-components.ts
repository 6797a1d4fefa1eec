/** Parts that every operation of the OpenAPI document shares, and references to them. */

export type JsonSchema = Record<string, unknown>

export type Parameter = {
  name: string
  in: 'path' | 'query' | 'header'
  required: boolean
  description?: string
  schema: JsonSchema
  example?: unknown
}

export type Reference = { $ref: string }

const idempotencyKey: Parameter = {
  name: 'Idempotency-Key',
  in: 'header',
  required: true,
  description:
    'New for each intention; the same only to repeat the same request. Each caller has its own keys, remembered for 24 hours.',
  schema: { type: 'string', minLength: 8, maxLength: 128, pattern: '^[\\x21-\\x7e]+$' },
  example: '5f2c1d7e-8d0b-4a37-9a53-1f6f0a3f7c11',
}

const fault = {
  type: 'object',
  description: 'A place in the request that is at fault, and the rule that it breaks.',
  properties: {
    pointer: { type: 'string', format: 'json-pointer', description: 'Where in the body (RFC 6901).' },
    parameter: { type: 'string', description: 'Which parameter of the path or the query.' },
    header: { type: 'string', description: 'Which header.' },
    detail: { type: 'string' },
  },
  required: ['detail'],
}

const problem = {
  type: 'object',
  description: 'A problem (RFC 9457).',
  properties: {
    type: { type: 'string', format: 'uri-reference', description: 'Where the problem is explained.' },
    title: { type: 'string', description: 'What is the matter, the same words each time.' },
    status: { type: 'integer', minimum: 400, maximum: 599 },
    code: { type: 'string', description: 'Names the problem. It never changes its meaning.' },
    detail: { type: 'string', description: 'What was found, or the way out.' },
    requestId: { type: 'string', description: 'As in X-Request-Id.' },
    errors: { type: 'array', items: fault },
  },
  required: ['type', 'title', 'status', 'code', 'detail', 'requestId'],
}

/** Components by kind and name; none refers to another. */
export const COMPONENTS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  schemas: { Problem: problem },
  parameters: { IdempotencyKey: idempotencyKey },
  headers: {
    RequestId: {
      description: 'The id of this request, by which it is found in the log.',
      required: true,
      schema: { type: 'string' },
    },
    IdempotentReplayed: {
      description: 'Present when this is the first answer to the Idempotency-Key, given again.',
      schema: { type: 'string', const: 'true' },
    },
  },
  securitySchemes: {
    bearer: {
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'JWT',
      description: 'A token of the configured OpenID Connect issuer, with a claim that lists the roles.',
    },
  },
}

export const reference = (kind: string, name: string): Reference => ({ $ref: `#/components/${kind}/${name}` })

/** The headers of an answer; `kept` when a command remembers the answer and may replay it. */
export const headersOf = (kept: boolean): Record<string, Reference> => ({
  'X-Request-Id': reference('headers', 'RequestId'),
  ...(kept && { 'Idempotent-Replayed': reference('headers', 'IdempotentReplayed') }),
})
