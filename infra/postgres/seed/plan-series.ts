import type { Route } from './files.ts'

/** A flight number's week: the same local time on some days, as ISO numbers them (1 is Monday, 7 Sunday). */
export type PlannedSeries = {
  flightNumber: string
  origin: string
  destination: string
  /** `HH:MM` at the origin. */
  departureTime: string
  days: number[]
  aircraftType: string
  blockMinutes: number
}

const FIRST_NUMBER = 101
/** First and last departure, in minutes of the local day: 05:30 and 21:00. */
const FIRST_DEPARTURE = 330
const LAST_DEPARTURE = 1260
const STEP = 5

/**
 * Spreads every route's weekly flights over days and hours: so many each day, the rest on days of their own. The same
 * routes in the same order give the same plan. A pair of airports has numbers of its own, odd and even by direction.
 */
export function planSeries(routes: readonly Route[], designator: string): PlannedSeries[] {
  const pairs = new Map<string, { firstNumber: number; outward: string }>()
  let nextNumber = FIRST_NUMBER
  return routes.flatMap((route, index) => {
    const weeks = weekOf(route.weeklyFlights, index)
    const key = [route.origin, route.destination].sort().join('-')
    const pair = pairs.get(key) ?? { firstNumber: nextNumber, outward: route.origin }
    if (!pairs.has(key)) {
      pairs.set(key, pair)
      // Room for both directions, of which the way back may have more flights.
      const back = routes.find(
        ({ origin, destination }) => origin === route.destination && destination === route.origin,
      )
      nextNumber += 2 * Math.max(weeks.length, Math.ceil((back?.weeklyFlights ?? 0) / 7))
    }
    const direction = route.origin === pair.outward ? 0 : 1
    return weeks.map((days, slot) => ({
      flightNumber: `${designator}${pair.firstNumber + 2 * slot + direction}`,
      origin: route.origin,
      destination: route.destination,
      departureTime: timeOf(slot, weeks.length, index),
      days,
      aircraftType: route.aircraftType,
      blockMinutes: route.blockMinutes,
    }))
  })
}

/** The days of each of a route's daily departures: full weeks first, then what is left, evenly spaced. */
function weekOf(weeklyFlights: number, routeIndex: number): number[][] {
  const rest = weeklyFlights % 7
  const full = Array.from({ length: Math.floor(weeklyFlights / 7) }, () => [1, 2, 3, 4, 5, 6, 7])
  if (rest === 0) return full
  const spaced = Array.from({ length: rest }, (_, k) => 1 + ((Math.floor((k * 7) / rest) + routeIndex) % 7))
  return [...full, spaced.sort()]
}

/** The day is cut into as many parts as there are departures; where in its part one leaves differs by route. */
function timeOf(slot: number, slots: number, routeIndex: number): string {
  const share = (slot + ((routeIndex * 13) % 31) / 31) / slots
  const minutes = FIRST_DEPARTURE + Math.floor(((LAST_DEPARTURE - FIRST_DEPARTURE) * share) / STEP) * STEP
  const twoDigits = (n: number) => String(n).padStart(2, '0')
  return `${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}`
}
