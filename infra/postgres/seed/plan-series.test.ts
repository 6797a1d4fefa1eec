import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Route, readRoutes } from './files.ts'
import { planSeries } from './plan-series.ts'

const route = (origin: string, destination: string, weeklyFlights: number): Route => ({
  origin,
  destination,
  weeklyFlights,
  aircraftType: '320',
  blockMinutes: 60,
  baseFare: 10_000_000,
})

describe('planSeries', () => {
  it('makes of sixteen flights a week two each day and two on days apart', () => {
    expect(planSeries([route('BOG', 'ADZ', 16)], 'T9')).toEqual([
      { ...shared('BOG', 'ADZ'), flightNumber: 'T9101', departureTime: '05:30', days: [1, 2, 3, 4, 5, 6, 7] },
      { ...shared('BOG', 'ADZ'), flightNumber: 'T9103', departureTime: '10:40', days: [1, 2, 3, 4, 5, 6, 7] },
      { ...shared('BOG', 'ADZ'), flightNumber: 'T9105', departureTime: '15:50', days: [1, 4] },
    ])
  })

  it('flies every route as often as it says, within the hours of the day', () => {
    const frequency = fc.integer({ min: 1, max: 70 })
    fc.assert(
      fc.property(fc.array(frequency, { minLength: 1, maxLength: 8 }), (frequencies) => {
        const routes = frequencies.map((weekly, index) => route('BOG', `X${index}A`.slice(0, 3), weekly))
        const series = planSeries(routes, 'T9')
        for (const { destination, weeklyFlights } of routes) {
          const own = series.filter((one) => one.destination === destination)
          expect(own.reduce((sum, one) => sum + one.days.length, 0)).toBe(weeklyFlights)
          for (const { days } of own) expect(days).toEqual([...new Set(days)].sort())
          expect(new Set(own.map((one) => one.departureTime)).size).toBe(own.length)
        }
        for (const { departureTime } of series) {
          expect(departureTime >= '05:30' && departureTime <= '21:00').toBe(true)
          expect(Number(departureTime.slice(3)) % 5).toBe(0)
        }
      }),
    )
  })

  it('gives every daily departure of the network a number of its own, odd and even by direction', () => {
    const series = planSeries(readRoutes(), 'T9')
    expect(new Set(series.map((one) => one.flightNumber)).size).toBe(series.length)
    for (const { flightNumber } of series) expect(flightNumber).toMatch(/^T9[1-9]\d{2,3}$/)
    const parity = new Map(
      series.map((one) => [`${one.origin}-${one.destination}`, Number(one.flightNumber.slice(2)) % 2]),
    )
    for (const [key, odd] of parity) expect(parity.get(key.split('-').reverse().join('-'))).toBe(1 - odd)
  })

  it('gives the way back numbers of its own when it has more flights than the way out', () => {
    const series = planSeries([route('BOG', 'MDE', 2), route('MDE', 'BOG', 20), route('BOG', 'CLO', 7)], 'T9')
    expect(series.map((one) => one.flightNumber)).toEqual(['T9101', 'T9102', 'T9104', 'T9106', 'T9107'])
  })
})

const shared = (origin: string, destination: string) => ({
  origin,
  destination,
  aircraftType: '320',
  blockMinutes: 60,
})
