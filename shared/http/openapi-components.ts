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

// Texts of ours: they quote a value of the request at most.
const text = (maxLength: number, description?: string): JsonSchema => ({
  type: 'string',
  maxLength,
  pattern: '^\\P{C}*$',
  ...(description !== undefined && { description }),
})

const fault = {
  type: 'object',
  description: 'A place in the request that is at fault, and the rule that it breaks.',
  properties: {
    // A body has 64 KiB, and a pointer escapes a character as two.
    pointer: {
      type: 'string',
      maxLength: 131_072,
      format: 'json-pointer',
      description: 'Where in the body (RFC 6901).',
    },
    parameter: {
      type: 'string',
      maxLength: 16_384,
      description: 'Which parameter of the path or the query.',
    },
    header: { type: 'string', maxLength: 40, pattern: '^[A-Za-z-]+$', description: 'Which header.' },
    detail: text(1000),
  },
  required: ['detail'],
}

const requestId = { type: 'string', minLength: 8, maxLength: 64, pattern: '^[\\w.-]+$' }

const problem = {
  type: 'object',
  description: 'A problem (RFC 9457).',
  properties: {
    type: {
      type: 'string',
      maxLength: 80,
      format: 'uri-reference',
      description: 'Where the problem is explained.',
    },
    title: text(120, 'What is the matter, the same words each time.'),
    status: { type: 'integer', format: 'int32', minimum: 400, maximum: 599 },
    code: {
      type: 'string',
      maxLength: 60,
      pattern: '^[a-z]+(-[a-z]+)*$',
      description: 'Names the problem. It never changes its meaning.',
    },
    detail: text(1000, 'What was found, or the way out.'),
    requestId: { ...requestId, description: 'As in X-Request-Id.' },
    errors: { type: 'array', maxItems: 65_536, items: fault },
  },
  required: ['type', 'title', 'status', 'code', 'detail', 'requestId'],
}

/** By their own names, as a rule of the contract checks wants it. */
const headers = {
  'X-Request-Id': {
    description: 'The id of this request, by which it is found in the log.',
    required: true,
    schema: requestId,
  },
  'Idempotent-Replayed': {
    description: 'Present when this is the first answer to the Idempotency-Key, given again.',
    schema: { type: 'string', const: 'true' },
  },
  'Access-Control-Allow-Origin': {
    description: 'The origin of the page that asks, when its pages may call this API; absent otherwise.',
    schema: { type: 'string', maxLength: 300, format: 'uri' },
  },
  'RateLimit-Policy': {
    description:
      'The quotas that this request was counted against: `q` requests in a window of `w` seconds (draft-ietf-httpapi-ratelimit-headers). Absent when it was counted against none; the operation says whether it may be.',
    schema: { type: 'string', maxLength: 300, pattern: '^"\\w+";q=\\d+;w=\\d+(, "\\w+";q=\\d+;w=\\d+)*$' },
    example: '"address";q=120;w=60',
  },
  RateLimit: {
    description:
      'What is left of each of those quotas: `r` requests until it begins anew in `t` seconds. Absent as RateLimit-Policy is.',
    schema: { type: 'string', maxLength: 300, pattern: '^"\\w+";r=\\d+;t=\\d+(, "\\w+";r=\\d+;t=\\d+)*$' },
    example: '"address";r=117;t=42',
  },
  'Retry-After': {
    description: 'After how many seconds the request may be sent again.',
    required: true,
    schema: { type: 'integer', format: 'int32', minimum: 0, maximum: 86_400 },
  },
}

/** Components by kind and name; none refers to another. */
export const COMPONENTS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  schemas: { Problem: problem },
  parameters: { IdempotencyKey: idempotencyKey },
  headers,
  securitySchemes: {
    bearer: {
      type: 'http',
      scheme: 'bearer',
      bearerFormat: 'JWT',
      description:
        'A token of the configured OpenID Connect issuer, with a claim that lists the roles, or the one that opening a booking gave. Checked as RFC8725 asks: listed algorithms alone, each kind of token by its own keys and rules, issuer, audience and expiry.',
    },
  },
}

export const reference = (kind: string, name: string): Reference => ({ $ref: `#/components/${kind}/${name}` })

/** The headers of an answer of this status; `kept` when a command remembers the answer and may replay it. */
export function headersOf(status: number, kept: boolean): Record<string, Reference> {
  const names: (keyof typeof headers)[] = [
    'X-Request-Id',
    'Access-Control-Allow-Origin',
    ...(kept ? (['Idempotent-Replayed'] as const) : []),
    ...(status < 500 ? (['RateLimit-Policy', 'RateLimit'] as const) : []),
    ...(status === 429 ? (['Retry-After'] as const) : []),
  ]
  return Object.fromEntries(names.map((name) => [name, reference('headers', name)]))
}
