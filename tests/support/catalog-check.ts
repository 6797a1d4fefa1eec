import { operationIdOf } from '../../shared/http/openapi-operation.ts'

/** A line of the catalog as it may stand there by mistake. */
type Entry = { entry: string; http?: string; every?: string; allow?: readonly string[]; signedBy?: string }

/** What a file of each folder exports. */
const EXPORTS: Readonly<Record<string, string>> = {
  commands: 'route',
  queries: 'route',
  workers: 'worker',
  schedules: 'schedule',
}

/**
 * Where the catalog, the files and what they export disagree, a line each.
 * @param catalog the catalog's exports by name
 * @param files the functions' files, below functions/ and without their ending, as an `entry` names them
 * @param loaded what each file exports, by its name in `files`
 */
export function disagreements(
  catalog: Readonly<Record<string, Entry>>,
  files: readonly string[],
  loaded: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): string[] {
  const entries = Object.entries(catalog)
  const listed = entries.map(([, { entry }]) => entry)
  return [
    ...twice(listed).map((entry) => `${entry} is in the catalog twice`),
    ...files.filter((file) => !listed.includes(file)).map((file) => `${file} is not in the catalog`),
    ...entries.flatMap(([name, entry]) => [
      ...nameComplaints(name, entry),
      ...kindComplaints(entry),
      ...(files.includes(entry.entry)
        ? exportComplaints(entry, loaded[entry.entry] ?? {})
        : [`${entry.entry} has no file`]),
    ]),
    ...routeComplaints(entries.flatMap(([, { http }]) => (http ? [http] : []))),
  ]
}

function nameComplaints(name: string, { entry }: Entry): string[] {
  const wanted = operationIdOf(entry)
  return name === wanted ? [] : [`${entry} is called ${name} in the catalog, not ${wanted}`]
}

/** A command and a query are reached over HTTP by somebody, a schedule by the clock. */
function kindComplaints({ entry, http, every, allow }: Entry): string[] {
  const folder = folderOf(entry)
  const isHttp = folder === 'commands' || folder === 'queries'
  const complaints = [
    EXPORTS[folder] ? '' : 'stands in no folder of functions',
    isHttp && !http ? 'has no route' : '',
    !isHttp && http ? 'has a route, and is neither a command nor a query' : '',
    folder === 'schedules' && !every ? 'says not how often it runs' : '',
    isHttp && !allow?.length ? 'allows nobody' : '',
    folder === 'commands' && http?.startsWith('GET ') ? 'is a command behind GET' : '',
  ]
  return complaints.filter(Boolean).map((complaint) => `${entry} ${complaint}`)
}

function exportComplaints(entry: Entry, exported: Readonly<Record<string, unknown>>): string[] {
  const wanted = EXPORTS[folderOf(entry.entry)] ?? ''
  const found = exported[wanted] as { entry?: unknown; isCommand?: unknown } | undefined
  if (!found) return [`${entry.entry} exports no ${wanted}`]
  const isCommand = folderOf(entry.entry) === 'commands' && !entry.signedBy
  const others = Object.values(EXPORTS).filter((name) => name !== wanted && name in exported)
  return [
    ...(found.entry === entry ? [] : [`${entry.entry} was not defined with its line of the catalog`]),
    ...(wanted !== 'route' || found.isCommand === isCommand
      ? []
      : [`${entry.entry} ${isCommand ? 'takes no' : 'needs an'} Idempotency-Key`]),
    ...[...new Set(others)].map((name) => `${entry.entry} exports a ${name} as well`),
  ]
}

/** A path has one set of parameter names, so that its methods are known together. */
function routeComplaints(routes: readonly string[]): string[] {
  const paths = [...new Set(routes.map((route) => route.replace(/^\S+ /, '')))]
  return [
    ...twice(routes.map(erased)).map((route) => `the route ${route} stands twice`),
    ...twice(paths.map(erased)).map((path) => `the path ${path} has parameters of different names`),
  ]
}

const erased = (route: string): string => route.replace(/:\w+/g, ':')
const folderOf = (entry: string): string => entry.split('/')[1] ?? ''
const twice = (names: readonly string[]): string[] => [
  ...new Set(names.filter((name, index) => names.indexOf(name) !== index)),
]
