import { publicId, uuidOf } from '../../shared/ids.ts'
import type { Sql, Transaction } from '../../shared/postgres/client.ts'
import { describeRules, loadFaresOf, loadFlights, loadSeatMaps, loadTariff } from '../flights/index.ts'
import type { PresentBooking, Today, WantedChange } from './change-models.ts'

type Stored = Omit<PresentBooking, 'people'> & {
  people: Omit<PresentBooking['people'][number], 'age' | 'candies'>[]
  quoted: { number: number; age: number; candies: boolean }[]
}

/** A booking as a change finds it, read in one statement: all of one version. */
export async function loadPresent(sql: Sql | Transaction, bookingId: string): Promise<PresentBooking> {
  const [stored] = await sql<Stored[]>`
    select b.id, b.version, b.status, q.currency, q.total, q.hold_minutes as "holdMinutes", q.itinerary as segments,
      q.lines, q.counter, q.passengers as quoted, q.pets,
      (select jsonb_agg(jsonb_build_object('passenger', c.passenger, 'segment', c.segment, 'type', c.type,
          'fareBasis', c.fare_basis, 'status', c.status) order by c.segment, c.passenger)
        from bookings.coupons c where c.booking_id = b.id and c.status not in ('exchanged', 'refunded')) as coupons,
      (select jsonb_agg(jsonb_build_object('number', p.number, 'type', p.type, 'givenNames', p.given_names,
          'surnames', p.surnames, 'birthDate', p.birth_date, 'residency', p.residency,
          'accompaniedBy', p.accompanied_by) order by p.number)
        from bookings.passengers p where p.booking_id = b.id and p.removed_at is null) as people,
      (select coalesce(jsonb_agg(jsonb_build_object('passenger', s.passenger, 'seat', s.seat,
          'segment', array_position(q.flight_ids, s.flight_id)) order by s.flight_id, s.seat), '[]')
        from bookings.seats s where s.booking_id = b.id) as seats,
      (select max(p.number) from bookings.passengers p where p.booking_id = b.id) as "lastPassenger",
      (select coalesce(max((p ->> 'number')::integer), 0)
        from bookings.quotes k, jsonb_array_elements(k.pets) p
        where k.id = b.quote_id or k.id in (select h.quote_id from bookings.history h where h.booking_id = b.id)
      ) as "lastPet"
    from bookings.bookings b join bookings.quotes q on q.id = b.quote_id
    where b.id = ${bookingId}`
  if (!stored) throw new Error('a booking vanished')
  const { quoted, people, ...rest } = stored
  return {
    ...rest,
    people: people.map((person) => {
      const { age = 0, candies = false } = quoted.find(({ number }) => number === person.number) ?? {}
      return { ...person, age, candies }
    }),
  }
}

/** What today offers for a change: flights, fares, tariff, seats. */
export async function loadToday(
  sql: Sql | Transaction,
  present: PresentBooking,
  { directions = [] }: Pick<WantedChange, 'directions'>,
): Promise<Today> {
  const wanted = directions.flatMap(({ flights }) => flights)
  const all = [...new Set([...present.segments.map(({ flightId }) => flightId), ...wanted])].map(uuidOf)
  const [flights, fares, tariff, rules, seats, taken] = await Promise.all([
    loadFlights(sql, all),
    loadFaresOf(sql, all),
    loadTariff(sql, { flights: all }),
    describeRules(sql, present.lines),
    loadSeatMaps(sql, all),
    loadTaken(sql, all, present.id),
  ])
  const maps = new Map([...seats].map(([id, places]) => [publicId('flight', id), places]))
  const refundable = Object.entries(rules).filter(([, rule]) => rule.refundable)
  return {
    flights,
    fares,
    tariff,
    maps,
    taken,
    refundableTaxes: new Set(refundable.map(([id]) => id)),
    now: new Date(),
  }
}

/** The seats of flights that are chosen, by public flight id. */
export async function loadTaken(
  sql: Sql | Transaction,
  flightIds: readonly string[],
  except: string | null = null,
): Promise<Map<string, Set<string>>> {
  const taken = await sql<{ id: string; seats: string[] }[]>`
    select flight_id as id, array_agg(seat) as seats from bookings.seats
    where flight_id = any (${flightIds as string[]}::uuid[]) and (${except}::uuid is null or booking_id <> ${except})
    group by flight_id`
  return new Map(taken.map(({ id, seats }) => [publicId('flight', id), new Set(seats)]))
}
