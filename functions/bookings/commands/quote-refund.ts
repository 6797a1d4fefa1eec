import * as z from 'zod/mini'
import { command } from '../../../shared/http/command.ts'
import { problem } from '../../../shared/http/problem.ts'
import { newUuid, publicId } from '../../../shared/ids.ts'
import { sum } from '../../../shared/money.ts'
import type { Transaction } from '../../../shared/postgres/client.ts'
import { quoteRefund as entry } from '../../catalog.ts'
import { policyInForce } from '../../flights/index.ts'
import { GROUNDS, RefundQuoteAnswer } from '../cancel-models.ts'
import { type FoundBooking, findBooking } from '../find-booking.ts'
import { loadRefundable } from '../load-refundable.ts'
import { Locator } from '../models.ts'
import { BOOKING_PROBLEMS } from '../problems.ts'
import { quoteRefund, type RefundLine } from '../refund-quote.ts'

type Priced = { type: 'priced'; refund: number; lines: RefundLine[]; expiresAt: Date }

/** What returns of a booking: nothing was paid for one that is held. */
async function price(
  sql: Transaction,
  booking: FoundBooking,
): Promise<Priced | { type: 'departed' | 'disruption-with-airline' }> {
  const now = new Date()
  if (booking.status === 'held') {
    const last = new Date(now.getTime() + (await policyInForce(sql, 'quote-minutes')) * 60_000)
    const { payBy } = booking
    return {
      type: 'priced',
      refund: 0,
      lines: [],
      expiresAt: payBy && payBy > now && payBy < last ? payBy : last,
    }
  }
  const found = await loadRefundable(sql, booking, now)
  if (found.cancelled) return { type: 'disruption-with-airline' }
  const quote = quoteRefund(found.booking)
  return 'type' in quote ? quote : { type: 'priced', ...quote }
}

/** Keeps the quote until it is used or discarded. */
async function store(
  sql: Transaction,
  { id: bookingId, version, currency }: FoundBooking,
  { refund, lines, expiresAt }: Priced,
): Promise<string> {
  const id = newUuid()
  await sql`
    insert into bookings.refund_quotes (id, booking_id, booking_version, expires_at, currency, refund, lines)
    values (${id}, ${bookingId}, ${version}, ${expiresAt}, ${currency}, ${refund}, ${sql.json(lines)})`
  return publicId('refundQuote', id)
}

export const route = command(
  entry,
  {
    description:
      'Says what cancelling gives back, price line by price line, with the right, fare condition or tax rule behind each and its source. Of retracto, desistimiento and the fare’s conditions it takes the one that gives most. It holds until expiresAt, the earliest instant at which the answer would change, and for this version of the booking. Nothing is cancelled yet.',
    params: z.strictObject({ locator: Locator }),
    success: { status: 201, description: 'What returns, until expiresAt', schema: RefundQuoteAnswer },
    problems: [
      BOOKING_PROBLEMS['booking-not-found'],
      BOOKING_PROBLEMS['version-stale'],
      BOOKING_PROBLEMS['booking-closed'],
      BOOKING_PROBLEMS.departed,
      BOOKING_PROBLEMS['disruption-with-airline'],
    ],
    example: { params: { locator: 'K7M2QX' } },
  },
  async (sql, { params, caller, ifMatch }) => {
    const booking = await findBooking(params.locator, caller, sql)
    if (!booking) return problem(BOOKING_PROBLEMS['booking-not-found'])
    const { version, status, currency } = booking
    if (ifMatch !== null && ifMatch !== version) return problem(BOOKING_PROBLEMS['version-stale'])
    if (status === 'cancelled' || status === 'expired') return problem(BOOKING_PROBLEMS['booking-closed'])
    const priced = await price(sql, booking)
    if (priced.type !== 'priced') return problem(BOOKING_PROBLEMS[priced.type])
    const { refund, lines, expiresAt } = priced
    const used = new Set(lines.map(({ ground }) => ground))
    const body: RefundQuoteAnswer = {
      refundQuoteId: await store(sql, booking, priced),
      bookingId: publicId('booking', booking.id),
      version,
      expiresAt: expiresAt.toISOString(),
      currency,
      refund,
      retained: sum(lines.map(({ retained }) => retained)),
      lines,
      grounds: Object.fromEntries([...used].map((ground) => [ground, GROUNDS[ground]])),
    }
    return { status: 201, headers: { etag: `"${version}"` }, body }
  },
)
