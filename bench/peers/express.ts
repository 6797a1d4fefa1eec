/** A peer of the kind that most teams write: Express with pg, its bodies checked by zod. Started by bench/http/server.ts. */
import express, { type NextFunction, type Request, type Response } from 'express'
import * as z from 'zod/mini'
import { bookWithPg, newPool, Refused, settings } from './pg-booking.ts'

const Name = z.string().check(z.minLength(1), z.maxLength(60))
const Body = z.strictObject({
  quoteId: z.string().check(z.regex(/^quo_[0-9a-f]{32}$/)),
  passengers: z
    .array(
      z.strictObject({ givenNames: Name, surnames: z.array(Name).check(z.minLength(1), z.maxLength(2)) }),
    )
    .check(z.minLength(1), z.maxLength(20)),
  contact: z.strictObject({
    name: Name,
    email: z.email(),
    phone: z.string().check(z.regex(/^\+[1-9]\d{6,14}$/)),
    language: z._default(z.enum(['es', 'en']), 'es'),
  }),
  payer: z.strictObject({ name: Name }),
})

const pool = newPool()
const app = express()
app.use(express.json({ limit: '64kb' }))

app.post('/v1/bookings', async (request, response) => {
  const key = request.get('idempotency-key')
  if (key === undefined) throw new Refused(400, 'Idempotency-Key is missing')
  const body = Body.safeParse(request.body)
  if (!body.success) {
    response.status(400).json({ title: 'The request is not valid', errors: body.error.issues })
    return
  }
  const receipt = await bookWithPg(pool, key, request.get('traceparent'), body.data)
  response.status(201).location(`/v1/bookings/${receipt.locator}`).json(receipt)
})

// Express knows an error handler by its four parameters.
app.use((error: unknown, _request: Request, response: Response, _next: NextFunction) => {
  if (error instanceof Refused) {
    response.status(error.status).json({ title: error.message })
    return
  }
  console.error(error)
  response.status(500).json({ title: 'Something went wrong' })
})

app.listen(Number(settings.PORT), '127.0.0.1')
