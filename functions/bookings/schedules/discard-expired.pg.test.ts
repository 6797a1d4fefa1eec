import { beforeEach, expect, it } from 'vitest'
import { addDays } from '../../../shared/dates.ts'
import { uuidOf } from '../../../shared/ids.ts'
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
  await database()`truncate platform.idempotency_keys, bookings.quotes cascade`
})

const newQuote = async () => {
  const date = addDays(today(), 30)
  const { id } = await scheduleTestFlight({ origin: 'BOG', destination: 'ADZ', date })
  const { quoteId } = expectMade(await quote(orderOf([id], [ADULT])))
  return String(quoteId)
}
const expireQuote = (quoteId: string, ago: string) => database()`
  update bookings.quotes set expires_at = now() - ${ago}::interval where id = ${uuidOf(quoteId)}`
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
