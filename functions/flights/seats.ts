import type { Money } from '../../shared/money.ts'
import type { Sql, Transaction } from '../../shared/postgres/client.ts'
import type { Policies } from './policies.ts'

/** A seat of an aircraft, as it is numbered aboard: 12A. */
export type SeatPlace = {
  seat: string
  cabin: 'Y' | 'C'
  row: number
  column: string
  position: 'window' | 'middle' | 'aisle'
  exitRow: boolean
}

/** The seats of each flight's aircraft by the flight's UUID, front to back and from the left. */
export async function loadSeatMaps(
  sql: Sql | Transaction,
  flightIds: readonly string[],
): Promise<Map<string, SeatPlace[]>> {
  const maps = await sql<{ id: string; seats: SeatPlace[] }[]>`
    select f.id, jsonb_agg(jsonb_build_object('seat', s.seat, 'cabin', s.cabin, 'row', s."row", 'column', s."column",
      'position', s.position, 'exitRow', s.exit_row) order by s."row", s."column") as seats
    from flights.flights f join flights.seats s on s.aircraft_type = f.aircraft_type
    where f.id = any (${flightIds as string[]}::uuid[])
    group by f.id`
  return new Map(maps.map(({ id, seats }) => [id, seats]))
}

/** What it costs to choose a seat. */
export function feeOfSeat({ cabin, position, exitRow }: SeatPlace, fees: Policies['seat-fee']): Money {
  const amount = cabin === 'C' ? fees.business : exitRow ? fees.exitRow : fees[position]
  return { amount, currency: fees.currency }
}
