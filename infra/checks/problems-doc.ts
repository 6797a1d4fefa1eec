/** Writes docs/problems.md, every problem that a client may be told: `node infra/checks/problems-doc.ts --write`. */
import { globSync, readFileSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Endpoint } from '../../shared/http/endpoint.ts'
import type { Problem } from '../../shared/http/problem.ts'

const repository = join(import.meta.dirname, '../..')
const EVERYWHERE = 'shared/http/problems.ts'

/** The problems that one file defines. */
export type Registry = { file: string; kinds: readonly Problem[] }

/** Every record of problems that a file of the product exports; those of any operation first. */
export async function loadRegistries(): Promise<Registry[]> {
  const slices = filesLike('functions/**/*.ts').filter(definesProblems)
  const others = filesLike('shared/**/*.ts').filter((file) => file !== EVERYWHERE && definesProblems(file))
  const files = [EVERYWHERE, ...slices, ...others]
  return Promise.all(
    files.map(async (file) => {
      const exported = Object.values(await load(file))
      return { file, kinds: exported.filter(isRecordOfProblems).flatMap((record) => Object.values(record)) }
    }),
  )
}

/** What every command and query exports as its route. */
export async function loadRoutes(): Promise<Endpoint[]> {
  const exported = await Promise.all(filesLike('functions/*/{commands,queries}/*.ts').map(load))
  return exported.flatMap(({ route }) => (route ? [route as Endpoint] : []))
}

/** The page: a table a registry; below a slice's table, which operations may answer each problem. */
export function problemsPage(registries: readonly Registry[], routes: readonly Endpoint[]): string {
  return `${[OPENING, ...registries.map((registry) => chapter(registry, routes))].join('\n\n')}\n`
}

/** Codes that two definitions share, a line each. */
export function codesDefinedTwice(registries: readonly Registry[]): string[] {
  const places = registries.flatMap(({ file, kinds }) => kinds.map(({ code }) => ({ code, file })))
  return [...Map.groupBy(places, ({ code }) => code)]
    .filter(([, definitions]) => definitions.length > 1)
    .map(
      ([code, definitions]) => `${code} is defined in ${definitions.map(({ file }) => file).join(' and ')}`,
    )
}

/** Codes that have no row on the page. */
export const undocumentedCodes = (registries: readonly Registry[], page: string): string[] =>
  registries
    .flatMap(({ kinds }) => kinds.map(({ code }) => code))
    .filter((code) => !page.includes(`\n| \`${code}\` |`))

const OPENING = `\
# Problems

<!-- Written by infra/checks/problems-doc.ts from what the code defines: change it there, then run it with --write. -->

A refusal is a problem document (RFC 9457, \`application/problem+json\`). Its \`code\` is part of the contract and never
changes its meaning; \`detail\` may say more than the way out below; \`errors\` names the places at fault, and
\`requestId\` the request in the log. Its \`type\`, \`/problems/<code>\`, answers with what is written here.`

function chapter({ file, kinds }: Registry, routes: readonly Endpoint[]): string {
  const slice = /^functions\/([^/]+)\//.exec(file)?.[1]
  const table = [
    '| Code | Status | What it means | The way out |',
    '| --- | --- | --- | --- |',
    ...kinds.map(({ code, status, title, help }) => row([`\`${code}\``, String(status), title, help])),
  ]
  const operations = [
    'Which operations may answer them:',
    kinds.map((kind) => answeredBy(kind, routes)).join('\n'),
  ]
  const everywhere =
    'Any operation may answer them where they apply; the API reference lists them by operation.'
  return [
    `## ${file === EVERYWHERE ? 'Everywhere' : (slice ?? basename(file, '.ts'))}`,
    `Defined in \`${file}\`.${file === EVERYWHERE ? ` ${everywhere}` : ''}`,
    table.join('\n'),
    ...(slice ? operations : []),
  ].join('\n\n')
}

function answeredBy({ code }: Problem, routes: readonly Endpoint[]): string {
  const operations = routes
    .filter(({ contract }) => contract.problems.some((kind) => kind.code === code))
    .map(({ entry }) => `\`${entry.http}\``)
    .sort()
  return `- \`${code}\`: ${operations.join(', ') || 'none'}`
}

/** A row of a Markdown table, in which a bar would end the cell and a < open a tag. */
const row = (cells: readonly string[]): string =>
  `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll('<', '&lt;')).join(' | ')} |`

const filesLike = (pattern: string): string[] =>
  globSync(pattern, { cwd: repository })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => !file.endsWith('.test.ts'))
    .sort()

const definesProblems = (file: string): boolean =>
  readFileSync(join(repository, file), 'utf8').includes('= defineProblems(')

const load = async (file: string): Promise<Record<string, unknown>> =>
  await import(/* @vite-ignore */ pathToFileURL(join(repository, file)).href)

function isRecordOfProblems(value: unknown): value is Record<string, Problem> {
  if (typeof value !== 'object' || value === null) return false
  const members = Object.entries(value)
  return members.length > 0 && members.every(([name, member]) => member?.code === name && 'help' in member)
}

if (process.argv[1] === import.meta.filename) {
  const page = problemsPage(await loadRegistries(), await loadRoutes())
  if (process.argv.includes('--write')) writeFileSync(join(repository, 'docs/problems.md'), page)
  else process.stdout.write(page)
}
