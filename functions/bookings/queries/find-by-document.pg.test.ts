import { beforeAll, expect, it } from 'vitest'
import { addDays } from '../../../shared/dates.ts'
import { database } from '../../../shared/postgres/client.ts'
import { useApi } from '../../../tests/support/api.ts'
import { today } from '../../../tests/support/dates.ts'
import { scheduleTestFlight } from '../../../tests/support/flights.ts'
import { ADULT, expectMade, orderOf, peopleOf, sales } from '../../../tests/support/orders.ts'
import { expectRefusal } from '../../../tests/support/refusal.ts'

const api = useApi()
const AGENT = { role: 'agent' } as const
const find = async (kind: string, number: string) => {
  const answer = await api.request('POST', '/v1/booking-lookups', {
    ...AGENT,
    key: null,
    body: { kind, number },
  })
  expect(answer.status).toBe(200)
  return answer.body
}
const none = { locators: [], more: false }

let flight: string
beforeAll(async () => {
  flight = (await scheduleTestFlight({ origin: 'BOG', destination: 'ADZ', date: addDays(today(), 30) })).id
})
const makeBooking = async (): Promise<string> =>
  expectMade(await sales(api).book({ order: orderOf([flight], [ADULT, ADULT]), ...peopleOf(2) })).locator
const record = async (locator: string, number: number, kind: string, text: string, country = 'CO') => {
  const path = `/v1/bookings/${locator}/passengers/${number}/document`
  const body = { kind, number: text, country }
  expect(await api.request('PUT', path, { ...AGENT, body })).toMatchObject({ status: 200 })
}

it('finds the bookings of exactly this kind and number, the latest first, each once', async () => {
  const [first, second, other] = [await makeBooking(), await makeBooking(), await makeBooking()]
  await record(first, 1, 'CC', '1.032.456.789')
  await record(second, 0, 'CC', '1032456789')
  await record(second, 2, 'CC', '1032 456 789')
  await record(other, 1, 'CC', '1032456780')
  await record(other, 2, 'TI', '1032456789')
  await record(other, 0, 'PA', 'AX1032456789')
  expect(await find('CC', '1032456789')).toEqual({ locators: [second, first], more: false })
  expect(await find('TI', '1.032.456.789')).toEqual({ locators: [other], more: false })
  expect(await find('PA', 'ax 1032456789')).toEqual({ locators: [other], more: false })
  expect(await find('CC', '103245678')).toEqual(none)
  expect(await find('CE', '1032456789')).toEqual(none)
})

it('finds a booking no more under a number that was replaced', async () => {
  const locator = await makeBooking()
  await record(locator, 1, 'CC', '52000111')
  await record(locator, 1, 'CC', '52000112')
  expect(await find('CC', '52000111')).toEqual(none)
  expect(await find('CC', '52000112')).toEqual({ locators: [locator], more: false })
})

it('names the latest hundred, and says that there are more', async () => {
  const locator = await makeBooking()
  await record(locator, 0, 'NIT', '899999068-1')
  const sql = database()
  await sql`
    insert into bookings.bookings (id, locator, status, quote_id, caller, contact, payer, surname_hashes, pay_by, created_at)
    select gen_random_uuid(), 'AA' || translate(lpad(n::text, 4, '0'), '01', 'XY'), 'held', gen_random_uuid(), 'x', '{}', '{}', '{}',
      now(), now() - interval '1 day'
    from generate_series(1, 100) n`
  const copy = async () => {
    await sql`
      insert into bookings.data_keys (booking_id, master_key, wrapped)
      select id, 'x', '' from bookings.bookings where caller = 'x'`
    await sql`
      insert into bookings.identity_documents (booking_id, passenger, sealed, blind_index)
      select b.id, 0, '', d.blind_index from bookings.bookings b, bookings.identity_documents d
      where b.caller = 'x' and d.booking_id = (select id from bookings.bookings where locator = ${locator})`
  }
  expect(await find('NIT', '899.999.068-1')).toEqual({ locators: [locator], more: false })
  await copy()
  const { locators, more } = await find('NIT', '899.999.068-1')
  expect([locators[0], locators.length, more]).toEqual([locator, 100, true])
})

it('refuses a number that no document of the kind has, and everybody but staff', async () => {
  const ask = (body: object, role: 'agent' | 'partner' = 'agent') =>
    api.request('POST', '/v1/booking-lookups', { role, body })
  await expectRefusal(() => ask({ kind: 'CC', number: '12' }), 422, 'invalid-request', { pointer: '/number' })
  await expectRefusal(() => ask({ kind: 'NIT', number: '899999068' }), 422, 'invalid-request', {
    pointer: '/number',
  })
  await expectRefusal(() => ask({ kind: 'CC', number: '1032456789' }, 'partner'), 403, 'role-missing')
})
