/** A peer of the kind that most teams write: Fastify with pg, bodies and answers by JSON Schema. Started by bench/http/server.ts. */
import { fastify } from 'fastify'
import { type BookingBody, bookWithPg, newPool, Refused, settings } from './pg-booking.ts'

const name = { type: 'string', minLength: 1, maxLength: 60 } as const
const closed = (properties: Record<string, object>, optional: readonly string[] = []) => ({
  type: 'object',
  additionalProperties: false,
  required: Object.keys(properties).filter((property) => !optional.includes(property)),
  properties,
})

const body = closed({
  quoteId: { type: 'string', pattern: '^quo_[0-9a-f]{32}$' },
  passengers: {
    type: 'array',
    minItems: 1,
    maxItems: 20,
    items: closed({ givenNames: name, surnames: { type: 'array', minItems: 1, maxItems: 2, items: name } }),
  },
  contact: closed(
    {
      name,
      email: { type: 'string', format: 'email' },
      phone: { type: 'string', pattern: '^\\+[1-9]\\d{6,14}$' },
      language: { enum: ['es', 'en'], default: 'es' },
    },
    ['language'],
  ),
  payer: closed({ name }),
})

const text = { type: 'string' } as const
const receipt = closed({
  bookingId: text,
  locator: text,
  status: text,
  payBy: text,
  currency: text,
  total: { type: 'integer' },
})

const headers = {
  type: 'object',
  required: ['idempotency-key'],
  properties: { 'idempotency-key': text, traceparent: text },
}
type Headers = { 'idempotency-key': string; traceparent?: string }

const pool = newPool()
const app = fastify({ bodyLimit: 64 * 1024 })

app.post<{ Body: BookingBody; Headers: Headers }>(
  '/v1/bookings',
  { schema: { body, headers, response: { 201: receipt } } },
  async (request, reply) => {
    const { 'idempotency-key': key, traceparent } = request.headers
    const made = await bookWithPg(pool, key, traceparent, request.body)
    return reply.code(201).header('location', `/v1/bookings/${made.locator}`).send(made)
  },
)

app.setErrorHandler((error: Error & { statusCode?: number }, _request, reply) => {
  if (error instanceof Refused) return reply.code(error.status).send({ title: error.message })
  if (error.statusCode !== undefined && error.statusCode < 500) {
    return reply.code(error.statusCode).send({ title: error.message })
  }
  console.error(error)
  return reply.code(500).send({ title: 'Something went wrong' })
})

await app.listen({ port: Number(settings.PORT), host: '127.0.0.1' })
