import { readFileSync, writeFileSync } from 'node:fs'

/** One airline's part of every market. Assumed: the bulletin does not publish carriers by route. */
const MARKET_SHARE = 0.2
const WEEKS_IN_YEAR = 52
const MIN_WEEKLY_FLIGHTS = 2

/**
 * The bulletin's international flights include freighters, which have no seats (BOG-MIA would average 66).
 * An international market is therefore reckoned to have at most seats / 144 passenger flights: an A319 each.
 */
const MIN_INTERNATIONAL_SEATS = 144

/** From here on an international flight has a business cabin. Domestic flights have none. */
const BUSINESS_FROM_KM = 3000

const TURBOPROPS = new Set(['AT5', 'AT7'])
const GROUND_MINUTES = 35
const TURBOPROP_KMH = 500
const JET_KMH = 800

/** Sample fares in pesos: a fixed part and a part per kilometre. */
const FARE_FIXED_COP = 100_000
const FARE_PER_KM_COP = { domestic: 260, international: 340 }

/** The pairs the airline flies, both directions each, by the first airport of the pair. */
const PAIRS: Record<string, string> = {
  BOG: `MDE CTG CLO SMR BAQ BGA PEI ADZ CUC MTR VUP PSO AXM NVA RCH LET EYP IBE FLA EJA PPN AUC EOH MZL PUU UIB PCR
        MAD BCN PTY MEX MIA SCL CUN JFK UIO GRU EZE GYE PUJ LIM SJO FLL MCO`,
  MDE: 'CTG CLO SMR ADZ BAQ MTR CUC PEI BGA PTY MIA MEX MAD CUN',
  CLO: 'CTG ADZ SMR PSO BAQ TCO GPI PTY MIA',
  CTG: 'ADZ PEI PTY MIA',
  EOH: 'UIB APO PEI MTR BSC',
  BGA: 'CUC',
  ADZ: 'PVA',
}

type Row = Record<string, string>
type Airport = { code: string; country: string; latitude: number; longitude: number }
type AircraftType = { code: string; seats: number; business: boolean }
type Market = { flights: number; seats: number; passengers: number }

const COLUMNS = [
  'origin,destination,weekly_flights,aircraft_type,block_minutes,distance_km,base_fare',
  'flights_2022,seats_2022,passengers_2022',
].join(',')

