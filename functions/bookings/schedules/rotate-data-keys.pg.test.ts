import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { log } from '#log'
import { configure } from '../../../shared/config.ts'
import { addDays } from '../../../shared/dates.ts'
import { newDataKey } from '../../../shared/encryption/data-key.ts'
import { newUuid } from '../../../shared/ids.ts'
import { database, transaction } from '../../../shared/postgres/client.ts'
import { useApi } from '../../../tests/support/api.ts'
import { today } from '../../../tests/support/dates.ts'
import { scheduleTestFlight } from '../../../tests/support/flights.ts'
import { ADULT, expectMade, orderOf, peopleOf, sales } from '../../../tests/support/orders.ts'
import { readDocument, storeDocument } from '../document-store.ts'
import { schedule } from './rotate-data-keys.ts'

const api = useApi()
const keyOf = (id: string, byte: string) => `${id}:${byte.repeat(32)}`
const [A, B, C] = [keyOf('a', 'aa'), keyOf('b', 'bb'), keyOf('c', 'cc')]
const useKeys = (...keys: string[]) => configure({ DOCUMENT_KEYS: keys.join(',') })
const DOCUMENT = { kind: 'CC', number: '1032456789', country: 'CO', expiresOn: null } as const
const rotate = () => schedule.run()

let flight: string
beforeAll(async () => {
  flight = (await scheduleTestFlight({ origin: 'BOG', destination: 'ADZ', date: addDays(today(), 30) })).id
})
beforeEach(async () => {
  await database()`delete from bookings.data_keys`
  useKeys(A)
})

/** Bookings of which each has a document. */
async function makeDocuments(count: number): Promise<string[]> {
  const { locator } = expectMade(await sales(api).book({ order: orderOf([flight], [ADULT]), ...peopleOf(1) }))
  const ids = Array.from({ length: count }, newUuid)
  const sql = database()
  await sql`
    insert into bookings.bookings (id, locator, status, quote_id, caller, contact, payer, surname_hashes, pay_by)
    select u.id, translate(upper(substr(md5(u.id::text), 1, 6)), '01', 'XY'), 'held', gen_random_uuid(), 'x', contact, payer, '{}', now()
    from unnest(${ids}::uuid[]) u (id), bookings.bookings b where b.locator = ${locator}
    on conflict (locator) do nothing`
  const made = (await sql<{ id: string }[]>`select id from bookings.bookings where id = any (${ids})`).map(
    ({ id }) => id,
  )
  await transaction(async (transacted) => {
    for (const id of made) await storeDocument(transacted, id, 1, DOCUMENT)
  })
  return made
}
const expectReadable = async (ids: readonly string[]) => {
  for (const id of ids) expect(await readDocument(id, 1)).toEqual(DOCUMENT)
}
const used = async () => {
  const rows = await database()<{ masterKey: string; keys: number }[]>`
    select master_key as "masterKey", count(*)::integer as keys from bookings.data_keys group by 1 order by 1`
  return Object.fromEntries(rows.map(({ masterKey, keys }) => [masterKey, keys]))
}
const sealed = () => database()`select booking_id, sealed from bookings.identity_documents order by 1`

