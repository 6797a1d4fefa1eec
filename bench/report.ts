import { writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import { CONTENDERS, type Contender, type Measured } from './measure-bookings.ts'
import type { Searched } from './measure-search.ts'

/** A line of the bookings' table: medians of the rounds; `ratio` is to pgbench in the same round. */
export type BookingFigure = {
  scenario: string
  contender: Contender
  bookingsPerSecond: number
  ratio: number
  ratioLowest: number
  ratioHighest: number
  p50Ms: number | null
  p99Ms: number | null
}

export const bookingFigures = (measured: readonly Measured[]): BookingFigure[] =>
  measured.flatMap(({ scenario, rounds }) =>
    CONTENDERS.map((contender) => {
      const of = (value: (round: (typeof rounds)[number]) => number | undefined) =>
        rounds.map((round) => value(round) ?? Number.NaN)
      const ratios = of((round) => round[contender].rate / round.pgbench.rate)
      return {
        scenario: scenario.name,
        contender,
        bookingsPerSecond: Math.round(median(of((round) => round[contender].rate))),
        ratio: rounded(median(ratios)),
        ratioLowest: rounded(Math.min(...ratios)),
        ratioHighest: rounded(Math.max(...ratios)),
        p50Ms: told(median(of((round) => round[contender].p50))),
        p99Ms: told(median(of((round) => round[contender].p99))),
      }
    }),
  )

export type SearchFigure = {
  flights: number
  searchesPerSecond: number
  p50Ms: number
  p99Ms: number
  ratio: number
  ratioLowest: number
  ratioHighest: number
}

/** Medians of the rounds; `ratio` is of the p50 to that of the smallest schedule in the same round. */
export const searchFigures = (searched: readonly Searched[]): SearchFigure[] =>
  searched.map(({ flights, rounds }) => {
    const ratios = rounds.map(({ p50 }, round) => p50 / (searched[0]?.rounds[round]?.p50 ?? Number.NaN))
    return {
      flights,
      searchesPerSecond: Math.round(median(rounds.map(({ rate }) => rate))),
      p50Ms: rounded(median(rounds.map(({ p50 }) => p50))),
      p99Ms: rounded(median(rounds.map(({ p99 }) => p99))),
      ratio: rounded(median(ratios)),
      ratioLowest: rounded(Math.min(...ratios)),
      ratioHighest: rounded(Math.max(...ratios)),
    }
  })

function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other)
  const middle = (sorted.length - 1) / 2
  return ((sorted[Math.floor(middle)] ?? Number.NaN) + (sorted[Math.ceil(middle)] ?? Number.NaN)) / 2
}

const rounded = (value: number): number => Math.round(value * 100) / 100
// What pgbench does not tell is NaN here.
const told = (value: number): number | null => (Number.isNaN(value) ? null : rounded(value))

/** Rows as text in columns: the first column to the left, figures to the right. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)))
  return [head, widths.map((width) => '-'.repeat(width)), ...rows]
    .map((row) =>
      row
        .map((cell, column) =>
          column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  '),
    )
    .join('\n')
}

export const bookingTable = (figures: readonly BookingFigure[]): string =>
  table(
    ['scenario', 'contender', 'bookings/s', '× pgbench', 'lowest–highest', 'p50 ms', 'p99 ms'],
    figures.map((figure) => [
      figure.scenario,
      figure.contender,
      String(figure.bookingsPerSecond),
      figure.ratio.toFixed(2),
      `${figure.ratioLowest.toFixed(2)}–${figure.ratioHighest.toFixed(2)}`,
      figure.p50Ms?.toFixed(1) ?? '',
      figure.p99Ms?.toFixed(1) ?? '',
    ]),
  )

export const searchTable = (figures: readonly SearchFigure[]): string =>
  table(
    ['scenario', 'flights', 'searches/s', 'p50 ms', 'p99 ms', '× smallest', 'lowest–highest'],
    figures.map((figure) => [
      'search',
      figure.flights.toLocaleString('en'),
      String(figure.searchesPerSecond),
      figure.p50Ms.toFixed(2),
      figure.p99Ms.toFixed(2),
      figure.ratio.toFixed(2),
      `${figure.ratioLowest.toFixed(2)}–${figure.ratioHighest.toFixed(2)}`,
    ]),
  )

export type Machine = {
  cpu: string
  cores: number
  memoryGiB: number
  platform: string
  node: string
  postgres: string
  pgbench: string
}

export const machine = (postgres: string, pgbench: string): Machine => ({
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  platform: `${process.platform} ${process.arch}`,
  node: process.version,
  postgres,
  pgbench,
})

/** Keeps the figures of a full run in results/<name>.json. */
export function writeResults(name: string, of: Machine, figures: readonly object[]): void {
  const file = join(import.meta.dirname, 'results', `${name}.json`)
  writeFileSync(
    file,
    `${JSON.stringify({ date: new Date().toISOString(), machine: of, figures }, null, 2)}\n`,
  )
}
