import { spawnSync } from 'node:child_process'
import { copyFileSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'

const repository = join(import.meta.dirname, '../..')
const biome = join(repository, 'node_modules/@biomejs/biome/bin/biome')

// Biome leaves the planted files out where they stand, so they are linted in a copy under its own root.
const copy = mkdtempSync(join(tmpdir(), 'planted-environment-'))
afterAll(() => rmSync(copy, { recursive: true }))

test('reading the environment outside shared/config.ts is an error, whichever way it is done', () => {
  cpSync(join(import.meta.dirname, 'violations/environment'), copy, { recursive: true })
  mkdirSync(join(copy, 'infra/checks'))
  copyFileSync(join(import.meta.dirname, 'environment.grit'), join(copy, 'infra/checks/environment.grit'))
  copyFileSync(join(repository, 'biome.json'), join(copy, 'biome.json'))

  expect(errorsIn(copy)).toEqual([
    'functions/bookings/commands/member.ts: lint/style/noProcessEnv',
    'shared/alias.ts: plugin',
    'shared/default-import.ts: lint/style/noProcessEnv',
    'shared/destructured.ts: plugin',
    'shared/global.ts: lint/style/noProcessEnv',
    'shared/named-import.ts: lint/style/noProcessEnv',
    'shared/namespace-import.ts: plugin',
  ])
})

type Diagnostic = { category: string; severity: string; location: { path: string } }

function errorsIn(folder: string): string[] {
  const lint = ['lint', '--vcs-enabled=false', '--reporter=json', '.']
  const { stdout, stderr } = spawnSync(process.execPath, [biome, ...lint], { cwd: folder, encoding: 'utf8' })
  if (!stdout.startsWith('{')) throw new Error(`biome lint gave no report: ${stdout}${stderr}`)
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: Diagnostic[] }
  return diagnostics
    .filter((diagnostic) => diagnostic.severity === 'error')
    .map((diagnostic) => `${diagnostic.location.path}: ${diagnostic.category}`)
    .sort()
}
