import { newUuid } from '../../shared/ids.ts'
import { sum } from '../../shared/money.ts'
import type { Transaction } from '../../shared/postgres/client.ts'
import { type AirlinesDoing, paidLines, type RefundLine, type SoldLine } from './refund-quote.ts'

type Coupon = { passenger: number; segment: number; status: string }

const SOURCES: Record<AirlinesDoing, string> = {
  'flight-cancelled': 'The airline cancelled the flight',
  retimed: 'The airline changed the times of the flight',
  'equipment-changed': 'The airline changed the aircraft of the flight',
}

/**
 * What returns when the airline itself broke the journey: every line of what was not flown, fees and non-refundable
 * taxes too. What is nobody's, such as a pet's fee, is used when anybody has used its flight.
 */
export function fullRefund(
  lines: readonly SoldLine[],
  coupons: readonly Coupon[],
  why: AirlinesDoing,
): RefundLine[] {
  const used = coupons.filter(({ status }) => status === 'flown' || status === 'no-show')
  return paidLines(lines).map((line) => {
    const isUsed = used.some(
      ({ passenger, segment }) =>
        segment === line.segment && (line.passenger === null || line.passenger === passenger),
    )
    return isUsed
      ? { ...line, amount: 0, retained: line.paid, ground: 'departed', source: 'The flight was used' }
      : { ...line, amount: line.paid, retained: 0, ground: why, source: SOURCES[why] }
  })
}

/**
 * Cancels a booking, whose row the caller holds, and gives back all that was paid for what was not flown; never more
 * than was collected, and nothing for one that is unpaid.
 */
export async function refundInFull(
  sql: Transaction,
  bookingId: string,
  why: AirlinesDoing,
  actor: string,
  traceparent: string | null,
): Promise<{ version: number; refund: number; currency: string }> {
  const [sold] = await sql<
    { status: string; currency: string; lines: SoldLine[]; coupons: Coupon[]; collected: number }[]
  >`
    select b.status, q.currency, q.lines,
      (select coalesce(jsonb_agg(jsonb_build_object('passenger', c.passenger, 'segment', c.segment,
          'status', c.status)), '[]')
        from bookings.coupons c where c.booking_id = b.id and c.status not in ('exchanged', 'refunded')) as coupons,
      ((select coalesce(sum(p.amount), 0) from bookings.payments p
          where p.booking_id = b.id and p.status = 'captured')
        - (select coalesce(sum(r.amount), 0) from bookings.refunds r where r.booking_id = b.id))::bigint as collected
    from bookings.bookings b join bookings.quotes q on q.id = b.quote_id where b.id = ${bookingId}`
  if (!sold) throw new Error('a booking vanished')
  const lines = sold.status === 'confirmed' ? fullRefund(sold.lines, sold.coupons, why) : []
  const refund = Math.min(sum(lines.map(({ amount }) => amount)), sold.collected)
  const [closed] = await sql<{ version: number }[]>`
    select bookings.close(b, 'cancelled', ${actor}, ${why}, ${refund}, ${sql.json(lines as never)}, ${newUuid()},
      ${traceparent}) as version
    from bookings.bookings b where b.id = ${bookingId}`
  if (!closed) throw new Error('a booking vanished')
  return { version: closed.version, refund, currency: sold.currency }
}
