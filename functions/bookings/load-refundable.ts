import { instantIn } from '../../shared/dates.ts'
import { publicId, uuidOf } from '../../shared/ids.ts'
import type { Transaction } from '../../shared/postgres/client.ts'
import { describeRules, loadFlights, loadRefundTerms, type OfferedFlight } from '../flights/index.ts'
import type { FoundBooking } from './find-booking.ts'
import type { Segment } from './models.ts'
import type { Refundable, RefundSegment, SoldLine } from './refund-quote.ts'

type Stored = {
  caller: string
  lines: SoldLine[]
  itinerary: Segment[]
  coupons: Refundable['coupons']
}

/**
 * A confirmed booking as its refund sees it: what was sold, where its flights stand now, and the rules behind both.
 * `cancelled` when the airline does not fly one of them: that refund is not the passenger's to quote.
 */
export async function loadRefundable(
  sql: Transaction,
  { id, currency, confirmedAt }: FoundBooking,
  now: Date,
): Promise<{ booking: Refundable; cancelled: boolean }> {
  const [stored] = await sql<Stored[]>`
    select b.caller, q.lines, q.itinerary,
      (select jsonb_agg(jsonb_build_object('passenger', c.passenger, 'segment', c.segment, 'status', c.status))
        from bookings.coupons c
        where c.booking_id = b.id and c.status not in ('exchanged', 'refunded')) as coupons
    from bookings.bookings b join bookings.quotes q on q.id = b.quote_id where b.id = ${id}`
  if (!stored || !confirmedAt)
    throw new Error('a confirmed booking has a quote and the instant of its purchase')
  const { lines, itinerary } = stored
  const fares = new Set(lines.filter(({ kind }) => kind === 'fare').map(({ rule }) => rule))
  const [flights, taxes, terms] = await Promise.all([
    loadFlights(
      sql,
      itinerary.map(({ flightId }) => uuidOf(flightId)),
    ),
    describeRules(sql, lines),
    loadRefundTerms(sql, [...fares], confirmedAt),
  ])
  const flightOf = new Map(flights.map((flight) => [publicId('flight', flight.id), flight]))
  const coupons = stored.coupons ?? []
  const segments = itinerary.map((segment) => segmentOf(segment, flightOf.get(segment.flightId)))
  const cancelled = itinerary.some(
    ({ number, flightId }) =>
      flightOf.get(flightId)?.status === 'cancelled' && coupons.some((coupon) => coupon.segment === number),
  )
  // Staff sell face to face; whoever else made the booking made it from afar.
  const distanceSale = !stored.caller.startsWith('staff:')
  const booking = {
    now,
    boughtAt: confirmedAt,
    distanceSale,
    currency,
    lines,
    segments,
    coupons,
    taxes,
    terms,
  }
  return { booking, cancelled }
}

/** A flight of the itinerary with the times that it has now. */
function segmentOf(
  { number, flightId, conditions }: Segment,
  flight: OfferedFlight | undefined,
): RefundSegment {
  if (!flight) throw new Error(`flight ${flightId} vanished`)
  const { departsAt, departureDate, origin, destination } = flight
  return {
    number,
    departsAt,
    departureDate,
    offset: instantIn(departsAt, origin.timeZone).slice(-6),
    international: origin.countryCode !== destination.countryCode,
    refundable: conditions.refundable,
  }
}
