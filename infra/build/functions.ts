import * as catalog from '../../functions/catalog.ts'

/** What a function is, by the folder that its entry names. */
export type Kind = 'http' | 'queue' | 'schedule'

/** A function to be built: its name in the catalog, its file and what calls it. */
export type BuiltFunction = {
  name: string
  entry: string
  reaches: readonly string[]
  kind: Kind
  export: 'route' | 'worker' | 'schedule'
}

/** Every function of the catalog, by name. */
export const functionsToBuild = (): BuiltFunction[] =>
  Object.entries(catalog).map(([name, { entry, reaches }]) => ({ name, entry, reaches, ...kindOf(entry) }))

function kindOf(entry: string): Pick<BuiltFunction, 'kind' | 'export'> {
  if (entry.includes('/workers/')) return { kind: 'queue', export: 'worker' }
  if (entry.includes('/schedules/')) return { kind: 'schedule', export: 'schedule' }
  return { kind: 'http', export: 'route' }
}
