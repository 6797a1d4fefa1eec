import * as z from 'zod/mini'
import { endpoint } from '../../../shared/http/endpoint.ts'
import { problem } from '../../../shared/http/problem.ts'
import { publicId } from '../../../shared/ids.ts'
import { sum } from '../../../shared/money.ts'
import { database } from '../../../shared/postgres/client.ts'
import { listPayments } from '../../catalog.ts'
import { findBooking } from '../find-booking.ts'
import { Locator } from '../models.ts'
import { paymentOf, readPayments } from '../payment.ts'
import { PaymentList } from '../payment-models.ts'
import { BOOKING_PROBLEMS } from '../problems.ts'
import { readRefunds } from '../refund-rows.ts'

export const route = endpoint(
  listPayments,
  {
    description:
      'Reads what was asked for a booking, what was collected, and what goes back; balance is what stays when every refund is made.',
    params: z.strictObject({ locator: Locator }),
    success: { status: 200, description: 'Payments and refunds, the oldest first', schema: PaymentList },
    problems: [BOOKING_PROBLEMS['booking-not-found']],
    example: { params: { locator: 'K7M2QX' } },
  },
  async ({ caller, params }) => {
    const booking = await findBooking(params.locator, caller)
    if (!booking) return problem(BOOKING_PROBLEMS['booking-not-found'])
    const bookingId = booking.id
    const [payments, refunds, [ledger]] = await Promise.all([
      readPayments({ bookingId }),
      readRefunds({ bookingId }),
      database()<{ collected: number }[]>`
        select coalesce(sum(amount), 0)::bigint as collected from bookings.money where booking_id = ${bookingId}`,
    ])
    const collected = ledger?.collected ?? 0
    const refundsPending = sum(
      refunds.filter(({ status }) => status === 'pending').map(({ amount }) => amount),
    )
    const body: z.output<typeof PaymentList> = {
      bookingId: publicId('booking', bookingId),
      currency: booking.currency,
      total: booking.total,
      collected,
      refundsPending,
      balance: collected - refundsPending,
      payments: payments.map(paymentOf),
      refunds,
    }
    return { status: 200, headers: { etag: `"${booking.version}"` }, body }
  },
)
