import * as z from 'zod/mini'
import { command } from '../../../shared/http/command.ts'
import { problem } from '../../../shared/http/problem.ts'
import { newUuid, publicId } from '../../../shared/ids.ts'
import type { Transaction } from '../../../shared/postgres/client.ts'
import { CurrencyCode, DateText, Id, Line } from '../../../shared/schemas.ts'
import { enterExchangeRate } from '../../catalog.ts'
import { FLIGHT_PROBLEMS } from '../problems.ts'

/** Seven digits before the point keep every conversion within exact integers. */
const RATE = /^(0|[1-9]\d{0,6})(?:\.(\d{1,6}))?$/

const Body = z
  .strictObject({
    from: CurrencyCode,
    /** The airline's currency. */
    to: CurrencyCode,
    day: DateText,
    /** Units of `to` for one unit of `from`. */
    rate: z.string().check(
      z.regex(
        RATE,
        'must be a decimal such as "4050.25", with at most 7 digits before the point and 6 after',
      ),
      z.refine((rate) => !/^[0.]+$/.test(rate), 'must be more than 0'),
    ),
    source: Line(300),
  })
  .check(
    z.refine((rate) => rate.from !== rate.to, { error: 'must not be the currency of to', path: ['from'] }),
  )
type Body = z.output<typeof Body>

type Outcome =
  | { type: 'entered'; rateId: string }
  | { type: 'rate-currency'; currency: string }
  | { type: 'date-in-future' }

/** Appends the rate of a day. A second one for a day is a correction, in force from then on. */
export async function enterRate(sql: Transaction, staff: string, body: Body): Promise<Outcome> {
  const id = newUuid()
  const [found] = await sql<{ entered: boolean; currency: string }[]>`
    with airline as (
      select currency, (now() at time zone time_zone)::date as today from platform.airline
    ), rate as (
      insert into flights.exchange_rates (id, from_currency, to_currency, day, rate_millionths, source, entered_by)
      select ${id}, ${body.from}, currency, ${body.day}, ${millionthsOf(body.rate)}, ${body.source}, ${staff}
      from airline where currency = ${body.to} and today >= ${body.day}
      returning id
    )
    select exists (select from rate) as entered, currency from airline`
  if (!found) throw new Error('platform.airline is empty: the database was not seeded')
  if (found.entered) return { type: 'entered', rateId: publicId('rate', id) }
  return found.currency === body.to
    ? { type: 'date-in-future' }
    : { type: 'rate-currency', currency: found.currency }
}

/** Exact: the digits are moved, nothing is multiplied. */
function millionthsOf(rate: string): number {
  const [, units = '', fraction = ''] = RATE.exec(rate) ?? []
  return Number(units + fraction.padEnd(6, '0'))
}

export const route = command(
  enterExchangeRate,
  {
    description:
      'Enters the rate at which taxes and fees in another currency are converted from that day on, until a later day has a rate. A price keeps the rate that converted it.',
    body: Body,
    success: { status: 201, description: 'The rate is entered', schema: z.object({ rateId: Id('rate') }) },
    problems: [FLIGHT_PROBLEMS['rate-currency'], FLIGHT_PROBLEMS['date-in-future']],
    example: {
      body: { from: 'USD', to: 'COP', day: '2026-11-20', rate: '4050.25', source: 'Sample value' },
    },
  },
  async (sql, { caller, body }) => {
    const outcome = await enterRate(sql, caller.id, body)
    switch (outcome.type) {
      case 'entered':
        return { status: 201, body: { rateId: outcome.rateId } }
      case 'rate-currency':
        return problem(FLIGHT_PROBLEMS['rate-currency'], {
          errors: [{ pointer: '/to', detail: `must be ${outcome.currency}` }],
        })
      case 'date-in-future':
        return problem(FLIGHT_PROBLEMS['date-in-future'], {
          errors: [{ pointer: '/day', detail: 'must be today or earlier' }],
        })
    }
  },
)
