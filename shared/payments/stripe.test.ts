import Stripe from 'stripe'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { paymentsContract } from '../../tests/support/payments-contract.ts'
import { configureForTest } from '../../tests/support/settings.ts'
import { STUB_METHODS, startStripeStub } from '../../tests/support/stripe-stub.ts'
import { stripePayments } from './stripe.ts'

configureForTest()
const stub = await startStripeStub()
afterAll(() => stub.stop())
beforeEach(() => {
  stub.down = false
})

const WEBHOOK_SECRET = 'whsec_0123456789abcdef'
const payments = stripePayments({
  secretKey: 'sk_test_stub',
  webhookSecret: WEBHOOK_SECRET,
  apiUrl: stub.url,
})
const token = (method: keyof typeof STUB_METHODS) => ({ token: STUB_METHODS[method] })

paymentsContract('Stripe', () => payments, {
  success: token('success'),
  declined: token('declined'),
  timeOutCaptured: token('timeOutCaptured'),
  timeOutLost: token('timeOutLost'),
})

const chargeOf = (method: keyof typeof STUB_METHODS) => ({
  paymentId: crypto.randomUUID(),
  amount: 123_45,
  currency: 'COP',
  card: token(method),
  description: 'K7M2QX',
})
const asked = (paymentId: string, reference: string | null = null) => ({
  paymentId,
  reference,
  createdAt: new Date(),
})

describe('a payment at Stripe', () => {
  it('has the amount in minor units, the currency and our id, and no name', async () => {
    const charge = chargeOf('success')
    await payments.charge(charge)
    expect(stub.intents[0]).toMatchObject({
      amount: 12345,
      currency: 'cop',
      metadata: { paymentId: charge.paymentId },
    })
  })

  it('that needs the cardholder tells the secret, and ends when it is given up', async () => {
    const charge = chargeOf('actionRequired')
    const outcome = await payments.charge(charge)
    expect(outcome).toMatchObject({
      type: 'action-required',
      clientSecret: expect.stringContaining('_secret_'),
    })
    const reference = 'reference' in outcome ? outcome.reference : ''
    expect(await payments.find(asked(charge.paymentId, reference))).toEqual(outcome)
    expect(await payments.abandon(asked(charge.paymentId, reference))).toEqual({
      type: 'declined',
      reason: 'abandoned',
    })
    expect(await payments.find(asked(charge.paymentId))).toMatchObject({ type: 'declined' })
  })

  it('is found behind many newer ones', async () => {
    const charge = chargeOf('success')
    const first = await payments.charge(charge)
    for (let n = 0; n < 7; n++) await payments.charge(chargeOf('success'))
    expect(await payments.find(asked(charge.paymentId))).toEqual(first)
  })

  it('is neither absent nor declined while Stripe is down', async () => {
    const charge = chargeOf('success')
    stub.down = true
    expect(await payments.charge(charge)).toEqual({ type: 'unknown' })
    expect(await payments.find(asked(charge.paymentId))).toEqual({ type: 'unknown' })
    expect(await payments.abandon(asked(charge.paymentId))).toEqual({ type: 'unknown' })
    const refund = { refundId: crypto.randomUUID(), paymentReference: 'pi_1', amount: 1, currency: 'COP' }
    expect(await payments.refund(refund)).toEqual({ type: 'unknown' })
  })

  it('is not known with a key that Stripe refuses', async () => {
    const refused = stripePayments({ secretKey: 'rk_wrong', webhookSecret: undefined, apiUrl: stub.url })
    const charge = chargeOf('success')
    expect(await refused.charge(charge)).toEqual({ type: 'unknown' })
    expect(await refused.find(asked(charge.paymentId))).toEqual({ type: 'unknown' })
  })
})

describe('a refund at Stripe', () => {
  const paid = async () => {
    const outcome = await payments.charge(chargeOf('success'))
    return outcome.type === 'captured' ? outcome.reference : ''
  }
  const refundOf = (paymentReference: string) => ({
    refundId: crypto.randomUUID(),
    paymentReference,
    amount: 100,
    currency: 'COP',
  })

  it.each([
    ['pending', { type: 'unknown' }],
    ['failed', { type: 'failed', reason: 'expired_or_canceled_card' }],
  ])('that is %s is not taken for made, and not asked anew', async (status, outcome) => {
    const refund = refundOf(await paid())
    await payments.refund(refund)
    Object.assign(stub.refunds[0] ?? {}, { status, failure_reason: 'expired_or_canceled_card' })
    expect(await payments.refund(refund)).toEqual(outcome)
    expect(stub.refunds.filter(({ metadata }) => metadata.refundId === refund.refundId)).toHaveLength(1)
  })

  it('is found among others of the payment', async () => {
    const reference = await paid()
    const first = refundOf(reference)
    const outcome = await payments.refund(first)
    for (let n = 0; n < 5; n++) await payments.refund(refundOf(reference))
    expect(await payments.refund(first)).toEqual(outcome)
  })
})

describe('a notice', () => {
  const paymentId = crypto.randomUUID()
  const textOf = (type: string, intent: object) =>
    JSON.stringify({
      id: 'evt_1',
      object: 'event',
      type,
      data: { object: { id: 'pi_1', object: 'payment_intent', metadata: { paymentId }, ...intent } },
    })
  const sign = (payload: string, secret = WEBHOOK_SECRET, timestamp = Math.floor(Date.now() / 1000)) =>
    Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp })

  it.each([
    ['payment_intent.succeeded', { status: 'succeeded' }, { type: 'captured', reference: 'pi_1' }],
    [
      'payment_intent.payment_failed',
      { status: 'requires_payment_method', last_payment_error: { code: 'card_declined' } },
      { type: 'declined', reason: 'card_declined' },
    ],
  ])('of %s is read', (type, intent, outcome) => {
    const text = textOf(type, intent)
    expect(payments.readNotice(text, sign(text))).toEqual({ paymentId, outcome })
  })

  it.each([
    ['another event', textOf('charge.updated', {})],
    ["another's payment", textOf('payment_intent.succeeded', { status: 'succeeded', metadata: {} })],
  ])('of %s is about nothing of ours', (_, text) => {
    expect(payments.readNotice(text, sign(text))).toBeNull()
  })

  const text = textOf('payment_intent.succeeded', { status: 'succeeded' })
  it.each([
    ['another secret', text, sign(text, 'whsec_another')],
    ['another text', text.replace('pi_1', 'pi_2'), sign(text)],
    ['an old time', text, sign(text, WEBHOOK_SECRET, Math.floor(Date.now() / 1000) - 301)],
    ['no signature', text, ''],
  ])('with %s is not believed', (_, sent, signature) => {
    expect(payments.readNotice(sent, signature)).toBeUndefined()
  })

  it('is not believed without a secret to check it with', () => {
    const without = stripePayments({ secretKey: 'sk_test_stub', webhookSecret: undefined, apiUrl: stub.url })
    expect(without.readNotice(text, sign(text))).toBeUndefined()
  })
})
