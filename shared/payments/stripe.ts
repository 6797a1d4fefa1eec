import Stripe from 'stripe'
import { log } from '#log'
import type { Asked, CardPayments, ChargeOutcome, Found, RefundOutcome } from './port.ts'

export type StripeSettings = { secretKey: string; webhookSecret: string | undefined; apiUrl: string }

/** An endpoint behind API Gateway has 30 s: two tries fit, and a pause between them. */
const TIMEOUT_MS = 10_000
const RETRIES = 1
/** How far Stripe's clock may be from PostgreSQL's. */
const CLOCKS_SECONDS = 300

/**
 * Stripe: a PaymentIntent a payment, confirmed as it is made. Its metadata holds our id, and the Idempotency-Key is our
 * id, which Stripe remembers for 24 hours. Checked against an HTTP stub of the four resources; there was no account.
 */
export function stripePayments({ secretKey, webhookSecret, apiUrl }: StripeSettings): CardPayments {
  const { protocol, hostname, port } = new URL(apiUrl)
  const stripe = new Stripe(secretKey, {
    protocol: protocol === 'http:' ? 'http' : 'https',
    host: hostname,
    ...(port && { port }),
    timeout: TIMEOUT_MS,
    maxNetworkRetries: RETRIES,
    telemetry: false,
  })

  /** A payment's intent. Its list is exact from the first second; Stripe's search may lag behind by an hour. */
  async function intentOf({
    paymentId,
    reference,
    createdAt,
  }: Asked): Promise<Stripe.PaymentIntent | undefined> {
    if (reference !== null) return stripe.paymentIntents.retrieve(reference)
    const since = Math.floor(createdAt.getTime() / 1000) - CLOCKS_SECONDS
    for await (const intent of stripe.paymentIntents.list({ created: { gte: since }, limit: 100 })) {
      if (intent.metadata.paymentId === paymentId) return intent
    }
    return undefined
  }

  async function find(asked: Asked): Promise<Found> {
    try {
      const intent = await intentOf(asked)
      return intent ? outcomeOf(intent) : { type: 'absent' }
    } catch (error) {
      return unanswered(error)
    }
  }

  return {
    provider: 'stripe',
    takes: 'token',
    find,
    async charge({ paymentId, amount, currency, card, description }) {
      try {
        const intent = await stripe.paymentIntents.create(
          {
            amount,
            currency: currency.toLowerCase(),
            payment_method: 'token' in card ? card.token : '',
            // Cards alone: another kind of method would lead the payer away and back.
            allowed_payment_method_types: ['card'],
            confirm: true,
            description,
            metadata: { paymentId },
          },
          { idempotencyKey: paymentId },
        )
        return outcomeOf(intent)
      } catch (error) {
        return refusalOf(error)
      }
    },
    async abandon(asked) {
      const found = await find(asked)
      if (found.type === 'absent') return { type: 'declined', reason: 'not_received' }
      if (found.type === 'captured' || found.type === 'declined') return found
      try {
        const intent = await intentOf(asked)
        if (!intent) return { type: 'unknown' }
        const ended = outcomeOf(await stripe.paymentIntents.cancel(intent.id))
        return ended.type === 'captured' || ended.type === 'declined' ? ended : { type: 'unknown' }
      } catch (error) {
        return unanswered(error)
      }
    },
    async refund({ refundId, paymentReference, amount }) {
      try {
        // A key is forgotten after a day, a refund may be asked for longer: so it is looked for first.
        for await (const known of stripe.refunds.list({ payment_intent: paymentReference, limit: 100 })) {
          if (known.metadata?.refundId === refundId) return refundOf(known)
        }
        const made = await stripe.refunds.create(
          { payment_intent: paymentReference, amount, metadata: { refundId } },
          { idempotencyKey: refundId },
        )
        return refundOf(made)
      } catch (error) {
        const refused = refusalOf(error)
        return refused.type === 'declined' ? { type: 'failed', reason: refused.reason } : { type: 'unknown' }
      }
    },
    readNotice(text, signature) {
      if (!webhookSecret) return undefined
      try {
        return noticeOf(stripe.webhooks.constructEvent(text, signature, webhookSecret))
      } catch (error) {
        if (error instanceof Stripe.errors.StripeSignatureVerificationError) return undefined
        throw error
      }
    },
  }
}

function outcomeOf(intent: Stripe.PaymentIntent): ChargeOutcome {
  switch (intent.status) {
    case 'succeeded':
      return { type: 'captured', reference: intent.id }
    case 'requires_action':
      return { type: 'action-required', reference: intent.id, clientSecret: intent.client_secret ?? '' }
    case 'requires_payment_method': {
      const { decline_code: bank, code } = intent.last_payment_error ?? {}
      return { type: 'declined', reason: bank ?? code ?? 'card_declined' }
    }
    case 'canceled':
      return { type: 'declined', reason: 'abandoned' }
    default:
      return { type: 'unknown' }
  }
}

function refundOf({ id, status, failure_reason }: Stripe.Refund): RefundOutcome {
  if (status === 'succeeded') return { type: 'refunded', reference: id }
  if (status === 'failed' || status === 'canceled')
    return { type: 'failed', reason: failure_reason ?? status }
  return { type: 'unknown' }
}

/** A refusal is an answer; a fault of the key, of the network or of Stripe says nothing of the money. */
function refusalOf(error: unknown): { type: 'declined'; reason: string } | { type: 'unknown' } {
  if (error instanceof Stripe.errors.StripeCardError) {
    return { type: 'declined', reason: error.decline_code ?? error.code ?? 'card_declined' }
  }
  if (error instanceof Stripe.errors.StripeInvalidRequestError) {
    return { type: 'declined', reason: error.code ?? 'invalid_request' }
  }
  return unanswered(error)
}

function unanswered(err: unknown): { type: 'unknown' } {
  if (!(err instanceof Stripe.errors.StripeError)) throw err
  log.warn({ err }, 'Stripe did not tell the outcome')
  return { type: 'unknown' }
}

function noticeOf(event: Stripe.Event) {
  if (event.type !== 'payment_intent.succeeded' && event.type !== 'payment_intent.payment_failed') return null
  const intent = event.data.object
  const { paymentId } = intent.metadata
  const outcome = outcomeOf(intent)
  if (!paymentId || (outcome.type !== 'captured' && outcome.type !== 'declined')) return null
  return { paymentId, outcome }
}
