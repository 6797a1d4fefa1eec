import { beforeAll, describe, expect, it } from 'vitest'
import { addDays } from '../../../shared/dates.ts'
import { newUuid, uuidOf } from '../../../shared/ids.ts'
import { database } from '../../../shared/postgres/client.ts'
import { useApi } from '../../../tests/support/api.ts'
import { today } from '../../../tests/support/dates.ts'
import { scheduleTestFlight } from '../../../tests/support/flights.ts'
import { byCard, type Held, inCash, passDeadline, passTime, paying } from '../../../tests/support/paying.ts'
import { expectRefusal } from '../../../tests/support/refusal.ts'
import { schedule as expireHolds } from './expire-holds.ts'
import { schedule as reconcile } from './reconcile-payments.ts'
import { schedule } from './settle-refunds.ts'

const api = useApi()
const { hold, pay, read } = paying(api)
const AGENT = { role: 'agent' } as const
let flight = ''
beforeAll(async () => {
  flight = (await scheduleTestFlight({ origin: 'BOG', destination: 'ADZ', date: addDays(today(), 30) })).id
})

/** A payment by card that arrived after its hold had ended, and goes back. */
async function paidTooLate(): Promise<Held> {
  const held = await hold(flight)
  await pay(held, byCard(held, 'timeOutCaptured'))
  await passDeadline(held)
  await expireHolds.run()
  await passTime(held, 3)
  await reconcile.run()
  return held
}

/** Cash that is to be paid back: a booking that was paid at the desk and then closed. */
async function cashToReturn(): Promise<Held> {
  const held = await hold(flight)
  await pay(held, inCash(held, newUuid()), AGENT)
  await database()`select bookings.give_back(${held.id}, ${held.total}, 'cancelled', '[]', null)`
  return held
}

const givenBack = ({ id }: Held) => database()`
  select r.amount from platform.test_card_refunds r join bookings.payments p on p.reference = r.payment_reference
  where p.booking_id = ${id}`

describe('a refund to a card', () => {
  it('is made once by the provider, with a row of the ledger and a numbered credit note', async () => {
    const held = await paidTooLate()
    await Promise.all([schedule.run(), schedule.run(), schedule.run()])
    await schedule.run()
    expect(await givenBack(held)).toMatchObject([{ amount: held.total }])
    const money = await read(held, 'payments')
    expect(money).toMatchObject({ collected: 0, refundsPending: 0, balance: 0 })
    expect(money.payments).toMatchObject([{ status: 'captured', givenBack: held.total }])
    expect(money.refunds).toMatchObject([
      { status: 'refunded', amount: held.total, reference: expect.stringMatching(/\w/) },
    ])
    const { documents } = await read(held, 'documents')
    expect(documents).toMatchObject([
      { kind: 'receipt', total: held.total, refundId: null },
      {
        kind: 'credit-note',
        total: held.total,
        refundId: money.refunds[0].refundId,
        payer: { name: expect.any(String) },
      },
    ])
    expect(documents[1].taxes).toEqual(documents[0].taxes)
  })

  it('has credit notes with a number each', async () => {
    for (let n = 0; n < 3; n++) await paidTooLate()
    await schedule.run()
    const notes = await database()`
      select number from bookings.documents where kind = 'credit-note' order by number`
    expect(notes.length).toBeGreaterThan(2)
    expect(new Set(notes.map(({ number }) => number)).size).toBe(notes.length)
  })

  it('that the provider made, and nobody wrote down, is found and not made again', async () => {
    const held = await paidTooLate()
    const [refund] = (await read(held, 'payments')).refunds
    const sql = database()
    await sql`
      insert into platform.test_card_refunds (refund_id, payment_reference, reference, amount)
      select ${uuidOf(refund.refundId)}, p.reference, 'made_before', p.amount from bookings.payments p
      where p.booking_id = ${held.id}`
    await schedule.run()
    expect(await givenBack(held)).toHaveLength(1)
    expect((await read(held, 'payments')).refunds).toMatchObject([
      { status: 'refunded', reference: 'made_before' },
    ])
  })

  it('that the provider refuses stays pending, and is asked for less and less often', async () => {
    const held = await paidTooLate()
    const sql = database()
    await sql`
      update platform.test_card_charges set currency = 'XXX' where reference =
        (select reference from bookings.payments where booking_id = ${held.id})`
    const attempts = async () =>
      (await sql`select attempts from bookings.refunds where booking_id = ${held.id}`)[0]?.attempts
    await schedule.run()
    expect(await attempts()).toBe(1)
    await schedule.run()
    expect(await attempts()).toBe(1)
    await passTime(held, 2)
    await schedule.run()
    expect(await attempts()).toBe(2)
    await passTime(held, 3)
    await schedule.run()
    expect(await attempts()).toBe(2)
    await passTime(held, 1)
    await schedule.run()
    expect(await attempts()).toBe(3)
    await sql`update bookings.refunds set attempts = 2000 where booking_id = ${held.id}`
    await passTime(held, 361)
    await schedule.run()
    expect(await attempts()).toBe(2001)
    expect((await read(held, 'payments')).refunds).toMatchObject([{ status: 'pending' }])
  })

  it('is not recorded by staff', async () => {
    const held = await paidTooLate()
    const [refund] = (await read(held, 'payments')).refunds
    const path = `/v1/bookings/${held.locator}/refunds/${refund.refundId}/settlement`
    const body = { reference: 'E-1' }
    await expectRefusal(() => api.request('POST', path, { ...AGENT, body }), 409, 'refund-by-provider')
  })
})

