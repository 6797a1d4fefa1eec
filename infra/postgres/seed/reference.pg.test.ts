import { beforeAll, expect, test } from 'vitest'
import { policiesOf } from '../../../functions/flights/policies.ts'
import { loadTariff } from '../../../functions/flights/tariff.ts'
import { addDays, dateIn } from '../../../shared/dates.ts'
import { database, transaction } from '../../../shared/postgres/client.ts'
import { useDatabase } from '../../../tests/support/database.ts'
import * as files from './files.ts'
import { seedReference } from './reference.ts'

useDatabase()
const today = () => dateIn(new Date(), 'America/Bogota')
let outcomes: boolean[]

beforeAll(async () => {
  outcomes = await Promise.all([transaction(seedReference), transaction(seedReference)])
})

test('of two runs at once one seeds, and a later one finds its work done', async () => {
  expect(outcomes.toSorted()).toEqual([false, true])
  expect(await transaction(seedReference)).toBe(false)
})

test('every file is in its table', async () => {
  const [counts] = await database()`
    select (select count(*) from flights.airports) as airports,
      (select count(*) from flights.aircraft_types) as "aircraftTypes",
      (select count(*) from flights.seats) as seats,
      (select count(*) from flights.booking_classes) as classes,
      (select count(*) from flights.tax_rules) as "taxRules",
      (select count(*) from flights.promotions) as promotions,
      (select count(*) from flights.exchange_rates) as rates,
      (select count(*) from flights.policies) as policies`
  expect(counts).toEqual({
    airports: files.readAirports().length,
    aircraftTypes: files.readAircraftTypes().length,
    seats: files.readSeats().length,
    classes: files.readFareClasses().length,
    taxRules: files.readTaxRules().length,
    promotions: files.readPromotions().length,
    rates: files.readExchangeRates().length,
    policies: files.readPolicies().length,
  })
})

test('an airline that was seeded before a policy or the seat maps were known gets them', async () => {
  const sql = database()
  const known = await sql`select count(*)::integer as seats from flights.seats`
  await sql`delete from flights.seats`
  await sql`delete from flights.policies where name = 'seat-fee'`
  await sql`update flights.policies set value = '13' where name = 'candy-max-age'`
  expect(await transaction(seedReference)).toBe(false)
  expect(await sql`select count(*)::integer as seats from flights.seats`).toEqual(known)
  expect(
    await sql`select name, value from flights.policies where name in ('seat-fee', 'candy-max-age') order by name`,
  ).toMatchObject([{ value: 13 }, { value: { currency: 'COP' } }])
  await sql`update flights.policies set value = '12' where name = 'candy-max-age'`
})

test('every aircraft has the seats of its cabins', async () => {
  const sql = database()
  const seats = await sql`
    select aircraft_type, cabin, count(*)::integer as seats from flights.seats group by 1, 2 order by 1, 2`
  expect(seats).toEqual(
    await sql`select aircraft_type, cabin, seats from flights.aircraft_cabins order by aircraft_type, cabin`,
  )
  expect(
    await sql`select position, count(*)::integer as seats from flights.seats where aircraft_type = '320' group by 1 order by 1`,
  ).toEqual([
    { position: 'aisle', seats: 60 },
    { position: 'middle', seats: 60 },
    { position: 'window', seats: 60 },
  ])
})

test('the airline and the accounts are the sample ones', async () => {
  const sql = database()
  expect(await sql`select designator, name, country, time_zone, currency from platform.airline`).toEqual([
    { designator: 'T9', name: 'Tairona', country: 'CO', time_zone: 'America/Bogota', currency: 'COP' },
  ])
  expect(await sql`select code, holder, active from bookings.agency_accounts order by code`).toEqual([
    { code: 'AGENCIA1', holder: 'partner:local-partner', active: true },
    { code: 'MOSTRADOR', holder: 'staff:local-agent', active: true },
  ])
})

test('every route has a fare in each class of its aircraft, in whole thousands of pesos', async () => {
  const sql = database()
  const missing = await sql`
    select r.origin, r.destination, c.code
    from jsonb_to_recordset(${sql.json(files.readRoutes())}) as r (origin text, destination text, "aircraftType" text)
    join flights.aircraft_cabins a on a.aircraft_type = r."aircraftType"
    join flights.booking_classes c using (cabin)
    where not exists (
      select from flights.fares f
      where f.origin = r.origin and f.destination = r.destination and f.cabin = c.cabin and f.booking_class = c.code
        and f.amount % 100000 = 0 and f.sale_from <= current_date)`
  expect(missing).toEqual([])
  // 156,000 pesos at 210 % are 327,600, and at 65 % 101,400.
  expect(
    await sql`
      select fare_basis, amount, currency, promotional, change_fee from flights.fares
      where origin = 'BOG' and destination = 'MDE' and booking_class in ('Y', 'L') order by amount`,
  ).toEqual([
    { fare_basis: 'LPROM', amount: 10_100_000, currency: 'COP', promotional: true, change_fee: 0 },
    { fare_basis: 'YFLEX', amount: 32_800_000, currency: 'COP', promotional: false, change_fee: 0 },
  ])
})

test('a sale finds the policies, the rate, the promotions and the taxes of today', async () => {
  const tariff = await loadTariff(database(), { airports: ['BOG', 'ADZ'] })
  expect(tariff.policies).toEqual(
    policiesOf(Object.fromEntries(files.readPolicies().map(({ name, value }) => [name, value]))),
  )
  expect(tariff.rates).toEqual([
    { from: 'USD', to: 'COP', rateMillionths: 4_050_000_000, day: addDays(today(), -30) },
  ])
  const byCode = tariff.promotions.toSorted((a, b) => (a.code ?? '').localeCompare(b.code ?? ''))
  expect(byCode).toMatchObject([
    { code: null, destinations: null, routes: expect.arrayContaining(['BOG-ADZ', 'ADZ-BOG']), cabins: ['Y'] },
    { code: 'CARIBE10', destinations: ['CTG', 'SMR', 'BAQ'], routes: null, rateBasisPoints: 1000 },
  ])
  expect(byCode[0]).toMatchObject({ saleFrom: addDays(today(), -20), travelTo: addDays(today(), 150) })
  expect(tariff.taxRules.find(({ code }) => code === 'SA')).toMatchObject({
    place: 'ADZ',
    amount: 15_300_000,
    minAge: 7,
    maxAge: 150,
    collected: 'counter',
  })
})
