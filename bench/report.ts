import type { BookingFigure, Ratio, SearchFigure } from './figures.ts'
import type { StartFigures } from './measure-starts.ts'

/** Rows as text in columns: the first columns to the left, figures to the right. */
function table(left: number, head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((_, column) => Math.max(...[head, ...rows].map((row) => row[column]?.length ?? 0)))
  return [head, widths.map((width) => '-'.repeat(width)), ...rows]
    .map((row) =>
      row
        .map((cell, column) =>
          column < left ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  '),
    )
    .join('\n')
}

const range = ({ lowest, highest }: Ratio): string => `${lowest.toFixed(2)}–${highest.toFixed(2)}`

export const bookingTable = (figures: readonly BookingFigure[]): string =>
  table(
    2,
    [
      'scenario',
      'contender',
      'a second',
      '× pgbench',
      'lowest–highest',
      'p50 ms',
      'p99 ms',
      '× fastify',
      '× express',
    ],
    figures.map(({ scenario, contender, perSecond, ratio, toPeers, p50Ms, p99Ms }) => [
      scenario,
      contender,
      String(perSecond),
      ratio.median.toFixed(2),
      range(ratio),
      p50Ms?.toFixed(1) ?? '',
      p99Ms?.toFixed(1) ?? '',
      toPeers?.fastify.median.toFixed(1) ?? '',
      toPeers?.express.median.toFixed(1) ?? '',
    ]),
  )

export const searchTable = (figures: readonly SearchFigure[]): string =>
  table(
    2,
    [
      'scenario',
      'flights',
      'a second',
      'p50 ms',
      '× smallest',
      'lowest–highest',
      'p99 ms',
      '× smallest',
      'lowest–highest',
    ],
    figures.map(({ flights, perSecond, p50Ms, p50Ratio, p99Ms, p99Ratio }) => [
      'search',
      flights.toLocaleString('en'),
      String(perSecond),
      p50Ms.toFixed(2),
      p50Ratio.median.toFixed(2),
      range(p50Ratio),
      p99Ms.toFixed(2),
      p99Ratio.median.toFixed(2),
      range(p99Ratio),
    ]),
  )

export function startTables({ answers, bundles }: StartFigures): string {
  const started = table(
    1,
    ['from process start to first answer', 'ms', '× empty', 'lowest–highest'],
    answers.map(({ what, ms, ratio }) => [what, ms.toFixed(0), ratio.median.toFixed(2), range(ratio)]),
  )
  const imported = table(
    1,
    ['bundle', 'kB', 'import ms', '× empty'],
    bundles.map(({ name, bytes, importMs, ratio }) => [
      name,
      (bytes / 1000).toFixed(1),
      importMs.toFixed(1),
      ratio.median.toFixed(2),
    ]),
  )
  return `${started}\n\n${imported}`
}
