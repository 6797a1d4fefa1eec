/**
 * Runs every check, one after another, and says which failed: `npm run verify`.
 * `--after-test` leaves out the tests that `npm test` has just run; `--full` adds the long ones.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, globSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const repository = join(import.meta.dirname, '../..')

/** A command that Node runs from the repository's root; `absent` says why there is nothing to run. */
type Step = { name: string; run: readonly [script: string, ...args: string[]]; absent?: string | undefined }

const vitest = 'node_modules/vitest/vitest.mjs'
const serverTests = globSync('{functions,shared,infra,tests,bench}/**/*.server.test.ts', { cwd: repository })
const noServerTests = serverTests.length === 0 ? 'there is no *.server.test.ts' : undefined
const noBench = existsSync(join(repository, 'bench/run.ts')) ? undefined : 'there is no bench/run.ts'

const checks: Step[] = [
  {
    name: 'format and lint',
    run: ['node_modules/@biomejs/biome/bin/biome', 'check', '--error-on-warnings', '.'],
  },
  { name: 'types', run: ['node_modules/typescript/bin/tsc', '--noEmit'] },
  { name: 'dependency rules', run: [vitest, 'run', '--project', 'unit', 'infra/checks/dependency-rules'] },
  { name: 'unused code', run: ['node_modules/knip/bin/knip.js'] },
  { name: 'API contract', run: [vitest, 'run', '--project', 'unit', 'infra/checks/contract'] },
  { name: 'documents', run: [vitest, 'run', '--project', 'unit', 'infra/checks/docs'] },
]
const tests: Step[] = [
  { name: 'unit and postgres tests', run: [vitest, 'run', '--project', 'unit', '--project', 'postgres'] },
]
const servers: Step[] = [
  { name: 'server tests', run: [vitest, 'run', '--project', 'server'], absent: noServerTests },
]
const bundles: Step[] = [{ name: 'build, budgets and reach', run: ['infra/build/run.ts'] }]
const quickBench: Step[] = [{ name: 'bench, quick', run: ['bench/run.ts', '--quick'], absent: noBench }]
const long: Step[] = [
  { name: 'concurrency, 20 times', run: ['tests/concurrency/run.ts'] },
  { name: 'model, 2,000 lives', run: ['tests/model/run.ts'] },
  { name: 'bench, full', run: ['bench/run.ts'], absent: noBench },
]

const { values: chosen } = parseArgs({
  options: { 'after-test': { type: 'boolean', default: false }, full: { type: 'boolean', default: false } },
})
const steps = [
  ...checks,
  ...(chosen['after-test'] ? [] : tests),
  ...servers,
  ...bundles,
  ...(chosen.full ? long : quickBench),
]

const present = steps.filter((step) => step.absent === undefined)
for (const { name, absent } of steps) if (absent) console.log(`none   ${name.padEnd(26)}${absent}`)
const failed = present.filter((step) => !passes(step)).map((step) => step.name)
console.log(failed.length > 0 ? `\nFailed: ${failed.join(', ')}` : `\nAll ${present.length} steps passed.`)
process.exitCode = failed.length > 0 ? 1 : 0

/** Runs a step and prints one line for it, with all its output when it fails. */
function passes({ name, run }: Step): boolean {
  const begun = performance.now()
  const { status, signal, error, stdout, stderr } = spawnSync(process.execPath, run, {
    cwd: repository,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const seconds = ((performance.now() - begun) / 1000).toFixed(1).padStart(7)
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${name.padEnd(26)}${seconds} s`)
  if (status !== 0)
    console.log([stdout, stderr, error?.message, signal && `ended by ${signal}`].filter(Boolean).join('\n'))
  return status === 0
}
