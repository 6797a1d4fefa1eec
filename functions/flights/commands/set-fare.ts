import * as z from 'zod/mini'
import { command } from '../../../shared/http/command.ts'
import { problem } from '../../../shared/http/problem.ts'
import { newUuid, publicId } from '../../../shared/ids.ts'
import type { Transaction } from '../../../shared/postgres/client.ts'
import {
  AirportCode,
  BookingClass,
  Cabin,
  CurrencyCode,
  DateText,
  Id,
  MinorUnits,
} from '../../../shared/schemas.ts'
import { setFare } from '../../catalog.ts'
import { FLIGHT_PROBLEMS } from '../problems.ts'

const Body = z
  .strictObject({
    origin: AirportCode,
    destination: AirportCode,
    cabin: Cabin,
    bookingClass: BookingClass,
    fareBasis: z
      .string()
      .check(z.regex(/^[A-Z][A-Z0-9]{0,14}$/, 'must be a fare basis: a capital letter, up to 15 in all')),
    /** What an adult pays for one flight. */
    amount: MinorUnits.check(z.minimum(1)),
    currency: CurrencyCode,
    promotional: z.boolean(),
    refundable: z.boolean(),
    changeable: z.boolean(),
    changeFee: z._default(MinorUnits, 0),
    /** First day of sale, in the airline's time zone. */
    saleFrom: DateText,
  })
  .check(
    z.refine((fare) => fare.origin !== fare.destination, {
      error: 'must differ from the origin',
      path: ['destination'],
    }),
    z.refine((fare) => fare.changeable || fare.changeFee === 0, {
      error: 'must be 0 for a fare that cannot be changed',
      path: ['changeFee'],
    }),
  )
type Body = z.output<typeof Body>

type Outcome =
  | { type: 'set'; fareId: string }
  | { type: 'unknown-airport'; fields: string[] }
  | { type: 'unknown-booking-class'; classes: string[] }
  | { type: 'fare-currency'; currency: string }
  | { type: 'date-in-past' }

type Found = {
  currency: string
  originKnown: boolean
  destinationKnown: boolean
  classes: string[]
  past: boolean
}

/** Appends a fare. Fares are never edited: the one with the latest first day of sale is in force. */
export async function appendFare(sql: Transaction, staff: string, body: Body): Promise<Outcome> {
  const id = newUuid()
  const [found] = await sql<(Found & { appended: boolean })[]>`
    with airline as (
      select currency, (now() at time zone time_zone)::date as today from platform.airline
    ), fare as (
      insert into flights.fares (id, origin, destination, cabin, booking_class, fare_basis, amount, currency,
        promotional, refundable, changeable, change_fee, sale_from, registered_by)
      select ${id}, o.code, d.code, c.cabin, c.code, ${body.fareBasis}, ${body.amount}, a.currency,
        ${body.promotional}, ${body.refundable}, ${body.changeable}, ${body.changeFee}, ${body.saleFrom}, ${staff}
      from airline a, flights.airports o, flights.airports d, flights.booking_classes c
      where o.code = ${body.origin} and d.code = ${body.destination}
        and c.cabin = ${body.cabin} and c.code = ${body.bookingClass}
        and a.currency = ${body.currency} and a.today <= ${body.saleFrom}
      returning id
    )
    select exists (select from fare) as appended, currency, today > ${body.saleFrom} as past,
      exists (select from flights.airports where code = ${body.origin}) as "originKnown",
      exists (select from flights.airports where code = ${body.destination}) as "destinationKnown",
      array(select code from flights.booking_classes where cabin = ${body.cabin} order by rank) as classes
    from airline`
  if (!found) throw new Error('platform.airline is empty: the database was not seeded')
  return found.appended ? { type: 'set', fareId: publicId('fare', id) } : refusalIn(found, body)
}

function refusalIn(found: Found, body: Body): Outcome {
  const fields = [
    ...(found.originKnown ? [] : ['origin']),
    ...(found.destinationKnown ? [] : ['destination']),
  ]
  if (fields.length > 0) return { type: 'unknown-airport', fields }
  if (!found.classes.includes(body.bookingClass)) {
    return { type: 'unknown-booking-class', classes: found.classes }
  }
  if (found.currency !== body.currency) return { type: 'fare-currency', currency: found.currency }
  return { type: 'date-in-past' }
}

export const route = command(
  setFare,
  {
    description:
      'Appends the fare of a route, cabin and booking class, on sale from a day on until another one is. Fares are never edited: they explain every booking that they priced.',
    body: Body,
    success: { status: 201, description: 'The fare is set', schema: z.object({ fareId: Id('fare') }) },
    problems: [
      FLIGHT_PROBLEMS['unknown-airport'],
      FLIGHT_PROBLEMS['unknown-booking-class'],
      FLIGHT_PROBLEMS['fare-currency'],
      FLIGHT_PROBLEMS['date-in-past'],
    ],
    example: {
      body: {
        origin: 'BOG',
        destination: 'SMR',
        cabin: 'Y',
        bookingClass: 'M',
        fareBasis: 'MCLAS',
        amount: 38000000,
        currency: 'COP',
        promotional: false,
        refundable: false,
        changeable: true,
        changeFee: 9000000,
        saleFrom: '2027-07-01',
      },
    },
  },
  async (sql, { caller, body }) => {
    const outcome = await appendFare(sql, caller.id, body)
    switch (outcome.type) {
      case 'set':
        return { status: 201, body: { fareId: outcome.fareId } }
      case 'unknown-airport':
        return problem(FLIGHT_PROBLEMS['unknown-airport'], {
          errors: outcome.fields.map((field) => ({ pointer: `/${field}`, detail: 'is not known' })),
        })
      case 'unknown-booking-class':
        return problem(FLIGHT_PROBLEMS['unknown-booking-class'], {
          errors: [
            {
              pointer: '/bookingClass',
              detail: `must be a class of the cabin: ${outcome.classes.join(', ')}`,
            },
          ],
        })
      case 'fare-currency':
        return problem(FLIGHT_PROBLEMS['fare-currency'], {
          errors: [{ pointer: '/currency', detail: `must be ${outcome.currency}` }],
        })
      case 'date-in-past':
        return problem(FLIGHT_PROBLEMS['date-in-past'], {
          errors: [{ pointer: '/saleFrom', detail: 'must be today or later' }],
        })
    }
  },
)