describe('a master key is replaced', () => {
  it('with every document readable before, during and after, and the old key dropped then', async () => {
    const ids = await makeDocuments(20)
    const before = [...(await sealed())]
    // Known everywhere first, then made the current one.
    useKeys(A, B)
    await expectReadable(ids)
    await rotate()
    expect(await used()).toEqual({ a: ids.length })
    useKeys(B, A)
    await expectReadable(ids)
    const [, other] = await Promise.all([rotate(), expectReadable(ids).then(() => makeDocuments(3))])
    await expectReadable([...ids, ...other])
    expect(await used()).toEqual({ b: ids.length + other.length })
    useKeys(B)
    await expectReadable([...ids, ...other])
    // Only keys were wrapped anew.
    expect((await sealed()).filter(({ booking_id }) => ids.includes(booking_id))).toEqual(before)
  })

  it('by several runs at once, in many steps, and by a run that finds nothing', async () => {
    const ids = await makeDocuments(1)
    const sql = database()
    const [row] = await sql`select count(*)::integer as count from bookings.bookings`
    const many = 1203
    const made = Array.from({ length: many }, () => {
      const id = newUuid()
      return { id, wrapped: newDataKey(id).stored.wrapped.toString('hex') }
    })
    await sql`
      insert into bookings.bookings (id, locator, status, quote_id, caller, contact, payer, surname_hashes, pay_by)
      select u.id, translate(to_char(${row?.count} + n, 'FM000000'), '0123456789', 'ABCDEFGHJK'), 'held', gen_random_uuid(), 'x',
        '{}', '{}', '{}', now()
      from unnest(${made.map(({ id }) => id)}::uuid[]) with ordinality u (id, n)`
    await sql`
      insert into bookings.data_keys (booking_id, master_key, wrapped)
      select id, 'a', decode(wrapped, 'hex')
      from unnest(${made.map(({ id }) => id)}::uuid[], ${made.map(({ wrapped }) => wrapped)}::text[]) u (id, wrapped)`
    // One run takes all the steps there are.
    useKeys(B, A)
    await rotate()
    expect(await used()).toEqual({ b: many + ids.length })
    useKeys(C, B)
    await Promise.all([rotate(), rotate(), rotate()])
    // What one run left to another that was at it is the next one's.
    await rotate()
    expect(await used()).toEqual({ c: many + ids.length })
    await expectReadable(ids)
    const stamps = await sql`select max(wrapped_at) as last from bookings.data_keys`
    await rotate()
    expect([...(await sql`select max(wrapped_at) as last from bookings.data_keys`)]).toEqual([...stamps])
  })

  it('from two keys at a time', async () => {
    const one = await makeDocuments(2)
    useKeys(B, A)
    const two = await makeDocuments(2)
    useKeys(C, B, A)
    await rotate()
    expect(await used()).toEqual({ c: one.length + two.length })
    useKeys(C)
    await expectReadable([...one, ...two])
  })
})

describe('a key that is missing or wrong', () => {
  it('is told with what to configure, and keeps no other data key back', async () => {
    const lost = await makeDocuments(2)
    useKeys(B)
    const kept = await makeDocuments(2)
    useKeys(C, B)
    const told = vi.spyOn(log, 'info')
    await expect(rotate()).rejects.toThrow(
      'DOCUMENT_KEYS lacks the master key a, which wraps data keys in the database: add a:<its 64 hex digits> again',
    )
    expect(told).toHaveBeenCalledWith(
      { rewrapped: kept.length, masterKey: 'c', left: ['a'] },
      'rotated data keys',
    )
    told.mockRestore()
    expect(await used()).toEqual({ a: lost.length, c: kept.length })
    await expectReadable(kept)
    useKeys(C, A)
    await rotate()
    await expectReadable(lost)
  })

  it('is told by the booking whose data key does not open, and keeps no other back', async () => {
    const [broken = '', ...others] = await makeDocuments(3)
    await database()`update bookings.data_keys set wrapped = set_byte(wrapped, 20, get_byte(wrapped, 20) # 1) where booking_id = ${broken}`
    useKeys(B, A)
    await expect(rotate()).rejects.toThrow(`what is sealed at data key of ${broken} under a does not open`)
    expect(await used()).toEqual({ a: 1, b: others.length })
    await expectReadable(others)
  })

  it('is another key under an old id: nothing is lost, and all is told', async () => {
    const ids = await makeDocuments(2)
    useKeys(B, keyOf('a', 'ee'))
    await expect(rotate()).rejects.toThrow(
      'does not open: it was moved or changed, or its key is another one',
    )
    expect(await used()).toEqual({ a: ids.length })
    useKeys(B, A)
    await rotate()
    await expectReadable(ids)
  })
})
