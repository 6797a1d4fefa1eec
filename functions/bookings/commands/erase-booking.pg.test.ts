import { beforeEach, describe, expect, it } from 'vitest'
import { newUuid, uuidOf } from '../../../shared/ids.ts'
import { database } from '../../../shared/postgres/client.ts'
import { useApi } from '../../../tests/support/api.ts'
import { ADMIN, AGENT, BIRTH_DATES, erasing, PEOPLE } from '../../../tests/support/erasing.ts'
import { expectMade, orderOf, sales } from '../../../tests/support/orders.ts'
import { expectRefusal } from '../../../tests/support/refusal.ts'

const api = useApi()
const { makeBooking, fly, makeFlown, erase, record } = erasing(api)
/** All that tells who they are; each stands somewhere in the database before an erasure. */
const PERSONAL = [
  'Teófila Zoraida',
  'Villaquirán',
  'Ñungo',
  'Baudilio',
  'Tirapé',
  'Eufrosina',
  'Quiñonez',
  'eufrosina@example.com',
  '573119876543',
  'Hermenegildo Pachón',
  ...BIRTH_DATES,
]

/** Every row of every table, as text. */
async function wholeDatabase(): Promise<string> {
  const sql = database()
  const tables = await sql<{ schema: string; name: string }[]>`
    select table_schema as schema, table_name as name from information_schema.tables
    where table_schema in ('platform', 'flights', 'bookings', 'public') and table_type = 'BASE TABLE'`
  const dumps = await Promise.all(
    tables.map(
      ({ schema, name }) => sql<{ row: string }[]>`select t::text as row from ${sql(schema)}.${sql(name)} t`,
    ),
  )
  expect(tables.length).toBeGreaterThan(30)
  return dumps.flatMap((rows) => rows.map(({ row }) => row)).join('\n')
}
/** What of it stands there, as text, as text in JSON, or as bytes. */
const found = (dump: string, words: readonly string[] = PERSONAL): string[] =>
  words.filter((word) => dump.includes(word) || dump.includes(Buffer.from(word).toString('hex')))

const accounts = async (id: string) => {
  const sql = database()
  return {
    money: [
      ...(await sql`select id, at, amount, currency, payment_id, refund_id from bookings.money where booking_id = ${id} order by id`),
    ],
    documents: [
      ...(await sql`
      select kind, number, payment_id, refund_id, issued_at, currency, total, lines from bookings.documents where booking_id = ${id} order by 1, 2`),
    ],
    payments: [...(await sql`select * from bookings.payments where booking_id = ${id} order by id`)],
    coupons: [...(await sql`select * from bookings.coupons where booking_id = ${id} order by number`)],
    quotes: [
      ...(await sql`
      select q.id, q.total, q.currency, q.itinerary, q.lines, q.counter, q.coupons, q.event, q.pets
      from bookings.quotes q join bookings.bookings b on b.quote_id = q.id where b.id = ${id}`),
    ],
  }
}

beforeEach(async () => {
  const sql = database()
  await sql`truncate bookings.bookings, bookings.quotes, platform.idempotency_keys, platform.outbox cascade`
})

