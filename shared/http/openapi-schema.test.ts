import { describe, expect, test } from 'vitest'
import * as z from 'zod/mini'
import { Id, Instant } from '../schemas.ts'
import { jsonSchemaOf } from './openapi-schema.ts'

const Everything = z.object({
  id: Id('flight'),
  at: Instant,
  word: z.string(),
  short: z.string().check(z.maxLength(9)),
  kind: z.enum(['a', 'b']),
  small: z.int().check(z.minimum(0), z.maximum(2 ** 31 - 1)),
  large: z.int().check(z.minimum(0), z.maximum(2 ** 31)),
  list: z.array(z.object({ maybe: z.nullable(z.string()) })),
  pair: z.tuple([z.int(), z.string()]),
  either: z.union([z.object({ one: z.string() }), z.array(z.boolean())]),
  all: z.intersection(z.array(z.string()), z.array(z.string())),
  byName: z.record(z.string(), z.string()),
  // Members that are named like keywords of JSON Schema are members.
  type: z.literal('string'),
  items: z.string(),
})

const text = { type: 'string', maxLength: 1000, pattern: '^\\P{C}*$' }
const list = { type: 'array', maxItems: 10_000, items: text }

describe('an answer', () => {
  test('is limited wherever its schema leaves it open', () => {
    expect(jsonSchemaOf(Everything, 'output').properties).toEqual({
      id: { type: 'string', maxLength: 36, pattern: '^flt_[0-9a-f]{32}$' },
      at: { type: 'string', maxLength: 35, format: 'date-time' },
      word: text,
      short: { ...text, maxLength: 9 },
      kind: { type: 'string', enum: ['a', 'b'] },
      small: { type: 'integer', format: 'int32', minimum: 0, maximum: 2 ** 31 - 1 },
      large: { type: 'integer', format: 'int64', minimum: 0, maximum: 2 ** 31 },
      list: {
        type: 'array',
        maxItems: 10_000,
        items: {
          type: 'object',
          properties: { maybe: { ...text, type: ['string', 'null'] } },
          required: ['maybe'],
        },
      },
      pair: expect.objectContaining({ prefixItems: [expect.objectContaining({ format: 'int64' }), text] }),
      either: {
        anyOf: [
          { type: 'object', properties: { one: text }, required: ['one'] },
          { type: 'array', maxItems: 10_000, items: { type: 'boolean' } },
        ],
      },
      all: { allOf: [list, list] },
      byName: { type: 'object', propertyNames: text, additionalProperties: text },
      type: { type: 'string', const: 'string' },
      items: text,
    })
  })
})

describe('a request', () => {
  test('is limited by its own schema alone', () => {
    const { id, word, short, small, list } = jsonSchemaOf(Everything, 'input').properties as Record<
      string,
      object
    >
    expect(id).toMatchObject({ maxLength: 36 })
    expect(word).toEqual({ type: 'string' })
    expect(short).toEqual({ type: 'string', maxLength: 9 })
    expect(small).toMatchObject({ format: 'int32' })
    expect(list).not.toHaveProperty('maxItems')
  })
})
