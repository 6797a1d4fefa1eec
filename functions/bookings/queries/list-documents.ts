import * as z from 'zod/mini'
import { endpoint } from '../../../shared/http/endpoint.ts'
import { problem } from '../../../shared/http/problem.ts'
import { publicId } from '../../../shared/ids.ts'
import { sum } from '../../../shared/money.ts'
import { database } from '../../../shared/postgres/client.ts'
import { listDocuments } from '../../catalog.ts'
import { findBooking } from '../find-booking.ts'
import { Locator } from '../models.ts'
import { MoneyDocument } from '../payment-models.ts'
import { BOOKING_PROBLEMS } from '../problems.ts'

type Stored = Omit<MoneyDocument, 'issuedAt' | 'taxes'> & { issuedAt: Date }

async function readDocuments(bookingId: string): Promise<MoneyDocument[]> {
  const stored = await database()<Stored[]>`
    select kind, number, issued_at as "issuedAt", payment_id as "paymentId", refund_id as "refundId",
      jsonb_build_object('name', payer -> 'name') as payer, currency, total, lines
    from bookings.documents where booking_id = ${bookingId} order by issued_at, kind desc, number`
  return stored.map(({ issuedAt, paymentId, refundId, ...rest }) => ({
    ...rest,
    issuedAt: issuedAt.toISOString(),
    paymentId: publicId('payment', paymentId),
    refundId: refundId && publicId('refund', refundId),
    taxes: taxesOf(rest.lines),
  }))
}

/** The taxes among the lines, each code's added up, in the order of the lines. */
function taxesOf(lines: MoneyDocument['lines']): MoneyDocument['taxes'] {
  const byCode = Map.groupBy(
    lines.filter(({ kind }) => kind === 'tax'),
    ({ code }) => code ?? '',
  )
  return [...byCode].map(([code, same]) => ({ code, amount: sum(same.map(({ amount }) => amount)) }))
}

export const route = endpoint(
  listDocuments,
  {
    description:
      'Reads a booking’s receipts, one a payment, and credit notes, one a refund, with payer, lines and taxes.',
    params: z.strictObject({ locator: Locator }),
    success: {
      status: 200,
      description: 'The documents, the oldest first',
      schema: z.object({ documents: z.array(MoneyDocument) }),
    },
    problems: [BOOKING_PROBLEMS['booking-not-found']],
    example: { params: { locator: 'K7M2QX' } },
  },
  async ({ caller, params }) => {
    const booking = await findBooking(params.locator, caller)
    if (!booking) return problem(BOOKING_PROBLEMS['booking-not-found'])
    return { status: 200, body: { documents: await readDocuments(booking.id) } }
  },
)
