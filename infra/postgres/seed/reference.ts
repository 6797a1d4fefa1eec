import { addDays, dateIn } from '../../../shared/dates.ts'
import { newUuid } from '../../../shared/ids.ts'
import { timesRatio } from '../../../shared/money.ts'
import type { Sql, Transaction } from '../../../shared/postgres/client.ts'
import * as files from './files.ts'

/** Who the seed says it is where the tables ask who wrote a row. */
export const SEEDED_BY = 'seed'

/** Fares and rates are in force from this many days before the seeding, so that no clock or zone finds none. */
const DAYS_IN_FORCE = 30

/** Fares are rounded to whole thousands of the currency: 1,000 pesos are 100,000 minor units. */
const FARE_STEP = 100_000

/**
 * Fills a migrated database with the airline and all that a sale follows: network, fleet, classes, fares, taxes,
 * promotions, rates, policies, agency accounts. Run it in a transaction.
 * @returns false when the airline is there already: then policies and seat maps that it lacks are added, and nothing
 * else. A run at the same time is waited for.
 */
export async function seedReference(sql: Sql | Transaction): Promise<boolean> {
  const airline = files.readAirline()
  const claimed = await sql`
    insert into platform.airline (designator, name, country, time_zone, currency)
    values (${airline.designator}, ${airline.name}, ${airline.country}, ${airline.timeZone}, ${airline.currency})
    on conflict do nothing
    returning designator`
  if (claimed.length === 0) {
    // What came with a later version: an airline that was seeded before has it too.
    await seedSeats(sql)
    await seedPolicies(sql)
    return false
  }
  const today = dateIn(new Date(), airline.timeZone)
  await seedNetwork(sql)
  await seedFares(sql, airline.currency, addDays(today, -DAYS_IN_FORCE))
  await seedPromotions(sql, today)
  await seedTaxRules(sql)
  await seedExchangeRates(sql, addDays(today, -DAYS_IN_FORCE))
  await seedPolicies(sql)
  await seedAgencyAccounts(sql)
  return true
}

async function seedNetwork(sql: Sql | Transaction): Promise<void> {
  await sql`
    insert into flights.airports (code, name, city_code, city, country_code, time_zone, latitude, longitude)
    select code, name, city_code, city, country_code, time_zone, latitude, longitude
    from jsonb_populate_recordset(null::flights.airports, ${rows(sql, files.readAirports())})`
  const types = files.readAircraftTypes()
  await sql`
    insert into flights.aircraft_types (code, name)
    select code, name from jsonb_populate_recordset(null::flights.aircraft_types, ${rows(sql, types)})`
  const cabins = types.flatMap(({ code, cabins }) =>
    cabins.map(({ cabin, seats }) => ({ aircraft_type: code, cabin, seats })),
  )
  await sql`
    insert into flights.aircraft_cabins (aircraft_type, cabin, seats)
    select aircraft_type, cabin, seats
    from jsonb_populate_recordset(null::flights.aircraft_cabins, ${rows(sql, cabins)})`
  const classes = files
    .readFareClasses()
    .map(({ cabin, code, rank, limitPercent }) => ({ cabin, code, rank, limit_percent: limitPercent }))
  await sql`
    insert into flights.booking_classes (cabin, code, rank, limit_percent)
    select cabin, code, rank, limit_percent
    from jsonb_populate_recordset(null::flights.booking_classes, ${rows(sql, classes)})`
  await seedSeats(sql)
}

/** The seats of the types that have none. */
async function seedSeats(sql: Sql | Transaction): Promise<void> {
  await sql`
    insert into flights.seats (aircraft_type, seat, cabin, "row", "column", position, exit_row)
    select s.aircraft_type, s.seat, s.cabin, s."row", s."column", s.position, s.exit_row
    from jsonb_populate_recordset(null::flights.seats, ${rows(sql, files.readSeats())}) s
    join flights.aircraft_types t on t.code = s.aircraft_type
    where not exists (select from flights.seats known where known.aircraft_type = s.aircraft_type)
    on conflict do nothing`
}

/** Every route, in every class of its aircraft's cabins. */
async function seedFares(sql: Sql | Transaction, currency: string, saleFrom: string): Promise<void> {
  const classes = files.readFareClasses()
  const cabinsOf = new Map(files.readAircraftTypes().map(({ code, cabins }) => [code, cabins]))
  const fares = files.readRoutes().flatMap(({ origin, destination, aircraftType, baseFare }) =>
    classes
      .filter(({ cabin }) => cabinsOf.get(aircraftType)?.some((has) => has.cabin === cabin))
      .map((fareClass) => ({
        id: newUuid(),
        origin,
        destination,
        cabin: fareClass.cabin,
        booking_class: fareClass.code,
        fare_basis: `${fareClass.code}${fareClass.suffix}`,
        amount: timesRatio(baseFare, fareClass.percentOfBase, 100 * FARE_STEP) * FARE_STEP,
        currency,
        promotional: fareClass.promotional,
        refundable: fareClass.refundable,
        changeable: fareClass.changeable,
        change_fee: fareClass.changeFee,
        sale_from: saleFrom,
      })),
  )
  await sql`
    insert into flights.fares (id, origin, destination, cabin, booking_class, fare_basis, amount, currency,
      promotional, refundable, changeable, change_fee, sale_from, registered_by)
    select id, origin, destination, cabin, booking_class, fare_basis, amount, currency,
      promotional, refundable, changeable, change_fee, sale_from, ${SEEDED_BY}
    from jsonb_populate_recordset(null::flights.fares, ${rows(sql, fares)})`
}

