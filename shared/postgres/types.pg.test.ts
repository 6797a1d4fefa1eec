import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { useDatabase } from '../../tests/support/database.ts'
import { configureForTest } from '../../tests/support/settings.ts'
import { database } from './client.ts'
import { TYPES } from './types.ts'

useDatabase()
configureForTest()

const echo = async (type: string, value: unknown): Promise<unknown> => {
  const [row] = await database().unsafe(`select $1::${type} as value`, [value as never])
  return row?.value
}

describe('arrays', () => {
  it('come back as they went, whatever their texts hold', async () => {
    // PostgreSQL keeps no zero character and no half of a surrogate pair.
    const text = fc
      .oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('', 'NULL', '"', '\\', '{}', 'a,b', ' ', '\\"'))
      .filter((one) => !one.includes('\0'))
    await fc.assert(
      fc.asyncProperty(fc.array(fc.option(text), { maxLength: 6 }), async (texts) => {
        expect(await echo('text[]', texts)).toEqual(texts)
      }),
    )
  })

  it.each([
    ['smallint[]', [-32_768, 0, null, 32_767]],
    ['integer[]', [1, 2_147_483_647]],
    ['bigint[]', [Number.MAX_SAFE_INTEGER, -1]],
    ['date[]', ['2026-02-28', null]],
    ['uuid[]', ['01990000-0000-7000-8000-000000000001']],
    ['uuid[]', []],
    ['text[]', null],
  ])('of %s keep %j', async (type, value) => {
    expect(await echo(type, value)).toEqual(value)
  })

  it('are refused when they hold more than is counted exactly, or have two dimensions', async () => {
    const sql = database()
    await expect(sql`select array[9007199254740993] as counts`).rejects.toThrow('safe integer')
    await expect(sql`select array[[1, 2], [3, 4]] as grid`).rejects.toThrow('one dimension')
  })

  it('are known for every column but the hashes, which only SQL writes and compares', async () => {
    const columns = await database()<{ type: string; number: number }[]>`
      select distinct a.atttypid::regtype::text as type, a.atttypid::integer as number
      from pg_attribute a
      join pg_class c on c.oid = a.attrelid
      join pg_type t on t.oid = a.atttypid
      where c.relnamespace::regnamespace::text in ('platform', 'flights', 'bookings') and t.typcategory = 'A'`
    const known = new Set(Object.values(TYPES).map(({ to }) => to))
    const unknown = columns.filter(({ number }) => !known.has(number))
    expect(unknown.map(({ type }) => type)).toEqual(['bytea[]'])
  })
})
