/**
 * `npm run build`: bundles every function of the catalog for Lambda into `.build/lambda/`, checks each against its
 * budget and what it reaches, and prints bytes and import time beside an empty Hono function's; then builds the
 * container's code into `.build/container/`.
 */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { buildContainer } from './container.ts'
import { functionsToBuild } from './functions.ts'
import { type Bundle, bundleEmpty, bundleFunction } from './lambda.ts'
import { reachedBy } from './reaches.ts'

/** Bytes of code a bundle may have. A command carries transactions and keys; a schedule no HTTP. */
const BUDGET = { commands: 205_000, queries: 170_000, workers: 120_000, schedules: 95_000 }
/** What the SDK of a payment provider adds: Stripe's has one build with every resource (ADR 0015). */
const STRIPE = 250_000
/** How often an import is timed; the median counts. */
const TIMES = 5

const empty = await bundleEmpty()
const emptyMs = await importTime(empty.folder)
console.log(row('function', 'kB', 'budget', 'import ms', '× empty'))
console.log(row('(empty Hono)', kilo(empty.bytes), '', emptyMs.toFixed(1), '1.00'))

const faults: string[] = []
for (const one of functionsToBuild()) {
  const bundle = await bundleFunction(one)
  const ms = await importTime(bundle.folder)
  const budget = budgetOf(bundle)
  console.log(row(one.name, kilo(bundle.bytes), kilo(budget), ms.toFixed(1), (ms / emptyMs).toFixed(2)))
  if (bundle.bytes > budget) faults.push(`${one.name} has ${bundle.bytes} bytes, and its budget is ${budget}`)
  const stated = one.reaches
  const reached = reachedBy(bundle.metafile)
  for (const place of reached.filter((name) => !stated.includes(name))) {
    faults.push(`${one.name} reaches ${place}, and its line in the catalog does not say so`)
  }
  for (const place of stated.filter((name) => !reached.includes(name))) {
    faults.push(`${one.name} does not reach ${place}, and its line in the catalog says so`)
  }
}
await buildContainer()
if (faults.length > 0) {
  console.error(`\n${faults.join('\n')}`)
  process.exitCode = 1
}

function budgetOf({ name, entry, reaches }: Bundle): number {
  // The one whose start most passengers wait for.
  if (name === 'createBooking') return 200_000
  const folder = Object.keys(BUDGET).find((name) => entry.includes(`/${name}/`))
  if (!folder) throw new Error(`no budget for ${entry}`)
  return BUDGET[folder as keyof typeof BUDGET] + (reaches.includes('stripe') ? STRIPE : 0)
}

/** Milliseconds to import a bundle in a new process, the median of several. */
async function importTime(folder: string): Promise<number> {
  const script = `const t = performance.now(); await import(process.argv[1]); console.log(performance.now() - t)`
  const times: number[] = []
  for (let n = 0; n < TIMES; n++) {
    const args = ['--input-type=module', '-e', script, join(folder, 'index.mjs')]
    const { stdout } = await promisify(execFile)(process.execPath, args)
    times.push(Number(stdout))
  }
  return times.toSorted((one, other) => one - other)[Math.floor(TIMES / 2)] ?? Number.NaN
}

function kilo(bytes: number): string {
  return (bytes / 1000).toFixed(1)
}

function row(name: string, ...cells: string[]): string {
  return name.padEnd(26) + cells.map((cell) => cell.padStart(11)).join('')
}