async function seedPromotions(sql: Sql | Transaction, today: string): Promise<void> {
  const promotions = files.readPromotions().map((promotion) => ({
    id: newUuid(),
    name_es: promotion.name_es,
    name_en: promotion.name_en,
    rate_basis_points: promotion.rateBasisPoints,
    code: promotion.code,
    routes: orEverywhere(promotion.routes.map(([origin, destination]) => `${origin}-${destination}`)),
    destinations: orEverywhere(promotion.destinations),
    cabins: orEverywhere(promotion.cabins),
    sale_from: addDays(today, promotion.saleFromDays),
    sale_to: addDays(today, promotion.saleToDays),
    travel_from: addDays(today, promotion.travelFromDays),
    travel_to: addDays(today, promotion.travelToDays),
  }))
  await sql`
    insert into flights.promotions (id, name_es, name_en, rate_basis_points, code, routes, destinations, cabins,
      sale_from, sale_to, travel_from, travel_to, started_by)
    select id, name_es, name_en, rate_basis_points, code, routes, destinations, cabins,
      sale_from, sale_to, travel_from, travel_to, ${SEEDED_BY}
    from jsonb_populate_recordset(null::flights.promotions, ${rows(sql, promotions)})`
}

const orEverywhere = (list: string[]): string[] | null => (list.length === 0 ? null : list)

async function seedTaxRules(sql: Sql | Transaction): Promise<void> {
  const rules = files.readTaxRules().map((rule) => {
    const row = { ...rule, id: newUuid(), minAge: rule.minAge ?? 0, maxAge: rule.maxAge ?? 150 }
    return Object.fromEntries(Object.entries(row).map(([name, value]) => [snakeCase(name), value]))
  })
  await sql`
    insert into flights.tax_rules (id, code, name_es, name_en, authority, point, place_kind, place, excluded_airports,
      scope, basis, amount, currency, rate_basis_points, base, charged_per, min_age, max_age, exempt_residents,
      refundable, collected, valid_from, valid_to, valid_by, source, sample, registered_by)
    select id, code, name_es, name_en, authority, point, place_kind, place, excluded_airports,
      scope, basis, amount, currency, rate_basis_points, base, charged_per, min_age, max_age, exempt_residents,
      refundable, collected, valid_from, valid_to, valid_by, source, sample, ${SEEDED_BY}
    from jsonb_populate_recordset(null::flights.tax_rules, ${rows(sql, rules)})`
}

const snakeCase = (name: string): string =>
  name.replaceAll(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`)

async function seedExchangeRates(sql: Sql | Transaction, day: string): Promise<void> {
  const rates = files.readExchangeRates().map(({ from, to, rate, source }) => ({
    id: newUuid(),
    from_currency: from,
    to_currency: to,
    day,
    rate_millionths: millionthsOf(rate),
    source,
  }))
  await sql`
    insert into flights.exchange_rates (id, from_currency, to_currency, day, rate_millionths, source, entered_by)
    select id, from_currency, to_currency, day, rate_millionths, source, ${SEEDED_BY}
    from jsonb_populate_recordset(null::flights.exchange_rates, ${rows(sql, rates)})`
}

/** A decimal string in millionths, digit by digit: `4050.25` is 4050250000. */
function millionthsOf(decimal: string): number {
  const [whole = '', fraction = ''] = decimal.split('.')
  if (fraction.length > 6) throw new RangeError(`the exchange rate ${decimal} has more than six decimals`)
  return Number(`${whole}${fraction.padEnd(6, '0')}`)
}

/** The policies that have no value at all. */
async function seedPolicies(sql: Sql | Transaction): Promise<void> {
  const policies = files.readPolicies().map(({ name, value, validFrom, source }) => ({
    id: newUuid(),
    name,
    value,
    valid_from: validFrom,
    source,
  }))
  await sql`
    insert into flights.policies (id, name, value, valid_from, source, set_by)
    select id, name, value, valid_from, source, ${SEEDED_BY}
    from jsonb_populate_recordset(null::flights.policies, ${rows(sql, policies)}) p
    where not exists (select from flights.policies known where known.name = p.name)`
}

async function seedAgencyAccounts(sql: Sql | Transaction): Promise<void> {
  await sql`
    insert into bookings.agency_accounts (code, name, holder)
    select code, name, holder
    from jsonb_populate_recordset(null::bookings.agency_accounts, ${rows(sql, files.readAgencyAccounts())})`
}

/** Rows as one JSON parameter, so that a table is filled by one statement whatever its size. */
const rows = (sql: Sql | Transaction, list: readonly object[]) => sql.json(list as never)
