import { randomUUID } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { type ServerType, serve } from '@hono/node-server'
import { type Context, Hono } from 'hono'

/** Payment methods of the stub, by what they do; their names are the stub's own. */
export const STUB_METHODS = {
  success: 'pm_success',
  declined: 'pm_declined',
  timeOutCaptured: 'pm_time_out_captured',
  timeOutLost: 'pm_time_out_lost',
  actionRequired: 'pm_action_required',
} as const

/** Of those that the reference of version 2026-10-28.endive has, the ones that a payment here may need. */
const CREATE_PARAMETERS = [
  'amount',
  'currency',
  'payment_method',
  'allowed_payment_method_types[0]',
  'confirm',
  'description',
  'metadata[paymentId]',
]

type Intent = {
  id: string
  object: 'payment_intent'
  created: number
  amount: number
  currency: string
  status: string
  client_secret: string
  metadata: Record<string, string>
  last_payment_error: { code: string; decline_code: string } | null
}
type Refund = {
  id: string
  object: 'refund'
  payment_intent: string
  amount: number
  status: string
  failure_reason?: string
  metadata: Record<string, string>
}

export type StripeStub = {
  url: string
  intents: Intent[]
  refunds: Refund[]
  /** What arrived, method and path. */
  requests: string[]
  /** While true, no request is answered but by closing the connection. */
  down: boolean
  stop: () => Promise<void>
}

/**
 * The resources of Stripe's API that the adapter uses, over HTTP, as its public reference describes them: PaymentIntents,
 * refunds and idempotency keys. It stands in for an account, which there is none of; what Stripe does beyond its
 * reference is not checked by it.
 */
