import { beforeEach, expect, it } from 'vitest'
import { addDays } from '../../../shared/dates.ts'
import { newUuid, uuidOf } from '../../../shared/ids.ts'
import { database } from '../../../shared/postgres/client.ts'
import { useApi } from '../../../tests/support/api.ts'
import { today } from '../../../tests/support/dates.ts'
import { scheduleTestFlight } from '../../../tests/support/flights.ts'
import { ADULT, expectMade, orderOf, peopleOf, sales } from '../../../tests/support/orders.ts'
import { expectRefusal } from '../../../tests/support/refusal.ts'
import { schedule } from './discard-expired.ts'

const api = useApi()
const { quote, book } = sales(api)
const discard = () => schedule.run()

beforeEach(async () => {
  await database()`truncate platform.idempotency_keys, bookings.quotes, bookings.refund_quotes cascade`
})

const newQuote = async () => {
  const date = addDays(today(), 30)
  const { id } = await scheduleTestFlight({ origin: 'BOG', destination: 'ADZ', date })
  const { quoteId } = expectMade(await quote(orderOf([id], [ADULT])))
  return String(quoteId)
}
const expireQuote = (quoteId: string, ago: string) => database()`
  update bookings.quotes set expires_at = now() - ${ago}::interval where id = ${quoteId.startsWith('quo_') ? uuidOf(quoteId) : quoteId}`
const quotes = async () => (await database()`select id from bookings.quotes order by id`).map(({ id }) => id)

it('discards a quote a day after it expired, and no other', async () => {
  const [old, recent, open] = [await newQuote(), await newQuote(), await newQuote()]
  await expireQuote(old, '24 hours 1 minute')
  await expireQuote(recent, '23 hours 59 minutes')
  await discard()
  expect(await quotes()).toEqual([recent, open].map(uuidOf))
  await expectRefusal(() => book({ quoteId: old, ...peopleOf(1) }), 404, 'unknown-quote')
  await expectRefusal(() => book({ quoteId: recent, ...peopleOf(1) }), 409, 'quote-expired')
  expect((await book({ quoteId: open, ...peopleOf(1) })).status).toBe(201)
})

it('discards a key a day after its use: until then its answer is given again', async () => {
  const keys = { old: crypto.randomUUID(), recent: crypto.randomUUID() }
  const body = { quoteId: await newQuote(), ...peopleOf(1) }
  const other = { quoteId: await newQuote(), ...peopleOf(1) }
  const { locator } = expectMade(await book(body, { key: keys.old }))
  const kept = expectMade(await book(other, { key: keys.recent }))
  const age = (key: string, ago: string) => database()`
    update platform.idempotency_keys set created_at = now() - ${ago}::interval where key = ${key}`
  await age(keys.old, '24 hours 1 minute')
  await age(keys.recent, '23 hours 59 minutes')
  await discard()
  expect((await book(other, { key: keys.recent })).body).toEqual(kept)
  // A forgotten key books nothing twice: its quote is used.
  await expectRefusal(() => book(body, { key: keys.old }), 409, 'quote-used')
  const read = { locator, surname: 'Ñáñez' }
  expect((await api.request('POST', '/v1/booking-access', { body: read })).status).toBe(200)
})

it('keeps the quote of a booking: it says what was sold', async () => {
  const quoteId = await newQuote()
  const { locator } = expectMade(await book({ quoteId, ...peopleOf(1) }))
  const read = async () => {
    const body = { locator, surname: 'Ñáñez' }
    const { access: _, ...booking } = (await api.request('POST', '/v1/booking-access', { body })).body
    return booking
  }
  const before = await read()
  expect(before).toMatchObject({ locator, status: 'held' })
  await expireQuote(quoteId, '2 days')
  await discard()
  expect(await quotes()).toEqual([uuidOf(quoteId)])
  expect(await read()).toEqual(before)
})

/** A change of a booking to a new quote; answers the ids of both. */
async function newChange(locator: string, ago: string): Promise<{ change: string; quote: string }> {
  const quote = uuidOf(await newQuote())
  await expireQuote(quote, ago)
  const change = newUuid()
  await database()`
    insert into bookings.changes (id, booking_id, booking_version, quote_id, expires_at, currency, due, lines,
      passengers, seats, surname_hashes)
    select ${change}, id, version, ${quote}, now() - ${ago}::interval, 'COP', 1, '[]', '[]', '[]', '{}'
    from bookings.bookings where locator = ${locator}`
  return { change, quote }
}

it('keeps the quotes that a booking named before, and those of changes that may still be made', async () => {
  const sql = database()
  const booked = await newQuote()
  const { locator } = expectMade(await book({ quoteId: booked, ...peopleOf(1) }))
  const next = uuidOf(await newQuote())
  const [row] = await sql`select id from bookings.bookings where locator = ${locator}`
  await sql`select bookings.step(${row?.id}, 'held', 'test', 'changed', '{}', ${next})`
  await expireQuote(booked, '2 days')
  await expireQuote(next, '2 days')
  await newChange(locator, '25 hours')
  const recent = await newChange(locator, '23 hours')
  const paid = await newChange(locator, '25 hours')
  await sql`
    insert into bookings.payments (id, booking_id, purpose, change_id, method, provider, amount, currency, paid_by)
    values (${newUuid()}, ${row?.id}, 'change', ${paid.change}, 'card', 'test-card', 1, 'COP', 'test')`
  await discard()
  expect(await quotes()).toEqual([uuidOf(booked), next, recent.quote, paid.quote].toSorted())
  const changes = await sql`select id from bookings.changes`
  expect(changes.map(({ id }) => id).toSorted()).toEqual([recent.change, paid.change].toSorted())
})

it('discards a refund quote a day after it expired, and no other', async () => {
  const sql = database()
  const { locator } = expectMade(await book({ quoteId: await newQuote(), ...peopleOf(1) }))
  const [old, recent] = [newUuid(), newUuid()]
  await sql`
    insert into bookings.refund_quotes (id, booking_id, booking_version, expires_at, currency, refund, lines)
    select q.id, b.id, 1, now() - q.ago, 'COP', 0, '[]'
    from bookings.bookings b,
      (values (${old}::uuid, interval '24 hours 1 minute'), (${recent}::uuid, interval '23 hours 59 minutes')) q (id, ago)
    where b.locator = ${locator}`
  await discard()
  expect(await sql`select id from bookings.refund_quotes`).toMatchObject([{ id: recent }])
})

it('takes a backlog of many steps, and may run twice, also at once', async () => {
  const sql = database()
  const fill = () => sql`
    insert into platform.idempotency_keys (caller, key, digest, claim, created_at)
    select 'public', 'backlog-' || n, '', gen_random_uuid(), now() - interval '25 hours'
    from generate_series(1, 12001) n`
  const count = async () => {
    const [row] = await sql`select count(*) as keys from platform.idempotency_keys`
    return row?.keys
  }
  await fill()
  await discard()
  expect(await count()).toBe(0)
  await discard()
  await fill()
  await Promise.all([discard(), discard(), discard()])
  expect(await count()).toBe(0)
})