/** A comma with an even number of quotes after it stands between two cells. */
const BETWEEN_CELLS = /,(?=(?:[^"]*"[^"]*")*[^"]*$)/

/** Reads a CSV of one line a record, cells quoted or not; each row by its header's names. */
export const parseCsv = (text: string): Row[] => {
  const [header = '', ...lines] = text.trimEnd().split(/\r?\n/)
  const names = header.split(',')
  return lines.map((line, index) => {
    const cells = line.split(BETWEEN_CELLS).map((text) => text.replace(/^"(.*)"$/, '$1'))
    if (cells.length !== names.length)
      throw new Error(`line ${index + 2}: ${cells.length} cells, the header has ${names.length}`)
    return Object.fromEntries(names.map((name, column) => [name, cells[column] ?? '']))
  })
}

const cell = (row: Row, name: string): string => {
  const value = row[name]
  if (value === undefined) throw new Error(`no column ${name}`)
  return value
}

const readAirports = (text: string): Map<string, Airport> =>
  new Map(
    parseCsv(text).map((row) => [
      cell(row, 'code'),
      {
        code: cell(row, 'code'),
        country: cell(row, 'country_code'),
        latitude: Number(cell(row, 'latitude')),
        longitude: Number(cell(row, 'longitude')),
      },
    ]),
  )

const readAircraftTypes = (text: string): AircraftType[] =>
  parseCsv(text).map((row) => ({
    code: cell(row, 'code'),
    seats: Number(cell(row, 'seats_y')) + Number(cell(row, 'seats_c')),
    business: Number(cell(row, 'seats_c')) > 0,
  }))

const readMarkets = (text: string): Map<string, Market> =>
  new Map(
    parseCsv(text).map((row) => [
      `${cell(row, 'origin')}-${cell(row, 'destination')}`,
      {
        flights: Number(cell(row, 'flights_2022')),
        seats: Number(cell(row, 'seats_2022')),
        passengers: Number(cell(row, 'passengers_2022')),
      },
    ]),
  )

/** Great-circle distance in whole kilometres, on a sphere of radius 6,371 km. */
export const greatCircleKm = (
  a: { latitude: number; longitude: number },
  b: { latitude: number; longitude: number },
): number => {
  const rad = (degrees: number) => (degrees * Math.PI) / 180
  const h =
    Math.sin(rad(b.latitude - a.latitude) / 2) ** 2 +
    Math.cos(rad(a.latitude)) * Math.cos(rad(b.latitude)) * Math.sin(rad(b.longitude - a.longitude) / 2) ** 2
  return Math.round(2 * 6371 * Math.asin(Math.sqrt(h)))
}

/** Minutes from gate to gate, to the nearest five: a fixed time on the ground and the distance at cruise speed. */
export const blockMinutes = (km: number, aircraft: string): number => {
  const speed = TURBOPROPS.has(aircraft) ? TURBOPROP_KMH : JET_KMH
  return 5 * Math.round((GROUND_MINUTES + (km * 60) / speed) / 5)
}

/** A sample fare in COP minor units, rounded to COP 1,000. */
export const sampleFare = (km: number, scope: 'domestic' | 'international'): number =>
  Math.round((FARE_FIXED_COP + FARE_PER_KM_COP[scope] * km) / 1000) * 1000 * 100

const nearestAircraft = (types: AircraftType[], seatsPerFlight: number): AircraftType =>
  types.reduce((best, type) =>
    Math.abs(type.seats - seatsPerFlight) < Math.abs(best.seats - seatsPerFlight) ? type : best,
  )

const figures = (market: Market | undefined): string =>
  market ? `${market.flights},${market.seats},${market.passengers}` : ',,'

/** Both directions of a pair, as two lines of routes.csv with the same frequency, aircraft, times and fare. */
const derivePair = (
  a: Airport,
  b: Airport,
  types: AircraftType[],
  markets: Map<string, Market>,
): [string, string] => {
  const there = markets.get(`${a.code}-${b.code}`)
  const back = markets.get(`${b.code}-${a.code}`)
  const published = [there, back].filter((market) => market !== undefined)
  if (published.length === 0) throw new Error(`${a.code}-${b.code} is in neither direction of the source`)

  const scope = a.country === b.country ? 'domestic' : 'international'
  const km = greatCircleKm(a, b)
  const seats = published.reduce((sum, market) => sum + market.seats, 0)
  const counted = published.reduce((sum, market) => sum + market.flights, 0)
  const flights = scope === 'domestic' ? counted : Math.min(counted, seats / MIN_INTERNATIONAL_SEATS)
  const yearly = flights / published.length

  const weekly = Math.max(MIN_WEEKLY_FLIGHTS, Math.round((yearly / WEEKS_IN_YEAR) * MARKET_SHARE))
  const fit = types.filter((type) =>
    scope === 'domestic' ? !type.business : type.business || km < BUSINESS_FROM_KM,
  )
  const aircraft = nearestAircraft(fit, seats / flights).code
  const plan = [weekly, aircraft, blockMinutes(km, aircraft), km, sampleFare(km, scope)].join(',')
  return [`${a.code},${b.code},${plan},${figures(there)}`, `${b.code},${a.code},${plan},${figures(back)}`]
}

/**
 * The text of routes.csv from the texts of the other files and of the bulletin's table of routes.
 * Throws when a pair names an airport that airports.csv lacks or a market the source lacks.
 */
export const deriveRoutes = (source: string, airportsCsv: string, aircraftTypesCsv: string): string => {
  const airports = readAirports(airportsCsv)
  const types = readAircraftTypes(aircraftTypesCsv)
  const markets = readMarkets(source)
  const airport = (code: string): Airport => {
    const found = airports.get(code)
    if (!found) throw new Error(`${code} is not in airports.csv: add it there first`)
    return found
  }
  const lines = Object.entries(PAIRS).flatMap(([from, others]) =>
    others.split(/\s+/).flatMap((to) => derivePair(airport(from), airport(to), types, markets)),
  )
  return `${[COLUMNS, ...lines.sort()].join('\n')}\n`
}

if (process.argv[1] === import.meta.filename) {
  const path = process.argv[2]
  if (!path) {
    console.error('Usage: node infra/postgres/seed/derive-network.ts <aerocivil-routes-2022.csv>')
    process.exit(2)
  }
  const here = (name: string) => new URL(name, import.meta.url)
  const read = (name: string) => readFileSync(here(name), 'utf8')
  const routes = deriveRoutes(readFileSync(path, 'utf8'), read('airports.csv'), read('aircraft-types.csv'))
  writeFileSync(here('routes.csv'), routes)
  console.log(`routes.csv: ${routes.trimEnd().split('\n').length - 1} directed routes`)
}
