import { beforeAll, expect, it } from 'vitest'
import { addDays } from '../../shared/dates.ts'
import { uuidOf } from '../../shared/ids.ts'
import { database } from '../../shared/postgres/client.ts'
import { useApi } from '../../tests/support/api.ts'
import { today } from '../../tests/support/dates.ts'
import { scheduleTestFlight } from '../../tests/support/flights.ts'
import { expectMade, sales } from '../../tests/support/orders.ts'
import { expectRefusal } from '../../tests/support/refusal.ts'

const api = useApi()
const { book, quotedBooking } = sales(api)
const AGENT = { role: 'agent' } as const
let flight = ''
let account = ''
beforeAll(async () => {
  flight = (await scheduleTestFlight({ origin: 'BOG', destination: 'ADZ', date: addDays(today(), 30) })).id
  const [known] =
    await database()`select code from bookings.agency_accounts where active order by code limit 1`
  account = known?.code
})
const moneyOf = async (locator: string, what: string) =>
  (await api.request('GET', `/v1/bookings/${locator}/${what}`, AGENT)).body

it('a booking on an agency account is paid by it, with a receipt, in the commit that makes it', async () => {
  const body = { ...(await quotedBooking(flight, AGENT)), account }
  const { locator, total, currency, bookingId } = expectMade(await book(body, AGENT))
  const money = await moneyOf(locator, 'payments')
  expect(money).toMatchObject({ total, collected: total, refundsPending: 0, balance: total, refunds: [] })
  expect(money.payments).toMatchObject([
    {
      purpose: 'booking',
      method: 'account',
      amount: total,
      currency,
      status: 'captured',
      reference: account,
    },
  ])
  expect((await moneyOf(locator, 'documents')).documents).toMatchObject([
    { kind: 'receipt', total, paymentId: money.payments[0].paymentId },
  ])
  const [same] = await database()`
    select count(distinct x) as commits from (
      select xmin::text as x from bookings.bookings where id = ${uuidOf(bookingId)}
      union all select xmin::text from bookings.payments where booking_id = ${uuidOf(bookingId)}
      union all select xmin::text from bookings.money where booking_id = ${uuidOf(bookingId)}
      union all select xmin::text from bookings.documents where booking_id = ${uuidOf(bookingId)}) rows`
  expect(same?.commits).toBe(1)
})

it('is not to be paid again', async () => {
  const body = { ...(await quotedBooking(flight, AGENT)), account }
  const { locator, total: amount, currency } = expectMade(await book(body, AGENT))
  const card = { number: '4242424242424242' }
  const payment = { method: 'card', amount, currency, card }
  const path = `/v1/bookings/${locator}/payments`
  await expectRefusal(() => api.request('POST', path, { ...AGENT, body: payment }), 409, 'already-paid')
})

it('one that is held has no payment', async () => {
  const { locator } = expectMade(await book(await quotedBooking(flight, AGENT), AGENT))
  expect(await moneyOf(locator, 'payments')).toMatchObject({ collected: 0, payments: [], refunds: [] })
  expect(await moneyOf(locator, 'documents')).toEqual({ documents: [] })
})
