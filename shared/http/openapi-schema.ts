import * as z from 'zod/mini'
import { DateText } from '../schemas.ts'
import { longestMatch } from './longest-match.ts'
import type { JsonSchema } from './openapi-components.ts'

/**
 * No answer has a longer text or list. What a request may hold is for its own schema to say; an answer's schema need
 * not, since what it holds was let in by a request or by the seed.
 */
const ANSWER = { text: 1000, items: 10_000 }
/** Any text without control characters and the like. */
const PRINTABLE = '^\\P{C}*$'
/** Of the formats whose length is known; an instant has nine digits of a second at most. */
const LENGTHS: Readonly<Record<string, number>> = { date: 10, 'date-time': 35 }
const INT32 = 2 ** 31

/**
 * The JSON Schema of what a client sends (`input`, before defaults and transforms) or is given (`output`), with every
 * limit that follows from the schema written out.
 */
export function jsonSchemaOf(schema: z.ZodMiniType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, {
    io,
    unrepresentable: 'any',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema === DateText) jsonSchema.format = 'date'
      // The format says it; the pattern takes 300 characters.
      if (jsonSchema.format === 'date-time') delete jsonSchema.pattern
      // An answer may gain members within a version of the API.
      if (io === 'output' && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties
    },
  })
  return withLimits(rest as JsonSchema, io)
}

function withLimits(schema: JsonSchema, io: 'input' | 'output'): JsonSchema {
  const inner = Object.entries(schema).map(([keyword, value]) => [keyword, withLimitsIn(keyword, value, io)])
  return { ...Object.fromEntries(inner), ...limitsOf(schema, io) }
}

/** A keyword's value may be a schema, a list of them or a record of them. */
function withLimitsIn(keyword: string, value: unknown, io: 'input' | 'output'): unknown {
  switch (keyword) {
    case 'items':
    case 'additionalProperties':
    case 'propertyNames':
      return typeof value === 'object' ? withLimits(value as JsonSchema, io) : value
    case 'prefixItems':
    case 'anyOf':
    case 'oneOf':
    case 'allOf':
      return (value as JsonSchema[]).map((each) => withLimits(each, io))
    case 'properties': {
      const members = Object.entries(value as Record<string, JsonSchema>)
      return Object.fromEntries(members.map(([name, member]) => [name, withLimits(member, io)]))
    }
    default:
      return value
  }
}

function limitsOf(schema: JsonSchema, io: 'input' | 'output'): JsonSchema {
  const types = [schema.type].flat()
  if (types.includes('integer')) return { format: integerFormat(schema) }
  if (types.includes('array'))
    return io === 'output' && !('maxItems' in schema) ? { maxItems: ANSWER.items } : {}
  if (!types.includes('string') || 'enum' in schema || 'const' in schema) return {}
  const isFree = !('pattern' in schema) && !('format' in schema)
  const maxLength = schema.maxLength ?? lengthOf(schema) ?? (io === 'output' ? ANSWER.text : undefined)
  return {
    ...(maxLength !== undefined && { maxLength }),
    ...(isFree && io === 'output' && { pattern: PRINTABLE }),
  }
}

const lengthOf = ({ format, pattern }: JsonSchema): number | undefined =>
  LENGTHS[String(format)] ?? longestMatch(String(pattern))

const integerFormat = ({ minimum, maximum }: JsonSchema): string =>
  Number(minimum) >= -INT32 && Number(maximum) < INT32 ? 'int32' : 'int64'
