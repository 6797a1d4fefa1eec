import { pathsInCode } from './docs.ts'

/** Sentences, list items and lines of the folder tree in each section of the proposal; 0 is its opening. */
export const SENTENCES: Readonly<Record<number, number>> = { 0: 1, 1: 9, 2: 7, 3: 21, 4: 5, 5: 6, 6: 4, 7: 4 }

/** The use cases that the proposal names itself. */
export const NAMED = [
  'CrearReserva',
  'RegistrarImpuestoPorDestino',
  'ObtenerTotalRecaudado',
  'ConsultarImpuestoPorCiudad',
]

/** One row of the map: `| key | what the proposal says | delivered by | proven by |`. */
export type Row = { key: string; delivered: string; proven: string }

export function rowsOf(markdown: string): Row[] {
  return [...markdown.matchAll(/^\| (\d\.\d+|`[A-Z]\w+`) \|(.*)\|$/gm)].map(([, key = '', rest = '']) => {
    const cells = rest.split('|').map((cell) => cell.trim())
    return { key: key.replaceAll('`', ''), delivered: cells.at(-2) ?? '', proven: cells.at(-1) ?? '' }
  })
}

/** What the map leaves out or claims without showing it, a line each. */
export function complaintsAbout(rows: readonly Row[]): string[] {
  const keys = new Set(rows.map((row) => row.key))
  const missing = [...sentenceKeys(), ...NAMED].filter((key) => !keys.has(key))
  const unknown = [...keys].filter((key) => !sentenceKeys().includes(key) && !NAMED.includes(key))
  return [
    ...missing.map((key) => `${key} has no row`),
    ...unknown.map((key) => `${key} is no sentence of the proposal`),
    ...(keys.size < rows.length ? ['a row stands twice'] : []),
    ...rows.flatMap(complaintsAboutRow),
  ]
}

function sentenceKeys(): string[] {
  return Object.entries(SENTENCES).flatMap(([section, count]) =>
    Array.from({ length: count }, (_, index) => `${section}.${index + 1}`),
  )
}

function complaintsAboutRow({ key, delivered, proven }: Row): string[] {
  const deliveredPaths = pathsInCode(delivered)
  const tests = pathsInCode(proven).filter((path) => path.endsWith('.test.ts'))
  if (deliveredPaths.length === 0) {
    if (!delivered.startsWith('not yet')) return [`${key} names neither a file nor "not yet"`]
    return proven === '—' ? [] : [`${key} is not yet delivered and claims a proof`]
  }
  return tests.length > 0 ? [] : [`${key} is delivered and names no test`]
}
