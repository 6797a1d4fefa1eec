import * as catalog from '../../functions/catalog.ts'
import type { Endpoint } from '../http/endpoint.ts'
import type { Schedule } from '../schedule.ts'
import type { Worker } from '../worker.ts'

/** A line of the catalog, as far as loading it goes. */
type Line = { entry: string; http?: string; on?: readonly string[]; every?: string }

/**
 * Loads the functions behind a route, in the catalog's order.
 * @throws Error that names every function whose file or export is missing, and why
 */
export const loadEndpoints = (lines: readonly Line[] = Object.values(catalog)): Promise<Endpoint[]> =>
  load<Endpoint>(
    lines.filter((line) => line.http !== undefined),
    'route',
  )

/** Loads the functions that events call; throws as loadEndpoints does. */
export const loadWorkers = (lines: readonly Line[] = Object.values(catalog)): Promise<Worker[]> =>
  load<Worker>(
    lines.filter((line) => line.on !== undefined),
    'worker',
  )

/** Loads the functions that a clock calls; throws as loadEndpoints does. */
export const loadSchedules = (lines: readonly Line[] = Object.values(catalog)): Promise<Schedule[]> =>
  load<Schedule>(
    lines.filter((line) => line.every !== undefined),
    'schedule',
  )

async function load<Definition extends { entry: Line }>(
  lines: readonly Line[],
  name: string,
): Promise<Definition[]> {
  const outcomes = await Promise.allSettled(lines.map((line) => loadOne<Definition>(line, name)))
  const faults = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason)
  if (faults.length > 0) {
    throw new Error(
      `The catalog names functions that cannot be loaded:\n${faults.map((fault) => `  ${fault.message}`).join('\n')}`,
      { cause: faults[0] },
    )
  }
  return outcomes.filter((outcome) => outcome.status === 'fulfilled').map(({ value }) => value)
}

async function loadOne<Definition extends { entry: Line }>(line: Line, name: string): Promise<Definition> {
  const file = `functions/${line.entry}.ts`
  const module: Record<string, Definition | undefined> = await import(
    /* @vite-ignore */ `../../functions/${line.entry}.ts`
  ).catch((cause) => {
    throw new Error(`${file}: ${cause.message}`, { cause })
  })
  const definition = module[name]
  if (!definition) throw new Error(`${file}: has no export \`${name}\``)
  // A file that was copied from another may still stand on that one's line.
  if (definition.entry.entry !== line.entry) {
    throw new Error(`${file}: is defined on the catalog's line of ${definition.entry.entry}`)
  }
  return definition
}
