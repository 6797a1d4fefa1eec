import type { IsoDate } from '../../shared/dates.ts'
import { publicId } from '../../shared/ids.ts'
import type { Sql, Transaction } from '../../shared/postgres/client.ts'
import type { Promotion } from './fare.ts'
import { policiesOf } from './policies.ts'
import type { ExchangeRate, Tariff } from './pricing.ts'
import type { TaxRule } from './tax.ts'

/** The tariff of the day, and the airline that sells by it. */
export type DayTariff = Tariff & { timeZone: string; designator: string }

type Stored = {
  time_zone: string
  currency: string
  designator: string
  sale_date: IsoDate
  promotions: Promotion[]
  tax_rules: TaxRule[]
  rates: ExchangeRate[]
  policies: Record<string, unknown>
}

/**
 * Reads, in one statement, all that prices between these airports (or those of these flights) follow when sold today,
 * in the airline's time zone, or on an earlier day. The policies are always today's, as fares are.
 * @throws Error when the airline or a policy is not in the database
 */
export async function loadTariff(
  sql: Sql | Transaction,
  about: { airports: readonly string[] } | { flights: readonly string[] },
  soldOn: IsoDate | null = null,
): Promise<DayTariff> {
  const codes = 'airports' in about ? (about.airports as string[]) : []
  const flights = 'flights' in about ? (about.flights as string[]) : []
  const [stored] = await sql<Stored[]>`
    with airline as (
      select designator, time_zone, currency, d.now, least(${soldOn}::date, d.now) as today
      from platform.airline, lateral (select (now() at time zone time_zone)::date as now) d
    ), touched as (
      select unnest(${codes}::text[]) as code
      union select unnest(array[origin, destination]) from flights.flights where id = any (${flights}::uuid[])
    ), places as (
      select unnest(array[code, city_code, country_code]) as place from flights.airports
      where code in (select code from touched)
    )
    select a.designator, a.time_zone, a.currency, a.today as sale_date,
      (select coalesce(jsonb_agg(jsonb_build_object(
          'id', p.id, 'nameEs', p.name_es, 'nameEn', p.name_en, 'rateBasisPoints', p.rate_basis_points,
          'code', p.code, 'routes', p.routes, 'destinations', p.destinations, 'cabins', p.cabins,
          'saleFrom', p.sale_from, 'saleTo', p.sale_to, 'travelFrom', p.travel_from, 'travelTo', p.travel_to
        ) order by p.id), '[]')
        from flights.promotions p
        where p.stopped_at is null and a.today between p.sale_from and p.sale_to) as promotions,
      (select coalesce(jsonb_agg(jsonb_build_object(
          'id', t.id, 'code', t.code, 'nameEs', t.name_es, 'nameEn', t.name_en, 'authority', t.authority,
          'point', t.point, 'placeKind', t.place_kind, 'place', t.place, 'excludedAirports', t.excluded_airports,
          'scope', t.scope, 'basis', t.basis, 'amount', t.amount, 'currency', t.currency,
          'rateBasisPoints', t.rate_basis_points, 'base', t.base, 'chargedPer', t.charged_per,
          'minAge', t.min_age, 'maxAge', t.max_age, 'exemptResidents', t.exempt_residents,
          'refundable', t.refundable, 'collected', t.collected, 'validFrom', t.valid_from, 'validTo', t.valid_to,
          'validBy', t.valid_by, 'source', t.source, 'sample', t.sample
        ) order by t.id), '[]')
        from flights.tax_rules t
        where t.place in (select place from places)
          and (t.valid_to is null or t.valid_to >= a.today)
          and (t.valid_by = 'departure' or t.valid_from <= a.today)) as tax_rules,
      (select coalesce(jsonb_agg(jsonb_build_object(
          'from', r.from_currency, 'to', r.to_currency, 'rateMillionths', r.rate_millionths, 'day', r.day)), '[]')
        from (select distinct on (from_currency, to_currency) from_currency, to_currency, rate_millionths, day
              from flights.exchange_rates where day <= a.today
              order by from_currency, to_currency, day desc, id desc) r) as rates,
      (select coalesce(jsonb_object_agg(p.name, p.value), '{}')
        from (select distinct on (name) name, value from flights.policies where valid_from <= a.now
              order by name, valid_from desc, id desc) p) as policies
    from airline a`
  if (!stored) throw new Error('platform.airline is empty: the database was not seeded')
  return {
    designator: stored.designator,
    timeZone: stored.time_zone,
    saleDate: stored.sale_date,
    currency: stored.currency,
    promotions: stored.promotions.map((one) => ({ ...one, id: publicId('promotion', one.id) })),
    taxRules: stored.tax_rules.map((one) => ({ ...one, id: publicId('tax', one.id) })),
    rates: stored.rates,
    policies: policiesOf(stored.policies),
  }
}