export async function startStripeStub(): Promise<StripeStub> {
  const intents: Intent[] = []
  const refunds: Refund[] = []
  const requests: string[] = []
  /** The answer under each key, as Stripe replays it: success or refusal. */
  const answers = new Map<string, { status: number; body: object }>()
  const app = new Hono()

  app.use(async (c, next) => {
    requests.push(`${c.req.method} ${c.req.path}`)
    if (stub.down) return hangUp(c)
    if (!c.req.header('authorization')?.startsWith('Bearer sk_test_'))
      return c.json(fault('invalid_api_key'), 401)
    await next()
  })

  app.post('/v1/payment_intents', async (c) => {
    const form = await formOf(c)
    const unknown = Object.keys(form).find((name) => !CREATE_PARAMETERS.includes(name))
    if (unknown) return c.json(fault('parameter_unknown'), 400)
    if (form.payment_method === STUB_METHODS.timeOutLost) return hangUp(c)
    const { status, body } = once(c, () => {
      const intent = newIntent(form)
      intents.unshift(intent)
      const isDeclined = intent.status === 'requires_payment_method'
      return isDeclined
        ? {
            status: 402,
            body: { error: { type: 'card_error', ...intent.last_payment_error, payment_intent: intent } },
          }
        : { status: 200, body: { ...intent } }
    })
    const key = String(form['metadata[paymentId]'])
    const left = lost.get(key) ?? 0
    lost.set(key, left - 1)
    if (left > 0) return hangUp(c)
    return c.json(body, status as 200)
  })

  app.get('/v1/payment_intents', (c) => {
    const since = Number(c.req.query('created[gte]') ?? 0)
    return c.json(
      page(
        c,
        intents.filter(({ created }) => created >= since),
      ),
    )
  })

  app.get('/v1/payment_intents/:id', (c) => {
    const intent = intents.find(({ id }) => id === c.req.param('id'))
    return intent ? c.json(intent) : c.json(fault('resource_missing'), 404)
  })

  app.post('/v1/payment_intents/:id/cancel', (c) => {
    const intent = intents.find(({ id }) => id === c.req.param('id'))
    if (!intent) return c.json(fault('resource_missing'), 404)
    if (intent.status === 'succeeded') return c.json(fault('payment_intent_unexpected_state'), 400)
    intent.status = 'canceled'
    return c.json(intent)
  })

  app.post('/v1/refunds', async (c) => {
    const form = await formOf(c)
    const { status, body } = once(c, () => refundOf(form))
    return c.json(body, status as 200)
  })

  app.get('/v1/refunds', (c) =>
    c.json(
      page(
        c,
        refunds.filter((one) => one.payment_intent === c.req.query('payment_intent')),
      ),
    ),
  )

  /** How many more answers about a payment are lost: the request's and its one retry's. */
  const lost = new Map<string, number>()

  function newIntent(form: Record<string, string>): Intent {
    const statuses: Record<string, string> = {
      [STUB_METHODS.success]: 'succeeded',
      [STUB_METHODS.timeOutCaptured]: 'succeeded',
      [STUB_METHODS.actionRequired]: 'requires_action',
    }
    const status = statuses[form.payment_method ?? ''] ?? 'requires_payment_method'
    if (form.payment_method === STUB_METHODS.timeOutCaptured) lost.set(String(form['metadata[paymentId]']), 2)
    const id = `pi_${randomUUID().replaceAll('-', '')}`
    return {
      id,
      object: 'payment_intent',
      created: Math.floor(Date.now() / 1000),
      amount: Number(form.amount),
      currency: String(form.currency),
      status,
      client_secret: `${id}_secret_stub`,
      metadata: { paymentId: String(form['metadata[paymentId]']) },
      last_payment_error:
        status === 'requires_payment_method'
          ? { code: 'card_declined', decline_code: 'generic_decline' }
          : null,
    }
  }

  function refundOf(form: Record<string, string>): { status: number; body: object } {
    const intent = intents.find(({ id, status }) => id === form.payment_intent && status === 'succeeded')
    if (!intent) return { status: 404, body: fault('resource_missing') }
    const before = refunds.filter((one) => one.payment_intent === intent.id && one.status !== 'failed')
    const left = before.reduce((rest, one) => rest - one.amount, intent.amount)
    if (Number(form.amount) > left) return { status: 400, body: fault('amount_too_large') }
    const refund: Refund = {
      id: `re_${randomUUID().replaceAll('-', '')}`,
      object: 'refund',
      payment_intent: intent.id,
      amount: Number(form.amount),
      status: 'succeeded',
      metadata: { refundId: String(form['metadata[refundId]']) },
    }
    refunds.unshift(refund)
    return { status: 200, body: { ...refund } }
  }

  function once(c: Context, make: () => { status: number; body: object }) {
    const key = `${c.req.path} ${c.req.header('idempotency-key')}`
    const first = answers.get(key)
    if (first) return first
    const made = make()
    answers.set(key, made)
    return made
  }

  const server = await new Promise<ServerType>((resolve) => {
    const started = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, () => resolve(started))
  })
  const { port } = server.address() as AddressInfo
  const stub: StripeStub = {
    url: `http://127.0.0.1:${port}`,
    intents,
    refunds,
    requests,
    down: false,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        ;(server as { closeAllConnections?: () => void }).closeAllConnections?.()
      }),
  }
  return stub
}

/** A page as lists have it; small, so that the adapter must turn it. */
function page<Item extends { id: string }>(c: Context, items: readonly Item[]) {
  const after = c.req.query('starting_after')
  const from = after ? items.findIndex(({ id }) => id === after) + 1 : 0
  const data = items.slice(from, from + 3)
  return { object: 'list', url: c.req.path, data, has_more: from + 3 < items.length }
}

const fault = (code: string) => ({ error: { type: 'invalid_request_error', code, message: code } })

/** Ends the connection without an answer: what a time-out looks like, sooner. */
function hangUp(c: Context): Response {
  ;(c.env as { incoming: { socket: { destroy: () => void } } }).incoming.socket.destroy()
  return new Response(null)
}

const formOf = async (c: Context): Promise<Record<string, string>> =>
  Object.fromEntries(new URLSearchParams(await c.req.text()))
