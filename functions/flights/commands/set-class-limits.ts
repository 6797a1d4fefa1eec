import * as z from 'zod/mini'
import { command } from '../../../shared/http/command.ts'
import { problem } from '../../../shared/http/problem.ts'
import { uuidOf } from '../../../shared/ids.ts'
import type { Transaction } from '../../../shared/postgres/client.ts'
import { BookingClass, Cabin, Id } from '../../../shared/schemas.ts'
import { setClassLimits } from '../../catalog.ts'
import { FLIGHT_PROBLEMS } from '../problems.ts'

const Limit = z.strictObject({
  bookingClass: BookingClass,
  /** Seats that this class and all cheaper ones may have sold together; 0 closes it. */
  limit: z.int().check(z.minimum(0), z.maximum(1000)),
})

const Body = z.strictObject({
  cabin: Cabin,
  /** Every class of the cabin, dearest first. */
  limits: z.array(Limit).check(z.minLength(1), z.maxLength(26)),
})
type Body = z.output<typeof Body>

type Ladder = { classes: string[]; authorised: number }

type Outcome =
  | { type: 'set' }
  | { type: 'unknown-flight' }
  | { type: 'unknown-cabin' }
  | { type: 'unknown-booking-class'; at: number; ladder: Ladder }
  | { type: 'limits-not-nested'; ladder: Ladder }

/** Sets what each class of a cabin may sell. A limit below what is sold takes nothing back: it ends the sale. */
export async function limitClasses(sql: Transaction, flight: string, body: Body): Promise<Outcome> {
  const classes = body.limits.map(({ bookingClass }) => bookingClass)
  const limits = body.limits.map(({ limit }) => limit)
  const nested = limits.every((limit, at) => limit <= (limits[at - 1] ?? Number.POSITIVE_INFINITY))
  const [found] = await sql<{ set: boolean; classes: string[] | null; authorised: number | null }[]>`
    with changed as (
      update flights.cabin_inventory set limits = ${limits}::integer[]
      where flight_id = ${uuidOf(flight)} and cabin = ${body.cabin}
        and ${nested} and classes = ${classes}::text[] and authorised >= ${limits[0] ?? 0}
      returning flight_id
    )
    select exists (select from changed) as set, i.classes, i.authorised
    from flights.flights f left join flights.cabin_inventory i on i.flight_id = f.id and i.cabin = ${body.cabin}
    where f.id = ${uuidOf(flight)}`
  if (!found) return { type: 'unknown-flight' }
  if (found.set) return { type: 'set' }
  if (found.classes === null || found.authorised === null) return { type: 'unknown-cabin' }
  const ladder = { classes: found.classes, authorised: found.authorised }
  const at = classes.findIndex((bookingClass) => !ladder.classes.includes(bookingClass))
  return at < 0 ? { type: 'limits-not-nested', ladder } : { type: 'unknown-booking-class', at, ladder }
}

export const route = command(
  setClassLimits,
  {
    description:
      'Sets the nested limits of a cabin of a flight: what each booking class and all cheaper ones may have sold together. Seats that are sold stay sold.',
    params: z.strictObject({ flight: Id('flight') }),
    body: Body,
    success: {
      status: 200,
      description: 'The limits are set',
      schema: z.object({ flightId: Id('flight'), cabin: Cabin, limits: z.array(Limit) }),
    },
    problems: [
      FLIGHT_PROBLEMS['unknown-flight'],
      FLIGHT_PROBLEMS['unknown-cabin'],
      FLIGHT_PROBLEMS['unknown-booking-class'],
      FLIGHT_PROBLEMS['limits-not-nested'],
    ],
    example: {
      params: { flight: 'flt_019abcde000070008000000000000001' },
      body: {
        cabin: 'Y',
        limits: [
          { bookingClass: 'Y', limit: 180 },
          { bookingClass: 'B', limit: 150 },
          { bookingClass: 'M', limit: 110 },
          { bookingClass: 'Q', limit: 60 },
          { bookingClass: 'L', limit: 0 },
        ],
      },
    },
  },
  async (sql, { params, body }) => {
    const outcome = await limitClasses(sql, params.flight, body)
    switch (outcome.type) {
      case 'set':
        return { status: 200, body: { flightId: params.flight, cabin: body.cabin, limits: body.limits } }
      case 'unknown-flight':
        return problem(FLIGHT_PROBLEMS['unknown-flight'])
      case 'unknown-cabin':
        return problem(FLIGHT_PROBLEMS['unknown-cabin'], {
          errors: [{ pointer: '/cabin', detail: 'is not on this flight' }],
        })
      case 'unknown-booking-class':
        return problem(FLIGHT_PROBLEMS['unknown-booking-class'], {
          errors: [{ pointer: `/limits/${outcome.at}/bookingClass`, detail: 'is not a class of the cabin' }],
          ...outcome.ladder,
        })
      case 'limits-not-nested':
        return problem(FLIGHT_PROBLEMS['limits-not-nested'], outcome.ladder)
    }
  },
)
