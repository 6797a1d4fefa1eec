import { describe, expect, test } from 'vitest'
import * as z from 'zod/mini'
import { Count, DateText } from '../schemas.ts'
import { type Fault, Refusal } from './problem.ts'
import { parse } from './validation.ts'

/** The faults that the refusal names. */
function faultsOf(schema: z.ZodMiniType, value: unknown, place: 'body' | 'query' | 'path'): Fault[] {
  try {
    parse(schema, value, place)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    expect(error.answer).toMatchObject({ status: 422, body: { code: 'invalid-request' } })
    return (error.answer.body as { errors: Fault[] }).errors
  }
  throw new Error('the value was accepted')
}

const Passenger = z.strictObject({ name: z.string(), 'a/b': z._default(z.int(), 1) })
const Body = z.strictObject({ passengers: z.array(Passenger), date: DateText })

describe('a body', () => {
  test('each fault has its JSON pointer', () => {
    const value = { passengers: [{ name: 'Ana' }, { name: 7 }], date: '2027-02-30' }
    expect(faultsOf(Body, value, 'body')).toEqual([
      { pointer: '/passengers/1/name', detail: 'Invalid input: expected string, received number' },
      { pointer: '/date', detail: 'must be a calendar date, YYYY-MM-DD' },
    ])
  })

  test('a missing field is named', () => {
    expect(faultsOf(Body, { passengers: [] }, 'body')).toEqual([
      { pointer: '/date', detail: 'Invalid input: expected string, received undefined' },
    ])
  })

  test('every unknown field is named, at any depth', () => {
    const value = { passengers: [{ name: 'Ana', seat: '1A' }], date: '2027-02-28', promo: 1, 'x~y/z': 2 }
    expect(faultsOf(Body, value, 'body')).toEqual([
      { pointer: '/passengers/0/seat', detail: 'is not a known field' },
      { pointer: '/promo', detail: 'is not a known field' },
      { pointer: '/x~0y~1z', detail: 'is not a known field' },
    ])
  })

  test('a member called __proto__ is an unknown field and changes no prototype', () => {
    const value = JSON.parse('{"passengers":[],"date":"2027-02-28","__proto__":{"polluted":true}}')
    expect(faultsOf(Body, value, 'body')).toEqual([{ pointer: '/__proto__', detail: 'is not a known field' }])
    expect({}).not.toHaveProperty('polluted')
  })

  test('a slash and a tilde in a name are escaped', () => {
    const value = { passengers: [{ name: 'Ana', 'a/b': 'x' }], date: '2027-02-28' }
    expect(faultsOf(Body, value, 'body')).toMatchObject([{ pointer: '/passengers/0/a~1b' }])
  })

  test('a body of another type is at fault as a whole', () => {
    expect(faultsOf(Body, null, 'body')).toMatchObject([{ pointer: '' }])
    expect(faultsOf(Body, [], 'body')).toMatchObject([{ pointer: '' }])
  })

  test('no fault repeats a value of the request', () => {
    const value = { passengers: [{ name: 'Ana', 'a/b': 'S3cret' }], date: 'S3cret' }
    expect(JSON.stringify(faultsOf(Body, value, 'body'))).not.toContain('S3cret')
  })

  test('what is accepted has its members in the order of the schema, and its defaults', () => {
    const value = { date: '2027-02-28', passengers: [{ name: 'Ana' }] }
    expect(JSON.stringify(parse(Body, value, 'body'))).toBe(
      '{"passengers":[{"name":"Ana","a/b":1}],"date":"2027-02-28"}',
    )
  })
})

describe('a query', () => {
  const Query = z.strictObject({ adults: z._default(Count(1, 9), 1), from: z.optional(z.string()) })

  test('numbers are read from text', () => {
    expect(parse(Query, { adults: '3' }, 'query')).toEqual({ adults: 3 })
  })

  test.each<[string, Record<string, unknown>, string]>([
    ['a number that is none', { adults: 'three' }, 'adults'],
    ['an empty number', { adults: '' }, 'adults'],
    ['a number out of bounds', { adults: '10' }, 'adults'],
    ['a fraction', { adults: '1.5' }, 'adults'],
    ['a repeated number', { adults: ['1', '2'] }, 'adults'],
    ['a repeated text', { from: ['BOG', 'MDE'] }, 'from'],
    ['an unknown parameter', { adult: '1' }, 'adult'],
  ])('%s is refused by its parameter', (_, query, parameter) => {
    expect(faultsOf(Query, query, 'query')).toEqual([{ parameter, detail: expect.any(String) }])
  })
})

test('a path parameter is named', () => {
  expect(faultsOf(z.strictObject({ date: DateText }), { date: 'soon' }, 'path')).toEqual([
    { parameter: 'date', detail: 'must be a calendar date, YYYY-MM-DD' },
  ])
})
