import { publicId } from '../../shared/ids.ts'
import { database, type Sql, type Transaction } from '../../shared/postgres/client.ts'
import type { Refund } from './payment-models.ts'

type Stored = Omit<Refund, 'refundId' | 'paymentId' | 'createdAt' | 'settledAt'> & {
  id: string
  paymentId: string
  createdAt: Date
  settledAt: Date | null
}

/** The refunds of a booking, the oldest first, or the one of them with this id. */
export async function readRefunds(
  { bookingId, refundId = null }: { bookingId: string; refundId?: string | null },
  sql: Sql | Transaction = database(),
): Promise<Refund[]> {
  const stored = await sql<Stored[]>`
    select r.id, r.payment_id as "paymentId", p.method, r.amount, r.currency, r.reason, r.status, r.reference,
      r.created_at as "createdAt", r.settled_at as "settledAt"
    from bookings.refunds r join bookings.payments p on p.id = r.payment_id
    where r.booking_id = ${bookingId} and (${refundId}::uuid is null or r.id = ${refundId})
    order by r.created_at, r.id`
  return stored.map(({ id, paymentId, createdAt, settledAt, ...rest }) => ({
    refundId: publicId('refund', id),
    paymentId: publicId('payment', paymentId),
    ...rest,
    createdAt: createdAt.toISOString(),
    settledAt: settledAt?.toISOString() ?? null,
  }))
}
