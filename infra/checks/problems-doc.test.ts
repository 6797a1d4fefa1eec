import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Endpoint } from '../../shared/http/endpoint.ts'
import { defineProblems } from '../../shared/http/problem.ts'
import { HTTP_PROBLEMS } from '../../shared/http/problems.ts'
import {
  codesDefinedTwice,
  loadRegistries,
  loadRoutes,
  problemsPage,
  type Registry,
  undocumentedCodes,
} from './problems-doc.ts'

const registries = await loadRegistries()

describe('docs/problems.md', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/problems.md'), 'utf8')

  test('documents every code', () => {
    expect(undocumentedCodes(registries, page)).toEqual([])
  })

  test('is what the code defines; else run node infra/checks/problems-doc.ts --write', async () => {
    expect(page).toBe(problemsPage(registries, await loadRoutes()))
  })
})

describe('the registries', () => {
  test('are found, those of every slice too', () => {
    const files = registries.map(({ file }) => file)
    expect(files[0]).toBe('shared/http/problems.ts')
    expect(files).toEqual(
      expect.arrayContaining([
        'functions/bookings/problems.ts',
        'functions/flights/problems.ts',
        'shared/hosts/readiness.ts',
      ]),
    )
    expect(registries[0]?.kinds).toEqual(Object.values(HTTP_PROBLEMS))
    for (const { file, kinds } of registries) expect(kinds.length, file).toBeGreaterThan(0)
  })

  test('define each code once', () => {
    expect(codesDefinedTwice(registries)).toEqual([])
  })

  test('give each problem a code in kebab-case, a status of 4xx or 5xx, what it means and the way out', () => {
    const wrong = registries
      .flatMap(({ kinds }) => kinds)
      .filter(
        ({ code, status, title, help }) =>
          !/^[a-z]+(-[a-z]+)*$/.test(code) || status < 400 || status > 599 || !title.trim() || !help.trim(),
      )
    expect(wrong).toEqual([])
  })
})

describe('planted', () => {
  const kinds = Object.values(
    defineProblems({
      'gate-closed': [409, 'The gate is closed', 'Send <gate> | take the next flight.'],
      'unknown-gate': [404, 'There is no such gate', 'Use a gate of the airport.'],
    }),
  )
  const gates: Registry = { file: 'functions/gates/problems.ts', kinds }
  const route = (http: string) =>
    ({ entry: { http }, contract: { problems: kinds.slice(0, 1) } }) as unknown as Endpoint
  const page = problemsPage([gates], [route('PUT /v1/gates/:gate'), route('POST /v1/gates')])

  test('a page has a row for each code, and the operations that may answer it', () => {
    expect(page).toContain('\n## gates\n')
    expect(page).toContain(
      '\n| `gate-closed` | 409 | The gate is closed | Send &lt;gate> \\| take the next flight. |\n| `unknown-gate` | 404 |',
    )
    expect(page).toContain(
      '\n- `gate-closed`: `POST /v1/gates`, `PUT /v1/gates/:gate`\n- `unknown-gate`: none\n',
    )
  })

  test('a code without a row is found', () => {
    expect(undocumentedCodes([gates], page)).toEqual([])
    const without = page.replace(/^\| `unknown-gate`.*\n/m, '')
    expect(undocumentedCodes([gates], without)).toEqual(['unknown-gate'])
  })

  test('a code that two files define is found', () => {
    const again: Registry = { file: 'functions/boarding/problems.ts', kinds: kinds.slice(1) }
    expect(codesDefinedTwice([gates, again])).toEqual([
      'unknown-gate is defined in functions/gates/problems.ts and functions/boarding/problems.ts',
    ])
  })
})
