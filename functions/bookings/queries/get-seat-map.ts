import * as z from 'zod/mini'
import { endpoint } from '../../../shared/http/endpoint.ts'
import { problem } from '../../../shared/http/problem.ts'
import { uuidOf } from '../../../shared/ids.ts'
import { database } from '../../../shared/postgres/client.ts'
import { Id } from '../../../shared/schemas.ts'
import { getSeatMap } from '../../catalog.ts'
import { FLIGHT_PROBLEMS, feeOfSeat, loadFlights, loadSeatMaps, policyInForce } from '../../flights/index.ts'
import { SeatMap } from '../change-body.ts'
import { loadTaken } from '../load-change.ts'

export const route = endpoint(
  getSeatMap,
  {
    description:
      'The seats of the aircraft that flies a flight, cabin by cabin from the front, with those that are free and what choosing each costs. A seat is chosen by a change of the booking.',
    params: z.strictObject({ flight: Id('flight') }),
    success: { status: 200, description: 'The seat map', schema: SeatMap },
    problems: [FLIGHT_PROBLEMS['unknown-flight']],
    example: { params: { flight: 'flt_01990000000070008000000000000001' } },
  },
  async ({ params }) => {
    const sql = database()
    const id = uuidOf(params.flight)
    const [[flight], maps, taken, fees] = await Promise.all([
      loadFlights(sql, [id]),
      loadSeatMaps(sql, [id]),
      loadTaken(sql, [id]),
      policyInForce(sql, 'seat-fee'),
    ])
    if (!flight) return problem(FLIGHT_PROBLEMS['unknown-flight'])
    const seats = maps.get(id) ?? []
    const occupied = taken.get(params.flight)
    const body: SeatMap = {
      flightId: params.flight,
      aircraftType: flight.aircraftType,
      currency: fees.currency,
      cabins: (['C', 'Y'] as const)
        .map((cabin) => ({
          cabin,
          seats: seats
            .filter((place) => place.cabin === cabin)
            .map((place) => {
              const { cabin: _, ...rest } = place
              return { ...rest, free: !occupied?.has(place.seat), fee: feeOfSeat(place, fees).amount }
            }),
        }))
        .filter((one) => one.seats.length > 0),
    }
    return { status: 200, body }
  },
)
