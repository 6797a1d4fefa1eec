import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import * as catalog from '../functions/catalog.ts'
import { createApp } from '../shared/http/app.ts'
import type { Endpoint } from '../shared/http/endpoint.ts'
import { disagreements } from './support/catalog-check.ts'
import { configureForTest } from './support/settings.ts'

configureForTest()

const functions = join(import.meta.dirname, '../functions')
const files = globSync('*/{commands,queries,workers,schedules}/*.ts', { cwd: functions })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => !file.endsWith('.test.ts'))
  .map((file) => file.slice(0, -'.ts'.length))
  .sort()
const loaded: Record<string, Record<string, unknown>> = {}
for (const file of files) {
  loaded[file] = await import(/* @vite-ignore */ pathToFileURL(join(functions, `${file}.ts`)).href)
}

describe('the catalog', () => {
  test('agrees with the files and with what they export', () => {
    expect(files.length).toBeGreaterThan(0)
    expect(disagreements(catalog, files, loaded)).toEqual([])
  })

  test('imports nothing and is plain data', () => {
    expect(importsIn(readFileSync(join(functions, 'catalog.ts'), 'utf8'))).toEqual([])
    expect(JSON.parse(JSON.stringify({ ...catalog }))).toEqual({ ...catalog })
  })

  test.each([
    ["import { Role } from './roles.ts'"],
    ["import './side-effect.ts'"],
    ["import type { Role } from './roles.ts'"],
    ["export { Role } from './roles.ts'"],
    ["export * from './roles.ts'"],
    ["const roles = await import('./roles.ts')"],
    ["const roles = require('./roles.ts')"],
  ])('an import is found: %s', (line) => {
    expect(
      importsIn(`/** Data that imports nothing, from nowhere. */\nexport const a = 1\n${line}\n`),
    ).toEqual([line])
  })
})

/** Lines that load another file; comments are passed over. */
function importsIn(source: string): string[] {
  const code = source.replace(/\/\*.*?\*\//gs, '').replace(/^\s*\/\/.*$/gm, '')
  return code.split('\n').filter((line) => /^\s*import\b|\bfrom\s*['"]|\b(?:import|require)\s*\(/.test(line))
}

describe('every route is served', () => {
  const endpoints = files.flatMap((file) => (loaded[file]?.route ? [loaded[file].route as Endpoint] : []))
  // Each answers its own name, so that one route that hides another is seen.
  const app = createApp(
    endpoints.map((endpoint) => ({ ...endpoint, handle: async () => new Response(endpoint.entry.entry) })),
  )
  const cases = endpoints.map(({ entry, contract }) => {
    const [method = '', pattern = ''] = entry.http.split(' ')
    const path = pattern.replace(/:(\w+)/g, (_, name: string) => contract.example?.params?.[name] ?? 'x')
    return { name: entry.http, entry: entry.entry, method, path }
  })

  test.each(cases)('$name', async ({ entry, method, path }) => {
    const response = await app.request(path, { method })
    expect([response.status, await response.text()]).toEqual([200, entry])
  })

  test.each(cases)('another method than $name', async ({ method, path }) => {
    const taken = await Promise.all(
      ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'].map(async (other) => ({
        other,
        response: await app.request(path, { method: other }),
      })),
    )
    const refused = taken.filter(({ response }) => response.status !== 200)
    expect(refused.length).toBeGreaterThan(0)
    for (const { response } of refused) {
      expect(response.status).toBe(405)
      expect(await response.json()).toMatchObject({ code: 'method-not-allowed' })
      expect(response.headers.get('allow')?.split(', ')).toContain(method)
    }
  })
})

