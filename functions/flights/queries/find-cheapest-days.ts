import * as z from 'zod/mini'
import { endpoint } from '../../../shared/http/endpoint.ts'
import { type Fault, problem } from '../../../shared/http/problem.ts'
import { database } from '../../../shared/postgres/client.ts'
import { AirportCode, DateText, Id } from '../../../shared/schemas.ts'
import { findCheapestDays } from '../../catalog.ts'
import { type FlightSummary, PriceFrom, party } from '../models.ts'
import { loadFares, type OfferedFlight, offeredColumns, offeredFrom } from '../offer.ts'
import { summarise } from '../price-from.ts'
import { FLIGHT_PROBLEMS } from '../problems.ts'
import { loadTariff } from '../tariff.ts'
import { findUnknownAirports } from '../unknown-airports.ts'

const Query = z
  .strictObject({
    origin: AirportCode,
    destination: AirportCode,
    month: z.string().check(z.regex(/^\d{4}-(0[1-9]|1[0-2])$/, 'must be a month, YYYY-MM')),
    ...party,
  })
  .check(
    z.refine((q) => q.origin !== q.destination, { error: 'must not be the origin', path: ['destination'] }),
  )
type Query = z.output<typeof Query>

const Day = z.object({ date: DateText, flightId: Id('flight'), priceFrom: PriceFrom })

/** The cheapest flight of each local date of a month that seats the party; dates without one are left out. */
async function cheapestDays(query: Query): Promise<{ unknown: Fault[]; days: z.output<typeof Day>[] }> {
  const sql = database()
  const { origin, destination, month } = query
  const first = `${month}-01`
  const zone = sql`(select time_zone from flights.airports where code = ${origin})`
  const [flights, fares, tariff, unknown] = await Promise.all([
    sql<OfferedFlight[]>`
      select ${offeredColumns(sql)}
      from flights.flights f ${offeredFrom(sql)}
      where f.origin = ${origin} and f.destination = ${destination} and f.status = 'scheduled'
        and f.departs_at >= greatest(now(), ${first}::timestamp at time zone ${zone})
        and f.departs_at < (${first}::timestamp + interval '1 month') at time zone ${zone}
      order by f.departs_at, f.id`,
    loadFares(sql, origin, destination),
    loadTariff(sql, { airports: [origin, destination] }),
    findUnknownAirports({ origin, destination }),
  ])
  const cheapest = new Map<string, FlightSummary>()
  for (const flight of flights) {
    const summary = summarise(flight, fares, query, tariff)
    const best = cheapest.get(flight.departureDate)?.priceFrom?.total ?? Number.POSITIVE_INFINITY
    if (summary.priceFrom && summary.priceFrom.total < best) cheapest.set(flight.departureDate, summary)
  }
  const days = [...cheapest].flatMap(([date, { flightId, priceFrom }]) =>
    priceFrom ? [{ date, flightId, priceFrom }] : [],
  )
  return { unknown, days }
}

export const route = endpoint(
  findCheapestDays,
  {
    description: 'For each local date of a month, the flight with the lowest total for the party.',
    query: Query,
    success: {
      status: 200,
      description: 'The days that have a flight with seats, in order',
      schema: z.object({ days: z.array(Day) }),
    },
    problems: [FLIGHT_PROBLEMS['unknown-airport']],
    example: { query: { origin: 'BOG', destination: 'ADZ', month: '2027-01' } },
  },
  async ({ query }) => {
    const { unknown, days } = await cheapestDays(query)
    if (unknown.length > 0) return problem(FLIGHT_PROBLEMS['unknown-airport'], { errors: unknown })
    return { status: 200, body: { days } }
  },
)
