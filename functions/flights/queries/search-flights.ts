import * as z from 'zod/mini'
import { addDays, daysBetween, type IsoDate } from '../../../shared/dates.ts'
import { Cursor, encodeCursor, nextLink } from '../../../shared/http/cursor.ts'
import { endpoint } from '../../../shared/http/endpoint.ts'
import { problem } from '../../../shared/http/problem.ts'
import { database } from '../../../shared/postgres/client.ts'
import { AirportCode, Count, DateText } from '../../../shared/schemas.ts'
import { searchFlights } from '../../catalog.ts'
import { FlightSummary, party } from '../models.ts'
import { loadFares, type OfferedFlight, offeredColumns, offeredFrom } from '../offer.ts'
import { summarise } from '../price-from.ts'
import { FLIGHT_PROBLEMS } from '../problems.ts'
import { type DayTariff, loadTariff } from '../tariff.ts'
import { findUnknownAirports } from '../unknown-airports.ts'

/** Longest range of a search, in days. */
const LONGEST = 31

/** Where a page ended: the departure and id of its last flight. */
const Position = z.tuple([z.iso.datetime(), z.uuid()])
type Position = z.output<typeof Position>

const Query = z
  .strictObject({
    origin: AirportCode,
    destination: AirportCode,
    /** Local date of departure at the origin, or the first of a range. */
    date: DateText,
    dateTo: z.optional(DateText),
    /** Local date of the way back at the destination, or the first of a range. */
    returnDate: z.optional(DateText),
    returnDateTo: z.optional(DateText),
    ...party,
    limit: z._default(Count(1, 50), 20),
    cursor: z.optional(Cursor(Position)),
    returnCursor: z.optional(Cursor(Position)),
  })
  .check(
    z.refine((q) => q.origin !== q.destination, { error: 'must not be the origin', path: ['destination'] }),
    z.refine((q) => inRange(q.date, q.dateTo), {
      error: `must be at most ${LONGEST} days from date, and not before it`,
      path: ['dateTo'],
    }),
    z.refine((q) => !q.returnDate || q.returnDate >= q.date, {
      error: 'must not be before date',
      path: ['returnDate'],
    }),
    z.refine(
      (q) => !q.returnDateTo || (q.returnDate !== undefined && inRange(q.returnDate, q.returnDateTo)),
      {
        error: `must be at most ${LONGEST} days from returnDate, and not before it`,
        path: ['returnDateTo'],
      },
    ),
    z.refine((q) => q.infants <= q.adults, { error: 'must not be more than the adults', path: ['infants'] }),
    z.refine((q) => q.adults + q.children <= 9, {
      error: 'must seat nine passengers at most',
      path: ['children'],
    }),
  )
type Query = z.output<typeof Query>

const Direction = z.object({ flights: z.array(FlightSummary), nextCursor: z.nullable(z.string()) })

/** One way, on the local dates from `from` to `to` at the origin. */
type Way = { origin: string; destination: string; from: IsoDate; to: IsoDate; after: Position | undefined }

/**
 * A page of a market's flights that have not left, with the fares of the market: one index range of
 * (origin, destination, departs_at, id), however many flights there are.
 */
async function findWay(
  way: Way,
  query: Query,
  tariff: Promise<DayTariff>,
): Promise<z.output<typeof Direction>> {
  const sql = database()
  const { origin, destination, from, to, after } = way
  const [flights, fares, day] = await Promise.all([
    sql<OfferedFlight[]>`
      with page as materialized (
        select f.id, f.departs_at from flights.flights f
        where f.origin = ${origin} and f.destination = ${destination} and f.status = 'scheduled'
          and f.departs_at >= greatest(now(), ${from}::timestamp at time zone (
            select time_zone from flights.airports where code = ${origin}))
          and f.departs_at < (${to}::date + 1)::timestamp at time zone (
            select time_zone from flights.airports where code = ${origin})
          ${after ? sql`and (f.departs_at, f.id) > (${after[0]}::timestamptz, ${after[1]}::uuid)` : sql``}
        order by f.departs_at, f.id
        limit ${query.limit + 1}
      )
      select ${offeredColumns(sql)}
      from page join flights.flights f on f.id = page.id ${offeredFrom(sql)}
      order by page.departs_at, page.id`,
    loadFares(sql, origin, destination),
    tariff,
  ])
  const shown = flights.slice(0, query.limit)
  const last = flights.length > shown.length ? shown.at(-1) : undefined
  return {
    flights: shown.map((flight) => summarise(flight, fares, query, day)),
    nextCursor: last ? encodeCursor([last.departsAt.toISOString(), last.id] satisfies Position) : null,
  }
}

function inRange(from: IsoDate, to: IsoDate | undefined): boolean {
  return to === undefined || (from <= to && daysBetween(from, to) <= LONGEST)
}

export const route = endpoint(
  searchFlights,
  {
    description:
      'Searches direct flights on a local date, or a range of dates, and the way back. Each flight has the price from for the party, the seats left and its promotion. Pages follow departure; the cursor of each direction leads on.',
    query: Query,
    success: {
      status: 200,
      description: 'The flights of each direction, by departure',
      schema: z.object({ outbound: Direction, inbound: z.nullable(Direction) }),
    },
    problems: [
      FLIGHT_PROBLEMS['unknown-airport'],
      FLIGHT_PROBLEMS['date-in-past'],
      FLIGHT_PROBLEMS['date-beyond-horizon'],
    ],
    example: { query: { origin: 'BOG', destination: 'ADZ', date: '2027-01-15', adults: '2' } },
  },
  async ({ query, url }) => {
    const { origin, destination, date, dateTo, returnDate, returnDateTo } = query
    const tariff = loadTariff(database(), { airports: [origin, destination] })
    const out: Way = { origin, destination, from: date, to: dateTo ?? date, after: query.cursor }
    const back: Way | null = returnDate
      ? {
          origin: destination,
          destination: origin,
          from: returnDate,
          to: returnDateTo ?? returnDate,
          after: query.returnCursor,
        }
      : null
    const [outbound, inbound, unknown, { saleDate, policies }] = await Promise.all([
      findWay(out, query, tariff),
      back ? findWay(back, query, tariff) : null,
      findUnknownAirports({ origin, destination }),
      tariff,
    ])
    if (unknown.length > 0) {
      return problem(FLIGHT_PROBLEMS['unknown-airport'], { errors: unknown })
    }
    // Yesterday in the airline's zone may still be today at an origin further west.
    if ((dateTo ?? date) < addDays(saleDate, -1)) {
      const errors = [{ parameter: dateTo ? 'dateTo' : 'date', detail: `is before ${saleDate}` }]
      return problem(FLIGHT_PROBLEMS['date-in-past'], { errors })
    }
    const horizon = addDays(saleDate, policies['booking-horizon-days'])
    const beyond = [
      { name: 'date', day: date },
      { name: 'returnDate', day: returnDate },
    ].filter(({ day }) => day !== undefined && day > horizon)
    if (beyond.length > 0) {
      const errors = beyond.map(({ name }) => ({ parameter: name, detail: `is after ${horizon}` }))
      return problem(FLIGHT_PROBLEMS['date-beyond-horizon'], { errors })
    }
    const links = [
      outbound.nextCursor && nextLink(url, 'cursor', outbound.nextCursor),
      inbound?.nextCursor && nextLink(url, 'returnCursor', inbound.nextCursor),
    ].filter((link): link is string => Boolean(link))
    const headers = links.length > 0 ? { link: links.join(', ') } : {}
    return { status: 200, headers, body: { outbound, inbound } }
  },
)
