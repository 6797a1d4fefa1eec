import * as z from 'zod/mini'
import { command } from '../../../shared/http/command.ts'
import { problem } from '../../../shared/http/problem.ts'
import { uuidOf } from '../../../shared/ids.ts'
import { Id, Line } from '../../../shared/schemas.ts'
import { recordRefund } from '../../catalog.ts'
import { findBooking } from '../find-booking.ts'
import { Locator } from '../models.ts'
import { Refund } from '../payment-models.ts'
import { BOOKING_PROBLEMS } from '../problems.ts'
import { readRefunds } from '../refund-rows.ts'

export const route = command(
  recordRefund,
  {
    description:
      'Records that staff paid a refund back: of cash, of a transfer, or on an agency account. The ledger and a credit note follow in the same commit. Refunds to cards are made by their provider.',
    params: z.strictObject({ locator: Locator, refund: Id('refund') }),
    body: z.strictObject({
      /** Of the receipt that the payer signed, or of the transfer. */
      reference: Line(60),
    }),
    success: { status: 200, description: 'The refund is settled', schema: Refund },
    problems: [
      BOOKING_PROBLEMS['booking-not-found'],
      BOOKING_PROBLEMS['version-stale'],
      BOOKING_PROBLEMS['unknown-refund'],
      BOOKING_PROBLEMS['refund-by-provider'],
      BOOKING_PROBLEMS['refund-settled'],
    ],
    example: {
      params: { locator: 'K7M2QX', refund: 'rfd_01990000000070008000000000000001' },
      body: { reference: 'EGRESO-2041' },
    },
  },
  async (sql, { caller, params, body, ifMatch }) => {
    const booking = await findBooking(params.locator, caller, sql)
    if (!booking) return problem(BOOKING_PROBLEMS['booking-not-found'])
    if (ifMatch !== null && ifMatch !== booking.version) return problem(BOOKING_PROBLEMS['version-stale'])
    const by = { bookingId: booking.id, refundId: uuidOf(params.refund) }
    const [refund] = await readRefunds(by, sql)
    if (!refund) return problem(BOOKING_PROBLEMS['unknown-refund'])
    if (refund.method === 'card') return problem(BOOKING_PROBLEMS['refund-by-provider'])
    const [settled] = await sql<{ done: boolean }[]>`
      select bookings.settle_refund(${by.refundId}, ${body.reference}) as done`
    if (!settled?.done) return problem(BOOKING_PROBLEMS['refund-settled'])
    const [made] = await readRefunds(by, sql)
    return { status: 200, headers: { etag: `"${booking.version}"` }, body: made }
  },
)
