import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as z from 'zod/mini'
import { blockMinutes, deriveRoutes, greatCircleKm, parseCsv, sampleFare } from './derive-network.ts'

const text = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')
const count = z.coerce.number().check(z.int(), z.nonnegative())
const positive = z.coerce.number().check(z.int(), z.positive())
/** An empty cell: the source does not publish the figure. */
const published = z.union([z.literal(''), positive])
const iata = z.string().check(z.regex(/^[A-Z]{3}$/))
const words = z.string().check(z.minLength(3))

const Airport = z.strictObject({
  code: iata,
  name: words,
  city_code: iata,
  city: words,
  country_code: z.string().check(z.regex(/^[A-Z]{2}$/)),
  time_zone: words,
  latitude: z.string().check(z.regex(/^-?\d{1,2}\.\d{4}$/)),
  longitude: z.string().check(z.regex(/^-?\d{1,3}\.\d{4}$/)),
})
const AircraftType = z.strictObject({
  code: z.string().check(z.regex(/^[A-Z0-9]{3}$/)),
  name: words,
  seats_y: positive,
  seats_c: count,
})
const Route = z.strictObject({
  origin: iata,
  destination: iata,
  weekly_flights: positive,
  aircraft_type: words,
  block_minutes: positive,
  distance_km: positive,
  base_fare: positive,
  flights_2022: published,
  seats_2022: published,
  passengers_2022: published,
})

const airports = z.array(Airport).parse(parseCsv(text('airports.csv')))
const aircraft = z.array(AircraftType).parse(parseCsv(text('aircraft-types.csv')))
const routes = z.array(Route).parse(parseCsv(text('routes.csv')))

const airportOf = (code: string) => {
  const found = airports.find((airport) => airport.code === code)
  if (!found) throw new Error(`${code} is not in airports.csv`)
  return found
}
const aircraftOf = (code: string) => {
  const found = aircraft.find((type) => type.code === code)
  if (!found) throw new Error(`${code} is not in aircraft-types.csv`)
  return found
}
const point = (code: string) => ({
  latitude: Number(airportOf(code).latitude),
  longitude: Number(airportOf(code).longitude),
})
const scopeOf = (route: { origin: string; destination: string }) =>
  airportOf(route.origin).country_code === airportOf(route.destination).country_code
    ? 'domestic'
    : 'international'
const routeKeys = new Set(routes.map((route) => `${route.origin}-${route.destination}`))

describe('airports', () => {
  it('are listed once each and all served', () => {
    expect(new Set(airports.map((row) => row.code)).size).toBe(airports.length)
    const served = new Set(routes.flatMap((route) => [route.origin, route.destination]))
    expect(airports.map((row) => row.code).filter((code) => !served.has(code))).toEqual([])
  })

  it.each(airports)('$code keeps a time zone that exists and suits its longitude', (airport) => {
    const zone = new Intl.DateTimeFormat('en', { timeZone: airport.time_zone, timeZoneName: 'longOffset' })
    const name = zone
      .formatToParts(new Date('2027-01-15T12:00Z'))
      .find((part) => part.type === 'timeZoneName')
    const hours = Number(name?.value.match(/^GMT(?:([+-]\d{2}):\d{2})?$/)?.[1] ?? 0)
    expect(Math.abs(hours - Number(airport.longitude) / 15)).toBeLessThan(2)
  })

  it('give one city one name and one country', () => {
    for (const a of airports)
      for (const b of airports)
        if (a.city_code === b.city_code)
          expect([a.city, a.country_code, a.time_zone]).toEqual([b.city, b.country_code, b.time_zone])
    expect([airportOf('EOH').city_code, airportOf('MDE').city_code]).toEqual(['MDE', 'MDE'])
  })

  it('lie where known distances put them', () => {
    expect(greatCircleKm(point('BOG'), point('MDE'))).toBeCloseTo(215, -1)
    expect(greatCircleKm(point('BOG'), point('MAD'))).toBeCloseTo(8030, -2)
    expect(greatCircleKm(point('BOG'), point('SCL'))).toBeCloseTo(4250, -2)
  })
})

