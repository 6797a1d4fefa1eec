/** A load of bookings: what each books, and over how many flights of each direction. */
export type Scenario = {
  name: string
  title: string
  trip: 'one-way' | 'return'
  passengers: number
  flights: number
}

/** Flights of each direction on the one market that all bookings are for. */
export const FLIGHTS = 1000

const load = (trip: Scenario['trip'], passengers: number, flights: number): Scenario => ({
  name: `${trip}-${flights === 1 ? 'hot' : 'many'}`,
  title: `${trip}, ${passengers} pax, ${flights === 1 ? 'one flight' : `${flights} flights`}`,
  trip,
  passengers,
  flights,
})

export const SCENARIOS: readonly Scenario[] = [
  load('one-way', 1, FLIGHTS),
  load('one-way', 1, 1),
  load('return', 2, FLIGHTS),
  load('return', 2, 1),
]

/** Coupons of a booking: passenger × flight. */
export const couponsOf = ({ trip, passengers }: Scenario): number => passengers * (trip === 'return' ? 2 : 1)
