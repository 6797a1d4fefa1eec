import { publicId } from '../../shared/ids.ts'
import { database } from '../../shared/postgres/client.ts'
import { describeRules, type Policies } from '../flights/index.ts'
import { companionsOf } from './companions.ts'
import type { Booking } from './models.ts'

/** Who may read: whoever knows a surname of the booking, or has opened it, or made it, or is staff. */
export type Reader = { surnameHash: string } | { bookingId: string } | { caller: string } | { staff: true }

type Stored = Omit<
  Booking,
  'bookingId' | 'segments' | 'createdAt' | 'payBy' | 'confirmedAt' | 'rules' | 'coupons'
> & {
  id: string
  itinerary: Booking['segments']
  ages: Pick<Policies, 'accompanying-adult-age' | 'minor-accompanied-below'>
  createdAt: Date
  payBy: Date | null
  confirmedAt: Date | null
  coupons: (Omit<Booking['coupons'][number], 'couponId'> & { number: number })[]
}

/** The booking of a locator, or undefined when there is none or the reader may not read it: the two look alike. */
export async function readBooking(locator: string, reader: Reader): Promise<Booking | undefined> {
  const sql = database()
  const surname = 'surnameHash' in reader ? Buffer.from(reader.surnameHash, 'hex') : null
  const caller = 'caller' in reader ? reader.caller : null
  const opened = 'bookingId' in reader ? reader.bookingId : null
  const [stored] = await sql<Stored[]>`
    select b.id, b.locator, b.version, b.status, b.created_at as "createdAt", b.pay_by as "payBy",
      b.confirmed_at as "confirmedAt", q.currency, q.total, q.itinerary, q.lines, q.counter, b.contact, b.payer,
      (select jsonb_agg(jsonb_build_object('number', p.number, 'type', p.type, 'givenNames', p.given_names,
          'surnames', p.surnames, 'birthDate', p.birth_date, 'residency', p.residency,
          'accompaniedBy', p.accompanied_by) order by p.number)
        from bookings.passengers p where p.booking_id = b.id and p.removed_at is null) as passengers,
      (select coalesce(jsonb_agg(jsonb_build_object('number', p.number, 'service', p.service, 'species', p.species,
          'breed', p.breed, 'weightKg', p.weight_kg) order by p.number), '[]')
        from bookings.pets p where p.booking_id = b.id) as pets,
      (select jsonb_agg(jsonb_build_object('number', c.number, 'passenger', c.passenger, 'segment', c.segment,
          'type', c.type, 'status', c.status) order by c.number)
        from bookings.coupons c where c.booking_id = b.id) as coupons,
      (select coalesce(jsonb_agg(jsonb_build_object('passenger', s.passenger, 'seat', s.seat,
          'segment', array_position(q.flight_ids, s.flight_id)) order by s.flight_id, s.passenger), '[]')
        from bookings.seats s where s.booking_id = b.id) as seats,
      jsonb_build_object('accompanying-adult-age', flights.policy('accompanying-adult-age'),
        'minor-accompanied-below', flights.policy('minor-accompanied-below')) as ages,
      (select coalesce(jsonb_agg(d.detail || jsonb_build_object('disruptionId', bookings.prefixed('dis', d.id),
          'flightId', bookings.prefixed('flt', d.flight_id), 'kind', d.kind, 'notedAt', d.noted_at,
          'answer', d.answer) order by d.noted_at, d.id), '[]')
        from bookings.disruptions d where d.booking_id = b.id) as disruptions
    from bookings.bookings b join bookings.quotes q on q.id = b.quote_id
    where b.locator = ${locator}
      and (${surname}::bytea is null or ${surname} = any (b.surname_hashes))
      and (${caller}::text is null or b.caller = ${caller})
      and (${opened}::uuid is null or b.id = ${opened})`
  if (!stored) return undefined
  const { id, itinerary, createdAt, payBy, confirmedAt, coupons, passengers, ages, ...rest } = stored
  // Stored from a change on; before one it follows from who travels.
  const companions = companionsOf(passengers, itinerary[0]?.departureDate ?? '', ages)
  const bookingId = publicId('booking', id)
  return {
    bookingId,
    ...rest,
    createdAt: createdAt.toISOString(),
    payBy: payBy?.toISOString() ?? null,
    confirmedAt: confirmedAt?.toISOString() ?? null,
    segments: itinerary,
    passengers: passengers.map((one) => ({ ...one, accompaniedBy: companions.get(one.number) ?? null })),
    coupons: coupons.map(({ number, ...coupon }) => ({ couponId: `${bookingId}.${number}`, ...coupon })),
    rules: await describeRules(sql, [...stored.lines, ...stored.counter]),
  }
}

/** The version of a booking as an entity tag. */
export const etagOf = ({ version }: Booking): string => `"${version}"`
