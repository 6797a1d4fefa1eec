import type { IsoDate } from '../../shared/dates.ts'
import { publicId } from '../../shared/ids.ts'
import type { Sql, Transaction } from '../../shared/postgres/client.ts'
import { type CabinInventory, classAvailability } from './availability.ts'
import type { Fare } from './fare.ts'
import type { Place } from './tax.ts'

export type Airport = Place & { name: string; city: string; timeZone: string }

/** A flight with all that a sale asks about: places, times, what is left. Fares are apart, by market. */
export type OfferedFlight = {
  id: string
  flightNumber: string
  departureDate: IsoDate
  departsAt: Date
  arrivesAt: Date
  aircraftType: string
  status: 'scheduled' | 'cancelled' | 'closed'
  origin: Airport
  destination: Airport
  cabins: CabinInventory[]
  infantsLeft: number
  petcLeft: number
  avihLeft: number
}

/** The columns of an OfferedFlight, of `flights.flights f`; the query joins `offeredFrom` too. */
export const offeredColumns = (sql: Sql | Transaction) => sql`
  f.id, f.flight_number as "flightNumber", f.departure_date as "departureDate", f.departs_at as "departsAt",
  f.arrives_at as "arrivesAt", f.aircraft_type as "aircraftType", f.status,
  jsonb_build_object('code', o.code, 'cityCode', o.city_code, 'countryCode', o.country_code, 'name', o.name,
    'city', o.city, 'timeZone', o.time_zone) as origin,
  jsonb_build_object('code', d.code, 'cityCode', d.city_code, 'countryCode', d.country_code, 'name', d.name,
    'city', d.city, 'timeZone', d.time_zone) as destination,
  (select jsonb_agg(jsonb_build_object('cabin', i.cabin, 'authorised', i.authorised, 'sold', i.sold,
      'classes', i.classes, 'limits', i.limits, 'classSold', i.class_sold, 'salesOpen', i.sales_close_at > now())
      order by i.cabin desc)
    from flights.cabin_inventory i where i.flight_id = f.id) as cabins,
  s.infant_capacity - s.infant_sold as "infantsLeft", s.petc_capacity - s.petc_sold as "petcLeft",
  s.avih_capacity - s.avih_sold as "avihLeft"`

export const offeredFrom = (sql: Sql | Transaction) => sql`
  join flights.airports o on o.code = f.origin
  join flights.airports d on d.code = f.destination
  join flights.service_inventory s on s.flight_id = f.id`

/** The flights of these UUIDs, in no order; an unknown one is left out. */
export async function loadFlights(sql: Sql | Transaction, ids: readonly string[]): Promise<OfferedFlight[]> {
  return await sql<OfferedFlight[]>`
    select ${offeredColumns(sql)}
    from flights.flights f ${offeredFrom(sql)}
    where f.id = any (${ids as string[]}::uuid[])`
}

/**
 * The scheduled flights of the same route as this one that leave after it, and after now, on its day or one of the
 * `days` after it; the earliest first.
 */
export async function loadLaterFlights(
  sql: Sql | Transaction,
  { id, origin, destination, departsAt, departureDate }: OfferedFlight,
  days: number,
): Promise<OfferedFlight[]> {
  return await sql<OfferedFlight[]>`
    select ${offeredColumns(sql)}
    from flights.flights f ${offeredFrom(sql)}
    where f.origin = ${origin.code} and f.destination = ${destination.code} and f.status = 'scheduled'
      and f.departs_at >= greatest(${departsAt}::timestamptz, now()) and f.id <> ${id}
      and f.departure_date <= ${departureDate}::date + ${days}::integer
    order by f.departs_at, f.id`
}

/** A fare and the market and cabin that it is filed for. */
export type FiledFare = Fare & { origin: string; destination: string; cabin: 'Y' | 'C' }

const fareColumns = (sql: Sql | Transaction) => sql`
  id, origin, destination, cabin, booking_class as "bookingClass", fare_basis as "fareBasis", amount, currency,
  promotional, refundable, changeable, change_fee as "changeFee"`

/** The fares in force today in a market: one a cabin and class. */
export async function loadFares(
  sql: Sql | Transaction,
  origin: string,
  destination: string,
): Promise<FiledFare[]> {
  const fares = await sql<FiledFare[]>`
    select distinct on (cabin, booking_class) ${fareColumns(sql)}
    from flights.fares
    where origin = ${origin} and destination = ${destination}
      and sale_from <= (select (now() at time zone time_zone)::date from platform.airline)
    order by cabin, booking_class, sale_from desc, id desc`
  return fares.map(withPublicId)
}

/** The fares in force today in the markets of these flights. */
export async function loadFaresOf(
  sql: Sql | Transaction,
  flightIds: readonly string[],
): Promise<FiledFare[]> {
  const fares = await sql<FiledFare[]>`
    select distinct on (origin, destination, cabin, booking_class) ${fareColumns(sql)}
    from flights.fares
    where (origin, destination) in (
        select origin, destination from flights.flights where id = any (${flightIds as string[]}::uuid[]))
      and sale_from <= (select (now() at time zone time_zone)::date from platform.airline)
    order by origin, destination, cabin, booking_class, sale_from desc, id desc`
  return fares.map(withPublicId)
}

const withPublicId = (fare: FiledFare): FiledFare => ({ ...fare, id: publicId('fare', fare.id) })

/** A class that can be sold on a flight: its fare and the seats left. */
export type ClassOffer = { fare: FiledFare; left: number; closed: boolean }

/** The classes of a cabin that have a fare, cheapest first. */
export function offersOf(flight: OfferedFlight, cabin: string, fares: readonly FiledFare[]): ClassOffer[] {
  const inventory = flight.cabins.find((candidate) => candidate.cabin === cabin)
  if (!inventory) return []
  const filed = fares.filter(
    (fare) =>
      fare.origin === flight.origin.code &&
      fare.destination === flight.destination.code &&
      fare.cabin === cabin,
  )
  return classAvailability(inventory)
    .flatMap(({ bookingClass, left, closed }) => {
      const fare = filed.find((candidate) => candidate.bookingClass === bookingClass)
      return fare ? [{ fare, left, closed }] : []
    })
    .sort((one, other) => one.fare.amount - other.fare.amount)
}
