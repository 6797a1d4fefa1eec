import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseCsv } from './derive-network.ts'

// The tests beside this file hold the data to their schemas; here they are read as they are.
const read = (name: string): string => readFileSync(join(import.meta.dirname, name), 'utf8')

export type Airline = {
  name: string
  designator: string
  country: string
  timeZone: string
  currency: string
}
export const readAirline = (): Airline => JSON.parse(read('airline.json'))

/** A line of routes.csv: a directed market and the airline's plan for it. `baseFare` in minor units. */
export type Route = {
  origin: string
  destination: string
  weeklyFlights: number
  aircraftType: string
  blockMinutes: number
  baseFare: number
}
export const readRoutes = (): Route[] =>
  parseCsv(read('routes.csv')).map((row) => ({
    origin: row.origin ?? '',
    destination: row.destination ?? '',
    weeklyFlights: Number(row.weekly_flights),
    aircraftType: row.aircraft_type ?? '',
    blockMinutes: Number(row.block_minutes),
    baseFare: Number(row.base_fare),
  }))

/** Rows as they go into flights.airports. */
export const readAirports = (): Record<string, string>[] => parseCsv(read('airports.csv'))

export type AircraftType = { code: string; name: string; cabins: { cabin: 'Y' | 'C'; seats: number }[] }
export const readAircraftTypes = (): AircraftType[] =>
  parseCsv(read('aircraft-types.csv')).map((row) => ({
    code: row.code ?? '',
    name: row.name ?? '',
    cabins: [
      { cabin: 'Y' as const, seats: Number(row.seats_y) },
      { cabin: 'C' as const, seats: Number(row.seats_c) },
    ].filter(({ seats }) => seats > 0),
  }))

/** Rows as they go into flights.seats. */
export type Seat = {
  aircraft_type: string
  seat: string
  cabin: 'Y' | 'C'
  row: number
  column: string
  position: 'window' | 'middle' | 'aisle'
  exit_row: boolean
}
/** A cabin's rows; the letters of each block lie between two aisles, or an aisle and the wall. */
type SeatedCabin = {
  cabin: 'Y' | 'C'
  blocks: string[]
  firstRow: number
  lastRow: number
  exitRows: number[]
  without: string[]
}
/** Every seat of seat-maps.json. */
export function readSeats(): Seat[] {
  const maps: { aircraftType: string; cabins: SeatedCabin[] }[] = JSON.parse(read('seat-maps.json'))
  return maps.flatMap(({ aircraftType, cabins }) =>
    cabins.flatMap(({ cabin, blocks, firstRow, lastRow, exitRows, without }) => {
      const columns = blocks.join('')
      const rows = Array.from({ length: lastRow - firstRow + 1 }, (_, at) => firstRow + at)
      return rows
        .flatMap((row) => [...columns].map((column) => ({ row, column, seat: `${row}${column}` })))
        .filter(({ seat }) => !without.includes(seat))
        .map((place) => ({
          aircraft_type: aircraftType,
          ...place,
          cabin,
          position: positionOf(place.column, blocks),
          exit_row: exitRows.includes(place.row),
        }))
    }),
  )
}

/** Outermost of all is a window; at either end of a block an aisle; the others are in the middle. */
function positionOf(column: string, blocks: string[]): Seat['position'] {
  const columns = blocks.join('')
  if (column === columns[0] || column === columns.at(-1)) return 'window'
  return blocks.some((block) => column === block[0] || column === block.at(-1)) ? 'aisle' : 'middle'
}

/** A line of fare-classes.csv: a booking class and the fare that every route files in it. */
export type FareClass = {
  cabin: string
  code: string
  rank: number
  limitPercent: number
  suffix: string
  percentOfBase: number
  refundable: boolean
  changeable: boolean
  changeFee: number
  promotional: boolean
}
export const readFareClasses = (): FareClass[] =>
  parseCsv(read('fare-classes.csv')).map((row) => ({
    cabin: row.cabin ?? '',
    code: row.class ?? '',
    rank: Number(row.rank),
    limitPercent: Number(row.limit_percent),
    suffix: row.fare_basis_suffix ?? '',
    percentOfBase: Number(row.percent_of_base),
    refundable: row.refundable === 'true',
    changeable: row.changeable === 'true',
    changeFee: Number(row.change_fee),
    promotional: row.promotional === 'true',
  }))

/** Members are named as the columns of flights.tax_rules, in camel case; null ages are open ends. */
export type TaxRule = Record<string, unknown> & { minAge: number | null; maxAge: number | null }
export const readTaxRules = (): TaxRule[] => JSON.parse(read('tax-rules.json'))

export type Policy = { name: string; value: unknown; validFrom: string; source: string }
export const readPolicies = (): Policy[] => JSON.parse(read('policies.json'))

/** Windows in days from the day of seeding; an empty list of routes or destinations is every one. */
export type Promotion = {
  name_es: string
  name_en: string
  rateBasisPoints: number
  code: string | null
  destinations: string[]
  routes: [origin: string, destination: string][]
  cabins: string[]
  saleFromDays: number
  saleToDays: number
  travelFromDays: number
  travelToDays: number
}
export const readPromotions = (): Promotion[] => JSON.parse(read('promotions.json'))

/** `rate` is a decimal string: major units of `to` for one of `from`. */
export type ExchangeRate = { from: string; to: string; rate: string; source: string }
export const readExchangeRates = (): ExchangeRate[] => JSON.parse(read('exchange-rates.json'))

export type AgencyAccount = { code: string; name: string; holder: string }
export const readAgencyAccounts = (): AgencyAccount[] => JSON.parse(read('agency-accounts.json'))
