import * as z from 'zod/mini'
import { command } from '../../../shared/http/command.ts'
import { problem } from '../../../shared/http/problem.ts'
import { newUuid, publicId, uuidOf } from '../../../shared/ids.ts'
import type { Transaction } from '../../../shared/postgres/client.ts'
import { AirportCode, CurrencyCode, DateText, Id, Line, MinorUnits } from '../../../shared/schemas.ts'
import { registerDestinationTax } from '../../catalog.ts'
import { FLIGHT_PROBLEMS } from '../problems.ts'

const Age = z.int().check(z.minimum(0), z.maximum(150))

const Body = z
  .strictObject({
    code: z
      .string()
      .check(z.regex(/^[A-Z0-9]{2}$/, 'must be two capital letters or digits, as IATA codes taxes')),
    name: z.strictObject({ es: Line(120), en: Line(120) }),
    authority: Line(120),
    /** What the destination of the path stands for: the airport itself, its city or its whole country. */
    placeKind: z._default(z.enum(['airport', 'city', 'country']), 'airport'),
    point: z._default(z.enum(['origin', 'destination']), 'destination'),
    excludedAirports: z._default(z.array(AirportCode).check(z.maxLength(50)), []),
    scope: z._default(z.enum(['domestic', 'international', 'any']), 'any'),
    charge: z.discriminatedUnion('basis', [
      z.strictObject({ basis: z.literal('fixed'), amount: MinorUnits, currency: CurrencyCode }),
      z.strictObject({
        basis: z.literal('percentage'),
        rateBasisPoints: z.int().check(z.minimum(1), z.maximum(100_000)),
        base: z.enum(['net-fare', 'full-fare']),
      }),
    ]),
    chargedPer: z._default(z.enum(['passenger', 'pet']), 'passenger'),
    minAge: z._default(Age, 0),
    maxAge: z._default(Age, 150),
    exemptResidents: z._default(z.boolean(), false),
    refundable: z.boolean(),
    collected: z._default(z.enum(['ticket', 'counter']), 'ticket'),
    validFrom: DateText,
    validTo: z.optional(DateText),
    validBy: z._default(z.enum(['sale', 'departure']), 'departure'),
    source: Line(300),
    /** True for a value without a legal source. */
    sample: z._default(z.boolean(), false),
    /** An open-ended rule of the same tax, which then ends the day before `validFrom`. */
    supersedes: z.optional(Id('tax')),
  })
  .check(
    z.refine((tax) => tax.validTo === undefined || tax.validFrom <= tax.validTo, {
      error: 'must not be before validFrom',
      path: ['validTo'],
    }),
    z.refine((tax) => tax.minAge <= tax.maxAge, { error: 'must not be below minAge', path: ['maxAge'] }),
    z.refine((tax) => tax.collected === 'ticket' || tax.validBy === 'departure', {
      error: 'must be departure for what is collected at the counter',
      path: ['validBy'],
    }),
    z.refine((tax) => tax.chargedPer === 'passenger' || tax.charge.basis === 'fixed', {
      error: 'must be fixed for a tax charged per pet',
      path: ['charge', 'basis'],
    }),
  )
type Body = z.output<typeof Body>

type Outcome =
  | { type: 'registered'; taxId: string }
  | { type: 'unknown-airport' }
  | { type: 'nothing-to-supersede' }
  | { type: 'overlaps' }

