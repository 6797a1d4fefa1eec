/** Who does what a scenario asks. */
export type Contender = 'pgbench' | 'alone' | 'gathered' | 'http' | 'fastify' | 'express'

/** A load: what is done, in which form, and over how many flights of each direction. */
export type Scenario = {
  name: string
  title: string
  /** A name in OPERATIONS. */
  operation: 'book' | 'confirm' | 'cancel'
  trip: 'one-way' | 'return'
  passengers: number
  flights: number
  /** pgbench first: it is what 1.00 means. */
  contenders: readonly Contender[]
}

/** Flights of each direction on the one market that all bookings are for. */
export const FLIGHTS = 1000

const IN_PROCESS = ['pgbench', 'alone', 'gathered'] as const
const ALL = [...IN_PROCESS, 'http', 'fastify', 'express'] as const

const booking = (trip: Scenario['trip'], passengers: number, flights: number): Scenario => ({
  name: `${trip}-${flights === 1 ? 'hot' : 'many'}`,
  title: `${trip}, ${passengers} pax, ${flights === 1 ? 'one flight' : `${flights} flights`}`,
  operation: 'book',
  trip,
  passengers,
  flights,
  contenders: trip === 'one-way' ? ALL : IN_PROCESS,
})

/** A later step of one passenger's booking, one way: each in a call of its own, whatever the host. */
const step = (operation: 'confirm' | 'cancel', title: string): Scenario => ({
  name: operation,
  title,
  operation,
  trip: 'one-way',
  passengers: 1,
  flights: FLIGHTS,
  contenders: ['pgbench', 'alone'],
})

export const SCENARIOS: readonly Scenario[] = [
  booking('one-way', 1, FLIGHTS),
  booking('one-way', 1, 1),
  booking('return', 2, FLIGHTS),
  booking('return', 2, 1),
  step('confirm', 'confirm: paid in cash'),
  step('cancel', 'cancel: by a refund quote'),
]

/** Over HTTP a quick run measures the first scenario alone: three servers take their time to start and to warm up. */
export const quickly = (scenarios: readonly Scenario[]): Scenario[] =>
  scenarios.map((scenario) =>
    scenario === SCENARIOS[0]
      ? scenario
      : {
          ...scenario,
          contenders: scenario.contenders.filter((one) => (IN_PROCESS as readonly Contender[]).includes(one)),
        },
  )

/** Coupons of a booking: passenger × flight. */
export const couponsOf = ({ trip, passengers }: Scenario): number => passengers * (trip === 'return' ? 2 : 1)
