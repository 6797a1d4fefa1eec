import * as z from 'zod/mini'
import { instantIn } from '../../../shared/dates.ts'
import { endpoint } from '../../../shared/http/endpoint.ts'
import { problem } from '../../../shared/http/problem.ts'
import { publicId, uuidOf } from '../../../shared/ids.ts'
import { database } from '../../../shared/postgres/client.ts'
import {
  BookingClass,
  Cabin,
  CurrencyCode,
  DateText,
  Id,
  Instant,
  MinorUnits,
} from '../../../shared/schemas.ts'
import { getFlight } from '../../catalog.ts'
import { AirportSummary } from '../models.ts'
import { loadFaresOf, loadFlights, offersOf } from '../offer.ts'
import { FLIGHT_PROBLEMS } from '../problems.ts'

const FlightDetail = z.object({
  flightId: Id('flight'),
  flightNumber: z.string(),
  status: z.enum(['scheduled', 'cancelled', 'closed']),
  origin: AirportSummary,
  destination: AirportSummary,
  departureDate: DateText,
  departsAt: Instant,
  arrivesAt: Instant,
  durationMinutes: z.int(),
  aircraftType: z.string(),
  /** Booking classes with a fare, cheapest first. */
  offers: z.array(
    z.object({
      cabin: Cabin,
      bookingClass: BookingClass,
      fareBasis: z.string(),
      fare: MinorUnits,
      currency: CurrencyCode,
      refundable: z.boolean(),
      changeable: z.boolean(),
      changeFee: MinorUnits,
      promotional: z.boolean(),
      seatsLeft: z.int(),
      closed: z.boolean(),
    }),
  ),
  infantsLeft: z.int(),
  petsLeft: z.object({ PETC: z.int(), AVIH: z.int() }),
})

/** A flight with its places, times, fares and what is left; undefined when there is none. */
async function readFlight(id: string): Promise<z.output<typeof FlightDetail> | undefined> {
  const sql = database()
  const [[flight], fares] = await Promise.all([loadFlights(sql, [id]), loadFaresOf(sql, [id])])
  if (!flight) return undefined
  return {
    flightId: publicId('flight', flight.id),
    flightNumber: flight.flightNumber,
    status: flight.status,
    origin: flight.origin,
    destination: flight.destination,
    departureDate: flight.departureDate,
    departsAt: instantIn(flight.departsAt, flight.origin.timeZone),
    arrivesAt: instantIn(flight.arrivesAt, flight.destination.timeZone),
    durationMinutes: Math.round((flight.arrivesAt.getTime() - flight.departsAt.getTime()) / 60_000),
    aircraftType: flight.aircraftType,
    offers: flight.cabins.flatMap(({ cabin }) =>
      offersOf(flight, cabin, fares).map(({ fare, left, closed }) => ({
        cabin,
        bookingClass: fare.bookingClass,
        fareBasis: fare.fareBasis,
        fare: fare.amount,
        currency: fare.currency,
        refundable: fare.refundable,
        changeable: fare.changeable,
        changeFee: fare.changeFee,
        promotional: fare.promotional,
        seatsLeft: left,
        closed,
      })),
    ),
    infantsLeft: flight.infantsLeft,
    petsLeft: { PETC: flight.petcLeft, AVIH: flight.avihLeft },
  }
}

export const route = endpoint(
  getFlight,
  {
    params: z.strictObject({ flight: Id('flight') }),
    success: { status: 200, description: 'The flight', schema: FlightDetail },
    problems: [FLIGHT_PROBLEMS['unknown-flight']],
    example: { params: { flight: 'flt_01990000000070008000000000000001' } },
  },
  async ({ params }) => {
    const flight = await readFlight(uuidOf(params.flight))
    return flight ? { status: 200, body: flight } : problem(FLIGHT_PROBLEMS['unknown-flight'])
  },
)
