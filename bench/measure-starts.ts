import { functionsToBuild } from '../infra/build/functions.ts'
import { bundleEmpty, bundleFunction } from '../infra/build/lambda.ts'
import { type Report, step } from '../infra/local/steps.ts'
import { BOOK } from './booking.ts'
import { answerTime, importTime } from './cold.ts'
import { SETTINGS, type Server } from './database.ts'
import { median, type Ratio, ratio, rounded } from './figures.ts'
import type { HttpRequest } from './operation.ts'
import { SCENARIOS } from './scenarios.ts'

/** Medians. Ratios are to the empty Hono function that was started just before. */
export type StartFigures = {
  answers: { what: string; ms: number; ratio: Ratio }[]
  bundles: { name: string; bytes: number; importMs: number; ratio: Ratio }[]
}

/** How often a process is started for each figure. */
export type Extent = { starts: number; imports: number }

/** The function whose start is told. */
const BOOKING = 'createBooking'
const EMPTY: HttpRequest = { method: 'GET', path: '/', body: {} }

/**
 * Starts bundled functions as Lambda does, each time a new process, by turns with an empty Hono function: to the first
 * answer of the booking, and to the end of each bundle's import.
 */
export async function measureStarts(server: Server, extent: Extent): Promise<StartFigures> {
  const url = await server.createDatabase('bench_starts')
  const { empty, bundles } = await step('bundles', bundleAll)
  return {
    answers: await step('starts', (report) =>
      measureAnswers(url, empty.folder, bundles, extent.starts, report),
    ),
    bundles: await step('imports', (report) => measureImports(empty, bundles, extent.imports, report)),
  }
}

type Bundle = { name: string; folder: string; bytes: number }

async function bundleAll(report: Report): Promise<{ empty: Bundle; bundles: Bundle[] }> {
  const functions = functionsToBuild()
  const empty = { name: 'empty Hono', ...(await bundleEmpty()) }
  const bundles: Bundle[] = []
  for (const one of functions) {
    bundles.push(await bundleFunction(one))
    report({ done: bundles.length, total: functions.length })
  }
  return { empty, bundles }
}

/** No quote is stored: the booking looks for one in PostgreSQL, and keeps under its key that there is none. */
async function measureAnswers(
  url: string,
  empty: string,
  bundles: readonly Bundle[],
  starts: number,
  report: Report,
): Promise<StartFigures['answers']> {
  const folder = bundles.find(({ name }) => name === BOOKING)?.folder
  const [scenario] = SCENARIOS
  if (!folder || !scenario) throw new Error(`the catalog has no ${BOOKING}`)
  const settings = { ...SETTINGS, DATABASE_URL: url, DATABASE_POOL: '1', LOG_LEVEL: 'silent' }
  const unknown = BOOK.request(scenario, 1)
  const invalid = { ...unknown, body: {} }

  const times: Record<'empty' | 'invalid' | 'unknown', number[]> = { empty: [], invalid: [], unknown: [] }
  for (let n = 0; n < starts; n++) {
    report({ done: n, total: starts })
    times.empty.push(await answerTime(empty, EMPTY, 200, settings))
    times.invalid.push(await answerTime(folder, invalid, 422, settings))
    times.unknown.push(await answerTime(folder, unknown, 404, settings))
  }
  const figure = (what: string, of: readonly number[]) => ({
    what,
    ms: rounded(median(of)),
    ratio: ratio(of, times.empty),
  })
  return [
    figure('empty Hono: 200', times.empty),
    figure(`${BOOKING}: 422, the body is not valid`, times.invalid),
    figure(`${BOOKING}: 404, PostgreSQL has no such quote`, times.unknown),
  ]
}

async function measureImports(
  empty: Bundle,
  bundles: readonly Bundle[],
  imports: number,
  report: Report,
): Promise<StartFigures['bundles']> {
  const all = [empty, ...bundles]
  const figures: StartFigures['bundles'] = []
  for (const { name, folder, bytes } of all) {
    const times: number[] = []
    const beside: number[] = []
    for (let n = 0; n < imports; n++) {
      beside.push(await importTime(empty.folder))
      times.push(await importTime(folder))
    }
    figures.push({ name, bytes, importMs: rounded(median(times)), ratio: ratio(times, beside) })
    report({ done: figures.length, total: all.length })
  }
  return figures
}