describe('a disagreement is found', () => {
  const sell = { entry: 'flights/commands/sell-seat', http: 'POST /v1/seats/:seat', allow: ['public'] }
  const find = { entry: 'flights/queries/find-seats', http: 'GET /v1/seats', allow: ['public'] }
  const sweep = { entry: 'flights/schedules/sweep', every: '5 minutes' }
  const rank = { entry: 'flights/workers/rank', queue: 'ranking' }
  const all = { sellSeat: sell, findSeats: find, sweep, rank }
  type Planted = Parameters<typeof disagreements>
  const agreed = (): Planted => [
    all,
    [sell.entry, find.entry, sweep.entry, rank.entry],
    {
      [sell.entry]: { route: { entry: sell, isCommand: true } },
      [find.entry]: { route: { entry: find, isCommand: false } },
      [sweep.entry]: { schedule: { entry: sweep } },
      [rank.entry]: { worker: { entry: rank } },
    },
  ]
  /** One line of the catalog changed, there and in what its file was defined with. */
  const changed = (name: keyof typeof all, change: object): Planted => {
    const [, files, exported] = agreed()
    const entry = { ...all[name], ...change }
    const [kind = '', value] = Object.entries(exported[entry.entry] ?? {})[0] ?? []
    const route = { ...(value as object), entry }
    return [{ ...all, [name]: entry }, files, { ...exported, [entry.entry]: { [kind]: route } }]
  }
  /** What one file exports, changed. */
  const exporting = (file: string, exported: Record<string, unknown>): Planted => {
    const [entries, files, loadedFiles] = agreed()
    return [entries, files, { ...loadedFiles, [file]: exported }]
  }
  const add = (name: string, entry: Planted[0][string]): Planted => {
    const [entries, files, exported] = agreed()
    return [
      { ...entries, [name]: entry },
      [...files, entry.entry],
      { ...exported, [entry.entry]: { route: { entry, isCommand: entry.entry.includes('/commands/') } } },
    ]
  }

  test('and where there is none, none', () => {
    expect(disagreements(...agreed())).toEqual([])
  })

  test.each<[string, Planted, string]>([
    ['an entry without a file', [all, agreed()[1].slice(1), agreed()[2]], `${sell.entry} has no file`],
    [
      'a file without an entry',
      [all, [...agreed()[1], 'flights/queries/lost'], agreed()[2]],
      'flights/queries/lost is not in the catalog',
    ],
    [
      'an entry that stands twice',
      [{ ...all, sellSeatAgain: sell }, ...agreed().slice(1)] as unknown as Planted,
      `${sell.entry} is in the catalog twice`,
    ],
    [
      'another name',
      [{ sellASeat: sell, findSeats: find, sweep, rank }, agreed()[1], agreed()[2]],
      `${sell.entry} is called sellASeat in the catalog, not sellSeat`,
    ],
    [
      'a command without a route export',
      exporting(sell.entry, { handler: 1 }),
      `${sell.entry} exports no route`,
    ],
    [
      'a schedule that exports a worker',
      exporting(sweep.entry, { worker: { entry: sweep } }),
      `${sweep.entry} exports no schedule`,
    ],
    [
      'a worker that exports a route',
      exporting(rank.entry, { route: { entry: rank } }),
      `${rank.entry} exports no worker`,
    ],
    [
      'a file with two definitions',
      exporting(rank.entry, { worker: { entry: rank }, schedule: {} }),
      `${rank.entry} exports a schedule as well`,
    ],
    [
      "a route of another's line",
      exporting(find.entry, { route: { entry: sell, isCommand: false } }),
      `${find.entry} was not defined with its line of the catalog`,
    ],
    [
      'a route of a copy of its line',
      exporting(find.entry, { route: { entry: { ...find }, isCommand: false } }),
      `${find.entry} was not defined with its line of the catalog`,
    ],
    [
      'a query that needs a key',
      exporting(find.entry, { route: { entry: find, isCommand: true } }),
      `${find.entry} needs an Idempotency-Key`,
    ],
    [
      'a command that takes none',
      exporting(sell.entry, { route: { entry: sell, isCommand: false } }),
      `${sell.entry} takes no Idempotency-Key`,
    ],
    [
      'a command behind GET',
      changed('sellSeat', { http: 'GET /v1/seats/:seat' }),
      `${sell.entry} is a command behind GET`,
    ],
    ['a query without a route', changed('findSeats', { http: undefined }), `${find.entry} has no route`],
    [
      'a worker with a route',
      changed('rank', { http: 'POST /v1/rank' }),
      `${rank.entry} has a route, and is neither a command nor a query`,
    ],
    [
      'a schedule without a period',
      changed('sweep', { every: undefined }),
      `${sweep.entry} says not how often it runs`,
    ],
    ['an entry that allows nobody', changed('findSeats', { allow: [] }), `${find.entry} allows nobody`],
    ['an entry without allow', changed('findSeats', { allow: undefined }), `${find.entry} allows nobody`],
    [
      'a folder that is none',
      add('helpSeat', { entry: 'flights/helpers/help-seat' }),
      'flights/helpers/help-seat stands in no folder of functions',
    ],
    [
      'a route that stands twice',
      add('buySeat', { ...sell, entry: 'flights/commands/buy-seat', http: 'POST /v1/seats/:id' }),
      'the route POST /v1/seats/: stands twice',
    ],
    [
      'a path of two namings',
      add('getSeat', { ...find, entry: 'flights/queries/get-seat', http: 'GET /v1/seats/:id' }),
      'the path /v1/seats/: has parameters of different names',
    ],
  ])('%s', (_, planted, complaint) => {
    expect(disagreements(...planted)).toContain(complaint)
  })
})
