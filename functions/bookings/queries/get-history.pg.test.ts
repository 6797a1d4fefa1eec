import { beforeAll, expect, it } from 'vitest'
import { addDays } from '../../../shared/dates.ts'
import { database } from '../../../shared/postgres/client.ts'
import { useApi } from '../../../tests/support/api.ts'
import type { ApiRequest } from '../../../tests/support/client.ts'
import { today } from '../../../tests/support/dates.ts'
import { scheduleTestFlight } from '../../../tests/support/flights.ts'
import { ADULT, expectMade, orderOf, peopleOf, sales } from '../../../tests/support/orders.ts'
import { byCard, paying } from '../../../tests/support/paying.ts'
import { expectRefusal } from '../../../tests/support/refusal.ts'

const api = useApi()
const { hold, pay } = paying(api)
let flight = ''
beforeAll(async () => {
  flight = (await scheduleTestFlight({ origin: 'BOG', destination: 'CTG', date: addDays(today(), 30) })).id
})
const history = (locator: string, as: ApiRequest) => api.request('GET', `/v1/bookings/${locator}/history`, as)

it('tells the creation and each step: who, when and what', async () => {
  const held = await hold(flight)
  const as = { token: held.token }
  const { paymentId } = expectMade(await pay(held, byCard(held)))
  const path = `/v1/bookings/${held.locator}`
  const { refundQuoteId, refund } = expectMade(await api.request('POST', `${path}/refund-quotes`, as))
  const body = { refundQuoteId }
  await api.request('POST', `${path}/cancellation`, { role: 'agent', subject: 'ana', body })

  const { status, headers, body: told } = await history(held.locator, as)
  expect(status).toBe(200)
  expect(headers.etag).toBe('"3"')
  expect(told).toMatchObject({
    version: 3,
    entries: [
      { version: 1, action: 'created', by: { kind: 'passenger' }, detail: { confirmed: false } },
      { version: 2, action: 'confirmed', by: { kind: 'passenger' }, detail: { paymentId } },
      { version: 3, action: 'cancelled', by: { kind: 'airline' }, detail: { refund, reason: 'cancelled' } },
    ],
  })
  expect(JSON.stringify(told)).not.toContain('ana')
  const times = told.entries.map(({ at }: { at: string }) => at)
  expect(times.toSorted()).toEqual(times)

  const { body: toStaff } = await history(held.locator, { role: 'admin' })
  expect(toStaff.entries.map(({ by }: { by: { id: string } }) => by.id)).toEqual([
    'public',
    `passenger:${held.id}`,
    'staff:ana',
  ])
})

it('tells a partner its own booking, which its account confirmed at once', async () => {
  const PARTNER = { role: 'partner', subject: 'local-partner' } as const
  const order = orderOf([flight], [ADULT])
  const { locator } = expectMade(
    await sales(api).book({ order, ...peopleOf(1), account: 'AGENCIA1' }, PARTNER),
  )
  expect((await history(locator, PARTNER)).body.entries).toMatchObject([
    { version: 1, action: 'created', by: { kind: 'partner' }, detail: { confirmed: true } },
  ])
  await expectRefusal(() => history(locator, { role: 'partner', subject: 'other' }), 404, 'booking-not-found')
  const stranger = await hold(flight)
  await expectRefusal(() => history(locator, { token: stranger.token }), 404, 'booking-not-found')
})

it('is never edited', async () => {
  const held = await hold(flight)
  expectMade(await pay(held, byCard(held)))
  const sql = database()
  await expect(
    sql`update bookings.history set actor = 'nobody' where booking_id = ${held.id}`,
  ).rejects.toThrow('append-only')
  await expect(sql`delete from bookings.history where booking_id = ${held.id}`).rejects.toThrow('append-only')
})
