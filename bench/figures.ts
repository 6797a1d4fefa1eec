import type { Measured } from './measure-bookings.ts'
import type { Searched } from './measure-search.ts'
import type { Contender } from './scenarios.ts'

/** Of the rounds of one run. */
export type Ratio = { median: number; lowest: number; highest: number }

/** A line of the bookings' table: medians of the rounds. Ratios are taken within a round. */
export type BookingFigure = {
  scenario: string
  contender: Contender
  perSecond: number
  /** To pgbench. */
  ratio: Ratio
  /** The product over HTTP to each of its peers. */
  toPeers?: { fastify: Ratio; express: Ratio }
  /** Null where pgbench does not tell. */
  p50Ms: number | null
  p99Ms: number | null
}

export const bookingFigures = (measured: readonly Measured[]): BookingFigure[] =>
  measured.flatMap(({ scenario, rounds }) => {
    const of = (contender: Contender, figure: 'rate' | 'p50' | 'p99') =>
      rounds.map((round) => round[contender]?.[figure] ?? Number.NaN)
    const toRateOf = (contender: Contender, other: Contender) =>
      ratio(of(contender, 'rate'), of(other, 'rate'))
    return scenario.contenders.map((contender) => ({
      scenario: scenario.name,
      contender,
      perSecond: Math.round(median(of(contender, 'rate'))),
      ratio: toRateOf(contender, 'pgbench'),
      ...(contender === 'http' && {
        toPeers: { fastify: toRateOf('http', 'fastify'), express: toRateOf('http', 'express') },
      }),
      p50Ms: told(median(of(contender, 'p50'))),
      p99Ms: told(median(of(contender, 'p99'))),
    }))
  })

export type SearchFigure = {
  flights: number
  perSecond: number
  p50Ms: number
  p99Ms: number
  /** Of p50 and of p99 to those of the smallest schedule. */
  p50Ratio: Ratio
  p99Ratio: Ratio
}

export const searchFigures = (searched: readonly Searched[]): SearchFigure[] =>
  searched.map(({ flights, rounds }) => {
    const smallest = searched[0]?.rounds ?? []
    const of = (runs: typeof rounds, figure: 'rate' | 'p50' | 'p99') => runs.map((run) => run[figure])
    return {
      flights,
      perSecond: Math.round(median(of(rounds, 'rate'))),
      p50Ms: rounded(median(of(rounds, 'p50'))),
      p99Ms: rounded(median(of(rounds, 'p99'))),
      p50Ratio: ratio(of(rounds, 'p50'), of(smallest, 'p50')),
      p99Ratio: ratio(of(rounds, 'p99'), of(smallest, 'p99')),
    }
  })

/** Of values to others, pair by pair. */
export function ratio(values: readonly number[], others: readonly number[]): Ratio {
  const ratios = values.map((value, at) => value / (others[at] ?? Number.NaN))
  return {
    median: rounded(median(ratios)),
    lowest: rounded(Math.min(...ratios)),
    highest: rounded(Math.max(...ratios)),
  }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  const middle = (sorted.length - 1) / 2
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2
}

export const rounded = (value: number): number => Math.round(value * 100) / 100
const told = (value: number): number | null => (Number.isNaN(value) ? null : rounded(value))
