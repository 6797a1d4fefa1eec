import Stripe from 'stripe'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { configure } from '../../../shared/config.ts'
import { addDays } from '../../../shared/dates.ts'
import { uuidOf } from '../../../shared/ids.ts'
import { useApi } from '../../../tests/support/api.ts'
import { today } from '../../../tests/support/dates.ts'
import { scheduleTestFlight } from '../../../tests/support/flights.ts'
import { type Held, passDeadline, passTime, paying } from '../../../tests/support/paying.ts'
import { expectRefusal } from '../../../tests/support/refusal.ts'
import { STUB_METHODS, type StripeStub, startStripeStub } from '../../../tests/support/stripe-stub.ts'
import { schedule as expireHolds } from '../schedules/expire-holds.ts'
import { schedule as reconcile } from '../schedules/reconcile-payments.ts'
import { schedule as settleRefunds } from '../schedules/settle-refunds.ts'

// Bookings paid through Stripe: its stub, that is, and events signed as Stripe signs them.

const SECRET = 'whsec_0123456789abcdef'
const api = useApi()
const { hold, pay, read } = paying(api)
let stub: StripeStub
let flight = ''
beforeAll(async () => {
  stub = await startStripeStub()
  configure({ STRIPE_SECRET_KEY: 'sk_test_stub', STRIPE_WEBHOOK_SECRET: SECRET, STRIPE_API_URL: stub.url })
  flight = (await scheduleTestFlight({ origin: 'BOG', destination: 'ADZ', date: addDays(today(), 30) })).id
})
afterAll(async () => {
  configure({ STRIPE_SECRET_KEY: undefined, STRIPE_WEBHOOK_SECRET: undefined, STRIPE_API_URL: undefined })
  await stub?.stop()
})

const byToken = ({ total, currency }: Held, method: keyof typeof STUB_METHODS) => ({
  method: 'card',
  amount: total,
  currency,
  card: { token: STUB_METHODS[method] },
})

function notify(intent: object, type = 'payment_intent.succeeded', secret = SECRET) {
  const data = { object: { id: 'pi_notice', object: 'payment_intent', status: 'succeeded', ...intent } }
  // Spaces that a parsed and rewritten body would lose: the signature is over the text as it came.
  const rawBody = JSON.stringify({ id: 'evt_1', object: 'event', type, data }, null, 2)
  const signature = Stripe.webhooks.generateTestHeaderString({ payload: rawBody, secret })
  return api.request('POST', '/v1/webhooks/stripe', {
    key: null,
    rawBody,
    headers: { 'stripe-signature': signature, 'content-type': 'application/json; charset=utf-8' },
  })
}
const aboutPayment = (paymentId: string) => ({ metadata: { paymentId: uuidOf(paymentId) } })

describe('a booking is paid through Stripe', () => {
  it('at once', async () => {
    const held = await hold(flight)
    const { status, body } = await pay(held, byToken(held, 'success'))
    expect([status, body.booking.status]).toEqual([201, 'confirmed'])
    expect(stub.intents[0]).toMatchObject({
      amount: held.total,
      metadata: { paymentId: uuidOf(body.paymentId) },
    })
    expect(body.reference).toBe(stub.intents[0]?.id)
  })

  it('and the refund of one that came too late as well', async () => {
    const held = await hold(flight)
    expect((await pay(held, byToken(held, 'timeOutCaptured'))).status).toBe(202)
    await passDeadline(held)
    await expireHolds.run()
    await passTime(held, 3)
    await reconcile.run()
    await settleRefunds.run()
    await settleRefunds.run()
    expect(stub.refunds.filter(({ amount }) => amount === held.total)).toHaveLength(1)
    expect(await read(held, 'payments')).toMatchObject({ collected: 0, refundsPending: 0 })
    expect((await read(held, 'documents')).documents).toMatchObject([
      { kind: 'receipt' },
      { kind: 'credit-note' },
    ])
  })

  it('not by a number, nor by a card that is declined', async () => {
    const held = await hold(flight)
    const number = { ...byToken(held, 'success'), card: { number: '4242424242424242' } }
    await expectRefusal(() => pay(held, number), 422, 'card-details-unfit')
    const { body } = await expectRefusal(() => pay(held, byToken(held, 'declined')), 402, 'payment-declined')
    expect(body.reason).toBe('generic_decline')
  })

  it('after the cardholder did what the bank asked', async () => {
    const held = await hold(flight)
    const { status, body } = await pay(held, byToken(held, 'actionRequired'))
    expect([status, body.clientSecret]).toEqual([202, stub.intents[0]?.client_secret])
    expect((await notify(aboutPayment(body.paymentId))).status).toBe(200)
    expect(await read(held, '')).toMatchObject({ status: 'confirmed', version: 2 })
  })

  it('and given up by a cardholder who does not', async () => {
    const held = await hold(flight)
    await pay(held, byToken(held, 'actionRequired'))
    await passTime(held, 31)
    await reconcile.run()
    expect(stub.intents[0]?.status).toBe('canceled')
    expect((await read(held, 'payments')).payments).toMatchObject([
      { status: 'declined', reason: 'abandoned' },
    ])
  })
})

