import { beforeAll, describe, expect, it } from 'vitest'
import { addDays } from '../../../shared/dates.ts'
import { newUuid } from '../../../shared/ids.ts'
import { database } from '../../../shared/postgres/client.ts'
import { useApi } from '../../../tests/support/api.ts'
import { today } from '../../../tests/support/dates.ts'
import { scheduleTestFlight } from '../../../tests/support/flights.ts'
import {
  byCard,
  type Held,
  passDeadline,
  passTime,
  paying,
  TEST_CARDS,
  testCard,
} from '../../../tests/support/paying.ts'
import { beginPayment } from '../payment.ts'
import { schedule as expireHolds } from './expire-holds.ts'
import { schedule } from './reconcile-payments.ts'

const api = useApi()
const { hold, pay, read } = paying(api)
let flight = ''
beforeAll(async () => {
  flight = (await scheduleTestFlight({ origin: 'BOG', destination: 'ADZ', date: addDays(today(), 30) })).id
})

const stateOf = async (held: Held) => {
  const { collected, refundsPending, payments } = await read(held, 'payments')
  const { status } = await read(held, '')
  return {
    booking: status,
    payments: payments.map((one: { status: string }) => one.status),
    collected,
    refundsPending,
  }
}

/** Begins a payment as the command does, and dies before it asks the provider, or before it writes the answer down. */
async function killedWhilePaying(held: Held, charged: boolean): Promise<void> {
  const { id: bookingId, total: amount, currency } = held
  const { answer } = await beginPayment({
    caller: `passenger:${bookingId}`,
    key: newUuid(),
    digest: '00',
    bookingId,
    version: null,
    purpose: 'booking',
    changeId: null,
    method: 'card',
    provider: 'test-card',
    amount,
    currency,
    reference: null,
    traceparent: null,
  })
  if (answer.type !== 'paid') throw new Error(answer.code)
  const card = { number: TEST_CARDS.success }
  const { paymentId } = answer
  if (charged) await testCard.charge({ paymentId, amount, currency, card, description: held.locator })
}

describe('a payment whose outcome is not known', () => {
  it.each([
    ['the answer was lost', (held: Held) => pay(held, byCard(held, 'timeOutCaptured'))],
    ['the process died after the charge', (held: Held) => killedWhilePaying(held, true)],
  ])('%s: is found to be captured, and confirms the booking', async (_, begin) => {
    const held = await hold(flight)
    await begin(held)
    await schedule.run()
    // Too soon: the one that asked may still be waiting.
    expect((await stateOf(held)).payments).toEqual(['pending'])
    await passTime(held, 3)
    await schedule.run()
    expect(await stateOf(held)).toEqual({
      booking: 'confirmed',
      payments: ['captured'],
      collected: held.total,
      refundsPending: 0,
    })
    expect((await read(held, 'documents')).documents).toHaveLength(1)
  })

  it.each([
    ['the request was lost', (held: Held) => pay(held, byCard(held, 'timeOutLost'))],
    ['the process died before the charge', (held: Held) => killedWhilePaying(held, false)],
  ])('%s: stays pending half an hour, then is declined and another card may pay', async (_, begin) => {
    const held = await hold(flight)
    await begin(held)
    await passTime(held, 29)
    await schedule.run()
    expect((await stateOf(held)).payments).toEqual(['pending'])
    await passTime(held, 3)
    await schedule.run()
    expect(await stateOf(held)).toMatchObject({ booking: 'held', payments: ['declined'], collected: 0 })
    expect((await pay(held, byCard(held))).status).toBe(201)
  })

  it('that is captured after the hold ended is given back, with a receipt', async () => {
    const held = await hold(flight)
    await pay(held, byCard(held, 'timeOutCaptured'))
    await passDeadline(held)
    await expireHolds.run()
    await passTime(held, 3)
    await schedule.run()
    expect(await stateOf(held)).toEqual({
      booking: 'expired',
      payments: ['captured'],
      collected: held.total,
      refundsPending: held.total,
    })
    expect((await read(held, 'payments')).refunds).toMatchObject([
      { reason: 'late-payment', amount: held.total },
    ])
    expect((await read(held, 'documents')).documents).toMatchObject([{ kind: 'receipt' }])
  })
})

it('settles each once when several places run, and nothing when all is settled', async () => {
  const many = await Promise.all([1, 2, 3, 4, 5, 6].map(() => hold(flight)))
  await Promise.all(many.map((held) => pay(held, byCard(held, 'timeOutCaptured'))))
  await Promise.all(many.map((held) => passTime(held, 3)))
  await Promise.all([schedule.run(), schedule.run(), schedule.run()])
  await schedule.run()
  for (const held of many)
    expect(await stateOf(held)).toMatchObject({ booking: 'confirmed', collected: held.total })
})

it('goes past one that fails', async () => {
  const [broken, good] = [await hold(flight), await hold(flight)]
  await pay(broken, byCard(broken, 'timeOutCaptured'))
  await pay(good, byCard(good, 'timeOutCaptured'))
  await passTime(broken, 5)
  await passTime(good, 3)
  const sql = database()
  // A receipt that cannot be written: its transaction fails.
  await sql`
    insert into bookings.documents (kind, number, booking_id, payment_id, payer, currency, total, lines)
    select 'receipt', 1e9, booking_id, id, '{}', currency, amount, '[]' from bookings.payments
    where booking_id = ${broken.id}`
  await schedule.run()
  expect(await stateOf(good)).toMatchObject({ booking: 'confirmed' })
  expect(await stateOf(broken)).toMatchObject({ booking: 'held', payments: ['pending'], collected: 0 })
})

it('leaves the payments of another provider alone', async () => {
  const held = await hold(flight)
  await pay(held, byCard(held, 'timeOutCaptured'))
  await database()`update bookings.payments set provider = 'stripe' where booking_id = ${held.id}`
  await passTime(held, 60)
  await schedule.run()
  expect((await stateOf(held)).payments).toEqual(['pending'])
})