describe('a refund of cash', () => {
  const settle = (held: Held, refundId: string, as: object = {}) =>
    api.request('POST', `/v1/bookings/${held.locator}/refunds/${refundId}/settlement`, {
      ...AGENT,
      ...as,
      body: { reference: 'EGRESO 12' },
    })

  it('waits until staff record that they paid it', async () => {
    const held = await cashToReturn()
    await schedule.run()
    const before = await read(held, 'payments')
    expect(before).toMatchObject({ collected: held.total, refundsPending: held.total, balance: 0 })
    const [{ refundId }] = before.refunds
    const once = { key: crypto.randomUUID() }
    const { status, body } = await settle(held, refundId, once)
    expect(status).toBe(200)
    expect(body).toMatchObject({ refundId, status: 'refunded', reference: 'EGRESO 12', method: 'cash' })
    expect((await settle(held, refundId, once)).body).toEqual(body)
    expect(await read(held, 'payments')).toMatchObject({ collected: 0, refundsPending: 0, balance: 0 })
    expect((await read(held, 'documents')).documents).toMatchObject([
      { kind: 'receipt' },
      { kind: 'credit-note' },
    ])
    await expectRefusal(() => settle(held, refundId), 409, 'refund-settled')
  })

  it('is one of the booking, in the state that the caller knows', async () => {
    const [one, other] = [await cashToReturn(), await cashToReturn()]
    const [{ refundId }] = (await read(other, 'payments')).refunds
    await expectRefusal(() => settle(one, refundId), 404, 'unknown-refund')
    await expectRefusal(
      () => settle(other, refundId, { headers: { 'if-match': '"9"' } }),
      412,
      'version-stale',
    )
    await expectRefusal(() => settle({ ...one, locator: 'AAAAAA' }, refundId), 404, 'booking-not-found')
  })
})

it('the ledger of every booking adds up to what was captured less what went back', async () => {
  const wrong = await database()`
    select b.id from bookings.bookings b
    where (select coalesce(sum(amount), 0) from bookings.money m where m.booking_id = b.id) <>
      (select coalesce(sum(amount), 0) from bookings.payments p where p.booking_id = b.id and p.status = 'captured') -
      (select coalesce(sum(amount), 0) from bookings.refunds r where r.booking_id = b.id and r.status = 'refunded')`
  expect([...wrong]).toEqual([])
  const undocumented = await database()`
    select m.id from bookings.money m left join bookings.documents d
      on d.payment_id = m.payment_id and d.refund_id is not distinct from m.refund_id and d.total = abs(m.amount)
    where d.number is null`
  expect([...undocumented]).toEqual([])
  for (const change of [
    database()`update bookings.money set amount = 1`,
    database()`delete from bookings.money`,
    database()`update bookings.history set actor = 'x'`,
  ]) {
    await expect(change).rejects.toThrow('append-only')
  }
})
