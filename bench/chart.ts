import type { BookingFigure } from './figures.ts'
import type { Results } from './results.ts'
import { type Contender, SCENARIOS } from './scenarios.ts'

const LABELS: Record<Contender, string> = {
  pgbench: 'pgbench',
  gathered: 'in one process, gathered',
  http: 'over HTTP',
  alone: 'one a call, as on Lambda',
  fastify: 'Fastify + pg, over HTTP',
  express: 'Express + pg, over HTTP',
}
/** From top to bottom; pgbench is the line at 1. */
const ORDER: readonly Contender[] = ['gathered', 'http', 'alone', 'fastify', 'express']
const PEERS: readonly Contender[] = ['fastify', 'express']

const WIDTH = 800
const LEFT = 200
const RIGHT = 70
const TOP = 92
const ROW = 24
const BAR = 14
const TITLE_ROW = 30
const BETWEEN = 14
const BOTTOM = 40

const STYLE = `
  svg { font: 13px system-ui, sans-serif }
  .card { fill: #fff; stroke: #d8dee4 } text { fill: #1f2328 } .quiet { fill: #59636e }
  .ours { fill: #0969da } .peer { fill: #8c959f } .grid { stroke: #eaeef2 } .one { stroke: #cf222e }
  .range { stroke: #1f2328; stroke-width: 1.5 }
  .value { stroke: #fff; stroke-width: 4px; paint-order: stroke } .title { font-size: 16px; font-weight: 600 } .scenario { font-weight: 600 }
  @media (prefers-color-scheme: dark) {
    .card { fill: #0d1117; stroke: #30363d } text { fill: #e6edf3 } .quiet { fill: #9198a1 }
    .ours { fill: #4493f8 } .peer { fill: #6e7681 } .grid { stroke: #21262d } .one { stroke: #f85149 }
    .range { stroke: #e6edf3 } .value { stroke: #0d1117 }
  }`

/** Draws how many bookings each contender made for one of pgbench's, as SVG that is read on light and on dark. */
export function bookingsChart({ date, machine, figures }: Results<readonly BookingFigure[]>): string {
  const most = Math.ceil(Math.max(...figures.map(({ ratio }) => ratio.highest)))
  const x = (value: number) => Math.round(LEFT + (value / most) * (WIDTH - LEFT - RIGHT))
  const rows: string[] = []
  let y = TOP
  for (const { name, title } of SCENARIOS) {
    const here = figures.filter(({ scenario }) => scenario === name)
    if (here.length === 0) continue
    rows.push(`<text class="scenario" x="16" y="${y + 20}">${title}</text>`)
    y += TITLE_ROW
    for (const contender of ORDER) {
      const figure = here.find((one) => one.contender === contender)
      if (!figure) continue
      rows.push(bar(figure, y, x))
      y += ROW
    }
    y += BETWEEN
  }
  const ticks = Array.from({ length: most + 1 }, (_, value) => value)
  const axis = ticks.map(
    (value) =>
      `<line class="${value === 1 ? 'one' : 'grid'}" x1="${x(value)}" x2="${x(value)}" y1="${TOP}" y2="${y}"/>` +
      `<text class="quiet" text-anchor="middle" x="${x(value)}" y="${y + 18}">${value}</text>`,
  )
  const height = y + BOTTOM
  const told = `${date.slice(0, 10)}, ${machine.cores} × ${machine.cpu}, Node ${machine.node}, PostgreSQL ${machine.postgres}`
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="name">
<title id="name">Bookings made for each one that pgbench makes</title>
<style>${STYLE}
</style>
<rect class="card" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="6"/>
<text class="title" x="16" y="30">Bookings made for each one that pgbench makes (red line)</text>
<text class="quiet" x="16" y="52">Bar: the median of the rounds; thin line: from the lowest to the highest.</text>
<text class="quiet" x="16" y="72">${escaped(told)}</text>
${[...axis, ...rows].join('\n')}
</svg>
`
}

function bar({ contender, ratio }: BookingFigure, y: number, x: (value: number) => number): string {
  const kind = PEERS.includes(contender) ? 'peer' : 'ours'
  const middle = y + ROW / 2
  return [
    `<text class="quiet" text-anchor="end" x="${LEFT - 8}" y="${middle + 4}">${LABELS[contender]}</text>`,
    `<rect class="${kind}" x="${LEFT}" y="${middle - BAR / 2}" width="${x(ratio.median) - LEFT}" height="${BAR}"/>`,
    `<line class="range" x1="${x(ratio.lowest)}" x2="${x(ratio.highest)}" y1="${middle}" y2="${middle}"/>`,
    `<text class="value" x="${x(ratio.highest) + 8}" y="${middle + 4}">× ${ratio.median.toFixed(2)}</text>`,
  ].join('')
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
