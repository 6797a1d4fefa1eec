import * as z from 'zod/mini'
import { log } from '#log'
import { cardPayments } from '#payments'
import { endpoint } from '../../../shared/http/endpoint.ts'
import { problem } from '../../../shared/http/problem.ts'
import { receiveStripeNotice } from '../../catalog.ts'
import { settlePayment } from '../payment.ts'
import { BOOKING_PROBLEMS } from '../problems.ts'

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export const route = endpoint(
  receiveStripeNotice,
  {
    description:
      'Takes the events of Stripe’s webhook. The signature over the body, in Stripe-Signature, is what makes one believed: it needs no key, and the same event may come twice. What is about no payment of this system is taken and ignored.',
    body: z.looseObject({
      id: z.string().check(z.regex(/^\w{1,255}$/)),
      type: z.string().check(z.regex(/^[\w.]{1,100}$/)),
      data: z.looseObject({}),
    }),
    success: { status: 200, description: 'Taken', schema: z.object({ received: z.literal(true) }) },
    problems: [BOOKING_PROBLEMS['webhook-signature-invalid']],
    example: {
      body: {
        id: 'evt_1',
        type: 'payment_intent.succeeded',
        data: {
          object: { id: 'pi_1', metadata: { paymentId: '01990000-0000-7000-8000-000000000001' } },
        },
      },
    },
  },
  async ({ signed }) => {
    const notice = cardPayments().readNotice(signed.text, signed.signature)
    if (notice === undefined) return problem(BOOKING_PROBLEMS['webhook-signature-invalid'])
    if (notice && UUID.test(notice.paymentId)) {
      const became = await settlePayment(notice.paymentId, notice.outcome)
      if (became) log.info({ paymentId: notice.paymentId, became }, 'a notice settled a payment')
    }
    return { status: 200, body: { received: true } }
  },
)
