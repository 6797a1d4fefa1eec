import type { Caller } from '../../shared/http/authentication.ts'
import { database, type Sql, type Transaction } from '../../shared/postgres/client.ts'
import type { Reader } from './read.ts'

/** Whom a token lets read and change bookings: staff any, a passenger the one it opens, a partner its own. */
export function readerOf({ id, roles, bookingId }: Caller): Reader {
  if (roles.includes('agent') || roles.includes('admin')) return { staff: true }
  return bookingId ? { bookingId } : { caller: id }
}

/** A booking as a step of its life finds it; the step itself guards the version. */
export type FoundBooking = {
  id: string
  version: number
  status: 'held' | 'confirmed' | 'cancelled' | 'expired'
  quoteId: string
  payBy: Date | null
  createdAt: Date
  confirmedAt: Date | null
  currency: string
  total: number
}

/** The booking of a locator, or undefined when there is none or the caller may not touch it: the two look alike. */
export async function findBooking(
  locator: string,
  caller: Caller,
  sql: Sql | Transaction = database(),
): Promise<FoundBooking | undefined> {
  const reader = readerOf(caller)
  const opened = 'bookingId' in reader ? reader.bookingId : null
  const owner = 'caller' in reader ? reader.caller : null
  const [found] = await sql<FoundBooking[]>`
    select b.id, b.version, b.status, b.quote_id as "quoteId", b.pay_by as "payBy", b.created_at as "createdAt",
      b.confirmed_at as "confirmedAt", q.currency, q.total
    from bookings.bookings b join bookings.quotes q on q.id = b.quote_id
    where b.locator = ${locator}
      and (${opened}::uuid is null or b.id = ${opened}) and (${owner}::text is null or b.caller = ${owner})`
  return found
}