describe('an erasure', () => {
  it('leaves no name, number or date of birth anywhere, and the accounts as they were', async () => {
    const made = await makeBooking()
    const { locator, id } = made
    await record(locator, 0, '79555111')
    await record(locator, 1, '52000222')
    const sql = database()
    // A change that was made before, and one that was only priced: names, and a quote of its own each.
    for (const number of [1, 2]) {
      const { quoteId } = expectMade(
        await sales(api).quote(orderOf([`flt_${made.flight.replaceAll('-', '')}`], BIRTH_DATES)),
      )
      const people = PEOPLE.passengers.map((person, at) => ({
        number: at + 1,
        type: 'ADT',
        ...person,
        birthDate: BIRTH_DATES[at],
      }))
      await sql`
        insert into bookings.changes (id, booking_id, booking_version, quote_id, expires_at, currency, due, lines, passengers, seats,
          surname_hashes, applied_at)
        select ${newUuid()}, ${id}, 1, ${uuidOf(quoteId)}, now(), 'COP', 0, '[]', ${sql.json(people)}, '[]', surname_hashes,
          case when ${number} = 1 then now() end
        from bookings.bookings where id = ${id}`
    }
    await fly(made)
    const before = await accounts(id)
    expect(before.money).toHaveLength(1)
    expect(before.documents).toHaveLength(1)
    const [index] =
      await sql`select encode(blind_index, 'hex') as hex from bookings.identity_documents limit 1`
    const [hash] =
      await sql`select encode(surname_hashes[1], 'hex') as hex from bookings.bookings where id = ${id}`
    const traces = [String(index?.hex), String(hash?.hex)]
    const dump = await wholeDatabase()
    expect(found(dump)).toEqual(PERSONAL)
    expect(found(dump, traces)).toEqual(traces)
    expect(found(dump, ['79555111', '52000222'])).toEqual([])

    const answer = await erase(locator)
    expect(answer).toMatchObject({ status: 200, body: { locator, version: 2 }, headers: { etag: '"2"' } })

    const after = await wholeDatabase()
    expect(found(after, traces)).toEqual([])
    // The answer of quoting, which is remembered for a day, has the dates of birth and nobody's name.
    expect(found(after)).toEqual(BIRTH_DATES)
    await sql`delete from platform.idempotency_keys where answer -> 'body' ? 'quoteId'`
    expect(found(await wholeDatabase())).toEqual([])
    expect(await accounts(id)).toEqual(before)
  })

  it('is a version and a row of history, and the booking still reads as one', async () => {
    const { locator, id } = await makeFlown()
    await erase(locator)
    const sql = database()
    expect([
      ...(await sql`select version, actor, action, detail from bookings.history where booking_id = ${id}`),
    ]).toEqual([{ version: 2, actor: 'staff:privacy', action: 'erased', detail: {} }])
    const { status, body } = await api.request('GET', `/v1/bookings/${locator}`, AGENT)
    expect(status).toBe(200)
    expect(body).toMatchObject({
      status: 'confirmed',
      version: 2,
      contact: { name: 'ERASED', email: 'erased@erased.invalid', phone: '+9990000000', language: 'en' },
      payer: { name: 'ERASED' },
      passengers: ['1987-01-01', '2013-01-01'].map((birthDate) => ({
        givenNames: 'ERASED',
        surnames: ['ERASED'],
        birthDate,
      })),
    })
    const [receipt] = await sql`select payer from bookings.documents where booking_id = ${id}`
    expect(receipt?.payer).toEqual({ name: 'ERASED' })
  })

  it('closes the booking to every surname, the fixed word too, and to documents', async () => {
    const { locator } = await makeFlown()
    const open = (surname: string) =>
      api.request('POST', '/v1/booking-access', { body: { locator, surname } })
    expect((await open('Villaquirán')).status).toBe(200)
    await record(locator, 1, '52000222')
    await erase(locator)
    for (const surname of ['Villaquirán', 'Villaquirán Ñungo', 'Ñungo-Tirapé', 'ERASED', ' ']) {
      await expectRefusal(
        () => open(surname),
        surname === ' ' ? 422 : 404,
        surname === ' ' ? 'invalid-request' : 'booking-not-found',
      )
    }
    const document = `/v1/bookings/${locator}/passengers/1/document`
    await expectRefusal(() => api.request('GET', document, AGENT), 404, 'document-not-recorded')
    await expectRefusal(() => record(locator, 1, '52000222'), 409, 'booking-erased')
    const lookup = await api.request('POST', '/v1/booking-lookups', {
      ...AGENT,
      body: { kind: 'CC', number: '52000222' },
    })
    expect(lookup.body.locators).toEqual([])
  })

  it('leaves another booking of the same people as it was', async () => {
    const [erased, kept] = [await makeFlown(), await makeFlown()]
    await record(kept.locator, 1, '52000222')
    const read = async () => (await api.request('GET', `/v1/bookings/${kept.locator}`, AGENT)).body
    const before = await read()
    await erase(erased.locator)
    expect(await read()).toEqual(before)
    const document = await api.request('GET', `/v1/bookings/${kept.locator}/passengers/1/document`, AGENT)
    expect(document.body.number).toBe('52000222')
  })

  it('is done once, by one of two at a time, and is told again under its key', async () => {
    const { locator } = await makeFlown()
    const keys = [crypto.randomUUID(), crypto.randomUUID()]
    const answers = await Promise.all(keys.map((key) => erase(locator, { ...ADMIN, key })))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409])
    const done = answers.findIndex(({ status }) => status === 200)
    const again = await erase(locator, { ...ADMIN, key: keys[done] ?? '' })
    expect(again).toMatchObject({
      status: 200,
      body: { version: 2 },
      headers: { 'idempotent-replayed': 'true' },
    })
    await expectRefusal(() => erase(locator), 409, 'booking-erased')
  })

  it('leaves no document of one that was recorded at the same time', async () => {
    for (let round = 0; round < 5; round++) {
      const { locator, id } = await makeFlown()
      const [recorded, erased] = await Promise.all([record(locator, 1, '52000222'), erase(locator)])
      expect(erased.status).toBe(200)
      expect([200, 409]).toContain(recorded.status)
      expect(await database()`select 1 as one from bookings.data_keys where booking_id = ${id}`).toHaveLength(
        0,
      )
    }
  })

  it('may be of a cancelled booking whose flight is still to come, and keeps when it was closed', async () => {
    const { locator, id } = await makeBooking()
    const sql = database()
    await sql`update bookings.bookings set status = 'cancelled', closed_at = '2026-01-02T03:04:05Z' where id = ${id}`
    await sql`update bookings.coupons set status = 'refunded' where booking_id = ${id}`
    expect((await erase(locator)).status).toBe(200)
    const [row] = await sql`select status, closed_at from bookings.bookings where id = ${id}`
    expect(row).toEqual({ status: 'cancelled', closed_at: new Date('2026-01-02T03:04:05Z') })
  })
})
