import * as z from 'zod/mini'
import { command } from '../../../shared/http/command.ts'
import { type Fault, problem } from '../../../shared/http/problem.ts'
import { newUuid, publicId } from '../../../shared/ids.ts'
import type { Transaction } from '../../../shared/postgres/client.ts'
import { AirportCode, BasisPoints, Cabin, DateText, Id, Line } from '../../../shared/schemas.ts'
import { startPromotion } from '../../catalog.ts'
import { FLIGHT_PROBLEMS } from '../problems.ts'

/** From where to where: BOG-ADZ. The way back is another one. */
const Route = z
  .string()
  .check(z.regex(/^([A-Z]{3})-(?!\1)[A-Z]{3}$/, 'must be a route between two airports, such as BOG-ADZ'))

const Body = z
  .strictObject({
    name: z.strictObject({ es: Line(120), en: Line(120) }),
    rateBasisPoints: z._default(BasisPoints, 1000),
    /** Without one the promotion applies by itself. */
    code: z.optional(
      z.string().check(z.regex(/^[A-Z0-9]{3,20}$/, 'must be 3 to 20 capital letters or digits')),
    ),
    // A flight has to fit every list that is given; a list that is left out admits all.
    routes: z.optional(z.array(Route).check(z.minLength(1), z.maxLength(200))),
    destinations: z.optional(z.array(AirportCode).check(z.minLength(1), z.maxLength(100))),
    cabins: z.optional(z.array(Cabin).check(z.minLength(1), z.maxLength(2))),
    /** In the airline's time zone. */
    saleFrom: DateText,
    saleTo: DateText,
    /** Departures, local to the origin. */
    travelFrom: DateText,
    travelTo: DateText,
  })
  .check(
    z.refine((promotion) => promotion.saleFrom <= promotion.saleTo, {
      error: 'must not be before saleFrom',
      path: ['saleTo'],
    }),
    z.refine((promotion) => promotion.travelFrom <= promotion.travelTo, {
      error: 'must not be before travelFrom',
      path: ['travelTo'],
    }),
    z.refine((promotion) => promotion.saleFrom <= promotion.travelTo, {
      error: 'must not be before saleFrom: nothing could be sold',
      path: ['travelTo'],
    }),
  )
type Body = z.output<typeof Body>

type Outcome =
  | { type: 'started'; promotionId: string }
  | { type: 'unknown-airport'; codes: string[] }
  | { type: 'date-in-past' }
  | { type: 'promotion-code-taken' }

/** Starts a promotion. Its terms are never edited: to change them, stop it and start another. */
export async function beginPromotion(sql: Transaction, staff: string, body: Body): Promise<Outcome> {
  const { routes = null, destinations = null, cabins = null, code = null } = body
  const airports = [...(routes ?? []).flatMap((route) => route.split('-')), ...(destinations ?? [])]
  const id = newUuid()
  // The exclusion constraint guards the code: no row, though all else fits, means that a running one has it.
  const [found] = await sql<{ started: boolean; past: boolean; unknown: string[] }[]>`
    with judged as (
      select (now() at time zone time_zone)::date > ${body.saleTo} as past,
        array(select code from unnest(${airports}::text[]) as named (code)
              where not exists (select from flights.airports a where a.code = named.code)) as unknown
      from platform.airline
    ), promotion as (
      insert into flights.promotions (id, name_es, name_en, rate_basis_points, code, routes, destinations, cabins,
        sale_from, sale_to, travel_from, travel_to, started_by)
      select ${id}, ${body.name.es}, ${body.name.en}, ${body.rateBasisPoints}, ${code}, ${routes}::text[],
        ${destinations}::text[], ${cabins}::text[], ${body.saleFrom}, ${body.saleTo}, ${body.travelFrom},
        ${body.travelTo}, ${staff}
      from judged where not past and unknown = '{}'
      on conflict do nothing
      returning id
    )
    select exists (select from promotion) as started, past, unknown from judged`
  if (!found) throw new Error('platform.airline is empty: the database was not seeded')
  if (found.started) return { type: 'started', promotionId: publicId('promotion', id) }
  if (found.unknown.length > 0) return { type: 'unknown-airport', codes: found.unknown }
  return { type: found.past ? 'date-in-past' : 'promotion-code-taken' }
}

function faultsOf({ routes = [], destinations = [] }: Body, unknown: readonly string[]): Fault[] {
  const faults = (field: string, values: readonly string[]) =>
    values.flatMap((value, at) => {
      const codes = value.split('-').filter((code) => unknown.includes(code))
      return codes.map((code) => ({ pointer: `/${field}/${at}`, detail: `${code} is not known` }))
    })
  return [...faults('routes', routes), ...faults('destinations', destinations)]
}

export const route = command(
  startPromotion,
  {
    description:
      'Starts a discount on fares. A flight has to fit every list that is given: routes, destinations and cabins. Two promotions on sale on the same day never share a code.',
    body: Body,
    success: {
      status: 201,
      description: 'The promotion is started',
      schema: z.object({ promotionId: Id('promotion') }),
    },
    problems: [
      FLIGHT_PROBLEMS['unknown-airport'],
      FLIGHT_PROBLEMS['date-in-past'],
      FLIGHT_PROBLEMS['promotion-code-taken'],
    ],
    example: {
      body: {
        name: { es: 'San Andrés con 10 % de descuento', en: '10% off San Andrés' },
        code: 'MAR10',
        routes: ['BOG-ADZ', 'ADZ-BOG'],
        cabins: ['Y'],
        saleFrom: '2027-07-01',
        saleTo: '2027-07-31',
        travelFrom: '2027-07-15',
        travelTo: '2027-09-30',
      },
    },
  },
  async (sql, { caller, body }) => {
    const outcome = await beginPromotion(sql, caller.id, body)
    switch (outcome.type) {
      case 'started':
        return { status: 201, body: { promotionId: outcome.promotionId } }
      case 'unknown-airport':
        return problem(FLIGHT_PROBLEMS['unknown-airport'], { errors: faultsOf(body, outcome.codes) })
      case 'date-in-past':
        return problem(FLIGHT_PROBLEMS['date-in-past'], {
          errors: [{ pointer: '/saleTo', detail: 'must be today or later' }],
        })
      case 'promotion-code-taken':
        return problem(FLIGHT_PROBLEMS['promotion-code-taken'], {
          errors: [{ pointer: '/code', detail: 'is taken' }],
        })
    }
  },
)
