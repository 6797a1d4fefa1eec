import { readFileSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'

const FOLDER = join(import.meta.dirname, 'results')

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

/** Figures of a full run, and when and where they were taken. */
export type Results<Figures> = { date: string; machine: Machine; figures: Figures }

/** Keeps the figures of a full run in results/<name>.json. */
export function writeResults(name: string, of: Machine, figures: object): void {
  const results: Results<object> = { date: new Date().toISOString(), machine: of, figures }
  writeFileSync(join(FOLDER, `${name}.json`), `${JSON.stringify(results, null, 2)}\n`)
}

export const readResults = <Figures>(name: string): Results<Figures> =>
  JSON.parse(readFileSync(join(FOLDER, `${name}.json`), 'utf8'))

export const writeChart = (name: string, svg: string): void => writeFileSync(join(FOLDER, `${name}.svg`), svg)