describe('a notice', () => {
  const pending = async () => {
    const held = await hold(flight)
    const { body } = await pay(held, byToken(held, 'timeOutLost'))
    return { held, paymentId: String(body.paymentId) }
  }

  it('settles a payment once, however often and at once it comes', async () => {
    const { held, paymentId } = await pending()
    const answers = await Promise.all([1, 2, 3].map(() => notify(aboutPayment(paymentId))))
    answers.push(await notify(aboutPayment(paymentId)))
    for (const { status, body } of answers) expect([status, body]).toEqual([200, { received: true }])
    expect(await read(held, 'payments')).toMatchObject({ collected: held.total, refundsPending: 0 })
    expect(await read(held, '')).toMatchObject({ status: 'confirmed', version: 2 })
  })

  it('of a decline lets another card pay; and when the first succeeds after all, it goes back', async () => {
    const { held, paymentId } = await pending()
    const failed = { status: 'requires_payment_method', ...aboutPayment(paymentId) }
    await notify(failed, 'payment_intent.payment_failed')
    expect((await read(held, 'payments')).payments).toMatchObject([{ status: 'declined' }])
    expect((await pay(held, byToken(held, 'success'))).status).toBe(201)
    await notify(aboutPayment(paymentId))
    expect(await read(held, 'payments')).toMatchObject({
      collected: 2 * held.total,
      refundsPending: held.total,
      balance: held.total,
    })
    // A decline that was on its way longer changes nothing.
    await notify(failed, 'payment_intent.payment_failed')
    expect((await read(held, 'payments')).payments).toMatchObject([
      { status: 'captured' },
      { status: 'captured' },
    ])
  })

  it('is not believed when it is not signed with the secret', async () => {
    const { held, paymentId } = await pending()
    await expectRefusal(
      () => notify(aboutPayment(paymentId), 'payment_intent.succeeded', 'whsec_of_somebody_else'),
      400,
      'webhook-signature-invalid',
    )
    const unsigned = {
      id: 'evt_1',
      type: 'payment_intent.succeeded',
      data: { object: aboutPayment(paymentId) },
    }
    await expectRefusal(
      () => api.request('POST', '/v1/webhooks/stripe', { key: null, body: unsigned }),
      400,
      'webhook-signature-invalid',
    )
    expect(await read(held, '')).toMatchObject({ status: 'held' })
  })

  it.each([
    ['an unknown payment', aboutPayment(`pay_${'0'.repeat(32)}`), 'payment_intent.succeeded'],
    ['a payment of another system', { metadata: { paymentId: 'order 7' } }, 'payment_intent.succeeded'],
    ['a payment without metadata of ours', { metadata: {} }, 'payment_intent.succeeded'],
    ['something else', {}, 'charge.updated'],
  ])('about %s is taken and ignored', async (_, intent, type) => {
    const { status, body } = await notify(intent, type)
    expect([status, body]).toEqual([200, { received: true }])
  })
})