/** Appends a rule. Rules are never edited, so a sold ticket can always be explained. */
export async function registerTax(
  sql: Transaction,
  staff: string,
  destination: string,
  body: Body,
): Promise<Outcome> {
  if (body.supersedes && !(await end(sql, body.supersedes, body))) return { type: 'nothing-to-supersede' }
  const { charge } = body
  const fixed = charge.basis === 'fixed' ? charge : null
  const percentage = charge.basis === 'percentage' ? charge : null
  const id = newUuid()
  // The exclusion constraint is the guard: no row means that another rule holds the same days and ages.
  const [airport] = await sql<{ registered: boolean }[]>`
    with airport as (
      select case ${body.placeKind} when 'airport' then code when 'city' then city_code else country_code end as place
      from flights.airports where code = ${destination}
    ), rule as (
      insert into flights.tax_rules (id, code, name_es, name_en, authority, point, place_kind, place,
        excluded_airports, scope, basis, amount, currency, rate_basis_points, base, charged_per, min_age, max_age,
        exempt_residents, refundable, collected, valid_from, valid_to, valid_by, source, sample, registered_by)
      select ${id}, ${body.code}, ${body.name.es}, ${body.name.en}, ${body.authority}, ${body.point},
        ${body.placeKind}, place, ${body.excludedAirports}::text[], ${body.scope}, ${charge.basis},
        ${fixed?.amount ?? null}, ${fixed?.currency ?? null}, ${percentage?.rateBasisPoints ?? null},
        ${percentage?.base ?? null}, ${body.chargedPer}, ${body.minAge}, ${body.maxAge}, ${body.exemptResidents},
        ${body.refundable}, ${body.collected}, ${body.validFrom}, ${body.validTo ?? null}, ${body.validBy},
        ${body.source}, ${body.sample}, ${staff}
      from airport
      on conflict do nothing
      returning id
    )
    select exists (select from rule) as registered from airport`
  if (!airport) return { type: 'unknown-airport' }
  return airport.registered ? { type: 'registered', taxId: publicId('tax', id) } : { type: 'overlaps' }
}

/** Ends an open-ended rule the day before the new one begins; false when there is none such. */
async function end(sql: Transaction, superseded: string, body: Body): Promise<boolean> {
  const ended = await sql`
    update flights.tax_rules set valid_to = ${body.validFrom}::date - 1
    where id = ${uuidOf(superseded)} and code = ${body.code} and valid_to is null
      and valid_from < ${body.validFrom}::date
      and ${body.validFrom}::date > (select (now() at time zone time_zone)::date from platform.airline)
    returning id`
  return ended.length === 1
}

export const route = command(
  registerDestinationTax,
  {
    description:
      'Appends an effective-dated rule. A rule is never edited: it explains every ticket that it priced. A rule that meets another of the same tax, place and kind of journey on a day and at an age is refused.',
    params: z.strictObject({ destination: AirportCode }),
    body: Body,
    success: { status: 201, description: 'The rule is registered', schema: z.object({ taxId: Id('tax') }) },
    problems: [
      FLIGHT_PROBLEMS['unknown-airport'],
      FLIGHT_PROBLEMS['nothing-to-supersede'],
      FLIGHT_PROBLEMS['tax-rule-overlaps'],
    ],
    example: {
      params: { destination: 'SMR' },
      body: {
        code: 'SM',
        name: { es: 'Contribución ambiental de Santa Marta', en: 'Santa Marta environmental charge' },
        authority: 'Distrito de Santa Marta',
        charge: { basis: 'fixed', amount: 1200000, currency: 'COP' },
        minAge: 2,
        refundable: true,
        validFrom: '2027-07-01',
        source: 'Sample value',
        sample: true,
      },
    },
  },
  async (sql, { caller, params, body }) => {
    const outcome = await registerTax(sql, caller.id, params.destination, body)
    switch (outcome.type) {
      case 'registered':
        return { status: 201, body: { taxId: outcome.taxId } }
      case 'unknown-airport':
        return problem(FLIGHT_PROBLEMS['unknown-airport'], {
          errors: [{ parameter: 'destination', detail: 'is not known' }],
        })
      case 'nothing-to-supersede':
        return problem(FLIGHT_PROBLEMS['nothing-to-supersede'])
      case 'overlaps':
        return problem(FLIGHT_PROBLEMS['tax-rule-overlaps'])
    }
  },
)