describe('routes', () => {
  it('are enough, domestic and international, each once', () => {
    expect(routeKeys.size).toBe(routes.length)
    expect(routes.filter((route) => scopeOf(route) === 'domestic').length).toBeGreaterThanOrEqual(70)
    expect(routes.filter((route) => scopeOf(route) === 'international').length).toBeGreaterThanOrEqual(24)
  })

  it.each(routes)('$origin-$destination is plausible and its pair complete', (route) => {
    const back = routes.find((row) => row.origin === route.destination && row.destination === route.origin)
    expect(back).toMatchObject({
      weekly_flights: route.weekly_flights,
      aircraft_type: route.aircraft_type,
      base_fare: route.base_fare,
    })
    expect(route.weekly_flights).toBeGreaterThanOrEqual(2)
    const km = greatCircleKm(point(route.origin), point(route.destination))
    expect(route.distance_km).toBe(km)
    expect(route.block_minutes).toBe(blockMinutes(km, route.aircraft_type))
    expect(route.base_fare).toBe(sampleFare(km, scopeOf(route)))
    expect(route.base_fare % 100_000).toBe(0)
    if (['AT5', 'AT7'].includes(route.aircraft_type)) expect(km).toBeLessThan(800)
    const type = aircraftOf(route.aircraft_type)
    if (scopeOf(route) === 'domestic') expect(type.seats_c).toBe(0)
    if (km >= 3000) expect(type.seats_c).toBeGreaterThan(0)
  })

  it('have figures that agree with one another, published for at least one direction', () => {
    for (const { origin, destination, ...row } of routes) {
      if (row.flights_2022 === '' || row.seats_2022 === '' || row.passengers_2022 === '') {
        expect([row.flights_2022, row.seats_2022, row.passengers_2022]).toEqual(['', '', ''])
        const back = routes.find((other) => other.origin === destination && other.destination === origin)
        expect(back?.flights_2022).not.toBe('')
        continue
      }
      expect(row.passengers_2022).toBeLessThanOrEqual(row.seats_2022)
      expect(row.seats_2022 / row.flights_2022).toBeLessThan(330)
    }
  })

  it('price by distance within the bands that a passenger would recognise', () => {
    const fare = (key: string) =>
      routes.find((row) => `${row.origin}-${row.destination}` === key)?.base_fare ?? 0
    const between = (key: string, low: number, high: number) => {
      expect(fare(key)).toBeGreaterThanOrEqual(low * 100)
      expect(fare(key)).toBeLessThanOrEqual(high * 100)
    }
    between('BOG-MDE', 140_000, 180_000)
    between('BOG-ADZ', 350_000, 450_000)
    between('BOG-MAD', 2_500_000, 3_200_000)
  })

  it('are derived with the freighters of international markets left out', () => {
    const pairs = [...routeKeys].map((key) => `${key.replace('-', ',')},520,93600,80000`)
    const source = ['origin,destination,flights_2022,seats_2022,passengers_2022', ...pairs]
    const derive = (lines: string[]) =>
      deriveRoutes(lines.join('\n'), text('airports.csv'), text('aircraft-types.csv'))
    expect(derive(source)).toContain('\nBOG,CTG,2,320,85,656,27100000,520,93600,80000\n')
    const miami = source.map((line) =>
      /^(BOG,MIA|MIA,BOG)/.test(line) ? line.replace('520,93600', '7488,539136') : line,
    )
    expect(derive(miami)).toContain('\nBOG,MIA,14,319,')
    expect(() => derive(source.filter((line) => !/BOG,MIA|MIA,BOG/.test(line)))).toThrow('BOG-MIA')
  })
})

describe('parseCsv', () => {
  it('keeps a quoted comma inside its cell and names the line that does not fit', () => {
    expect(parseCsv('a,b\n"x, y",1\n')).toEqual([{ a: 'x, y', b: '1' }])
    expect(() => parseCsv('a,b\n1\n')).toThrow('line 2')
  })
})

describe('aircraft types', () => {
  it('include a business cabin and seats from a turboprop to a wide-body', () => {
    const seats = aircraft.map((type) => type.seats_y + type.seats_c)
    expect(Math.min(...seats)).toBeGreaterThanOrEqual(19)
    expect(Math.max(...seats)).toBeLessThanOrEqual(330)
    expect(aircraft.some((type) => type.seats_c > 0)).toBe(true)
    const flown = new Set(routes.map((route) => route.aircraft_type))
    expect(aircraft.map((type) => type.code).filter((code) => !flown.has(code))).toEqual([])
  })
})
