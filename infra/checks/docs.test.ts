import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { deadReferences, documents, pathsInCode, relativeLinks } from './docs.ts'
import { complaintsAbout, NAMED, type Row, rowsOf, SENTENCES } from './proposal.ts'

const repository = join(import.meta.dirname, '../..')

describe('the documents', () => {
  test('nothing they point at is missing', () => {
    const found = documents(repository)
    expect(found).toEqual(expect.arrayContaining(['README.md', 'docs/proposal.md', 'docs/adr/README.md']))
    expect(found.flatMap((document) => deadReferences(repository, document)).join('\n')).toBe('')
  })

  test('a dead path and a dead link are found', () => {
    expect(deadReferences(import.meta.dirname, 'violations/dead-references.md')).toEqual([
      'violations/dead-references.md: infra/checks/gone.ts',
      'violations/dead-references.md: docs/<chapter>/gone-*.md',
      'violations/dead-references.md: gone.md',
    ])
  })

  test('paths are read from code spans and fenced blocks, links from prose', () => {
    const markdown = [
      'See `shared/money.ts`, `node infra/local/start.ts --fast` and `functions/<slice>/index.ts`, not `x.ts`.',
      '```sh',
      'node bench/run.ts',
      '```',
      '[a](docs/a.md#part) [b](https://example.com) [c](#here) ![d](../d.png "title") `[e](e.md)`',
      '[f]: f.md',
    ].join('\n')
    expect(pathsInCode(markdown)).toEqual([
      'bench/run.ts',
      'shared/money.ts',
      'infra/local/start.ts',
      'functions/<slice>/index.ts',
    ])
    expect(relativeLinks(markdown)).toEqual(['docs/a.md', '../d.png', 'f.md'])
  })
})

describe('the map of the proposal', () => {
  test('every sentence has a row, and every row a file and a test or "not yet"', () => {
    const rows = rowsOf(readFileSync(join(repository, 'docs/proposal.md'), 'utf8'))
    expect(complaintsAbout(rows).join('\n')).toBe('')
  })

  const complete: Row[] = [
    ...Object.entries(SENTENCES).flatMap(([section, count]) =>
      Array.from({ length: count }, (_, index) => `${section}.${index + 1}`),
    ),
    ...NAMED,
  ].map((key) => ({ key, delivered: '`shared/money.ts`', proven: '`shared/money.test.ts`' }))
  const withRow = (key: string, change: Partial<Row>) =>
    complete.map((row) => (row.key === key ? { ...row, ...change } : row))

  test.each<[string, Row[], string]>([
    ['a sentence without a row', complete.filter((row) => row.key !== '4.2'), '4.2 has no row'],
    ['a name without a row', complete.filter((row) => row.key !== 'CrearReserva'), 'CrearReserva has no row'],
    ['a row of no sentence', withRow('7.4', { key: '7.9' }), '7.9 is no sentence of the proposal'],
    ['a row that stands twice', [...complete, ...complete.slice(-1)], 'a row stands twice'],
    ['an empty claim', withRow('1.2', { delivered: 'soon' }), '1.2 names neither a file nor "not yet"'],
    ['a file without a test', withRow('1.2', { proven: 'by use' }), '1.2 is delivered and names no test'],
    [
      'a proof of nothing',
      withRow('1.2', { delivered: 'not yet' }),
      '1.2 is not yet delivered and claims a proof',
    ],
  ])('%s is found', (_, rows, complaint) => {
    expect(complaintsAbout(complete)).toEqual([])
    expect(complaintsAbout(rows)).toContain(complaint)
  })

  test('rows are read from the table', () => {
    const table =
      '| # | Says | By | Test |\n|---|---|---|---|\n| 1.2 | *Redis* | `shared/cache/` | — |\n| `CrearReserva` | a | b |'
    expect(rowsOf(table)).toEqual([
      { key: '1.2', delivered: '`shared/cache/`', proven: '—' },
      { key: 'CrearReserva', delivered: 'a', proven: 'b' },
    ])
  })
})
