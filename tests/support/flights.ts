import { newUuid, publicId } from '../../shared/ids.ts'
import { transaction } from '../../shared/postgres/client.ts'

export type TestCabin = {
  seats: number
  /** What may be sold of the seats; all of them when left out. */
  authorised?: number
  /** Nested limits, the dearest class first; the ladder's shares of `authorised` when left out. */
  limits?: number[]
}

export type TestFlight = Partial<TestCabin> & {
  origin: string
  destination: string
  /** Local date and `HH:MM` at the origin. */
  date: string
  time?: string
  /** A new one when left out: T9900, T9901… */
  flightNumber?: string
  /** A second cabin, C. The members of the flight itself are cabin Y's. */
  business?: TestCabin
  infants?: number
  petc?: number
  avih?: number
  blockMinutes?: number
  /** How long before departure the sale ends. */
  salesCloseMinutes?: number
}

let nextNumber = 900

/**
 * Inserts one flight with the inventory that a test needs, past the commands and the policies; the reference data is
 * there.
 * @returns its public id, and the UUID inside it
 */
export async function scheduleTestFlight({
  seats = 180,
  authorised,
  limits,
  ...flight
}: TestFlight): Promise<{ id: string; uuid: string }> {
  const uuid = newUuid()
  const flightNumber = flight.flightNumber ?? `T9${nextNumber++}`
  const economy: TestCabin = {
    seats,
    ...(authorised !== undefined && { authorised }),
    ...(limits && { limits }),
  }
  const cabins = [
    { cabin: 'Y', ...economy },
    ...(flight.business ? [{ cabin: 'C', ...flight.business }] : []),
  ]
  await transaction(async (sql) => {
    const inserted = await sql`
      insert into flights.flights (id, flight_number, departure_date, origin, destination, departs_at, arrives_at,
        aircraft_type, scheduled_by)
      select ${uuid}, ${flightNumber}, ${flight.date}, ${flight.origin}, ${flight.destination}, l.departs_at,
        l.departs_at + make_interval(mins => ${flight.blockMinutes ?? 60}), ${flight.business ? '32N' : '320'}, 'test'
      from flights.airports o,
        lateral (select (${flight.date}::date + ${flight.time ?? '10:00'}::time) at time zone o.time_zone) l (departs_at)
      where o.code = ${flight.origin}
      returning id`
    if (inserted.length === 0) throw new Error(`${flight.origin} is not in flights.airports: seed it first`)
    for (const { cabin, ...given } of cabins) {
      const sellable = given.authorised ?? given.seats
      await sql`
        insert into flights.cabin_inventory (flight_id, cabin, physical, authorised, classes, limits, class_sold,
          sales_close_at)
        select f.id, ${cabin}, ${given.seats}, ${sellable}, l.classes, coalesce(${given.limits ?? null}::integer[], l.limits),
          array_fill(0, array[cardinality(l.classes)]),
          f.departs_at - make_interval(mins => ${flight.salesCloseMinutes ?? 60})
        from flights.flights f, (
          select array_agg(code order by rank) as classes,
            array_agg((${sellable}::integer * limit_percent + 99) / 100 order by rank) as limits
          from flights.booking_classes where cabin = ${cabin}) l
        where f.id = ${uuid}`
    }
    await sql`
      insert into flights.service_inventory (flight_id, infant_capacity, petc_capacity, avih_capacity)
      values (${uuid}, ${flight.infants ?? 18}, ${flight.petc ?? 6}, ${flight.avih ?? 4})`
  })
  return { id: publicId('flight', uuid), uuid }
}
