import { globSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { cruise, type ICruiseResult } from 'dependency-cruiser'
import { describe, expect, test } from 'vitest'
import { options, roots, rules } from './dependency-rules.ts'

const repository = join(import.meta.dirname, '../..')
const planted = join(import.meta.dirname, 'violations/dependencies')

/** What breaks which rule under violations/dependencies/<rule>/; any other import there is allowed. */
const expected: Record<string, readonly string[]> = {
  'slice-through-index': [
    'functions/bookings/commands/offender.ts > functions/flights/tax.ts',
    'functions/bookings/models.ts > functions/flights/tax.ts',
  ],
  'function-stands-alone': [
    'functions/bookings/commands/change.ts > functions/bookings/commands/cancel.ts',
    'functions/bookings/commands/create.ts > functions/bookings/queries/find.ts',
    'functions/bookings/pricing.ts > functions/bookings/index.ts',
    'functions/bookings/workers/rank.ts > functions/bookings/schedules/sweep.ts',
  ],
  'shared-knows-no-function': ['shared/events/offender.ts > functions/bookings/models.ts'],
  'openapi-reads-catalog-only': ['shared/http/openapi.ts > functions/bookings/index.ts'],
  'catalog-imports-nothing': ['functions/catalog.ts > shared/events/queue.ts'],
  'no-cycle': ['shared/events/first.ts > shared/events/second.ts'],
  'product-knows-no-surroundings': [
    'functions/bookings/commands/offender.ts > infra/local/start.ts',
    'shared/postgres/offender.ts > tests/support/database.ts',
  ],
  'nobody-imports-a-test': ['functions/bookings/offender.ts > functions/bookings/pricing.test.ts'],
  'postgres-behind-shared': ['functions/bookings/commands/offender.ts > npm:postgres'],
  'hono-behind-http': [
    'functions/bookings/commands/offender.ts > npm:hono',
    'shared/cache/offender.ts > npm:hono',
  ],
  'adapter-by-subpath': ['functions/notifications/workers/offender.ts > shared/mail/smtp.ts'],
  'zod-mini-only': ['functions/bookings/offender.ts > npm:zod'],
  'no-dev-package': ['functions/bookings/offender.ts > npm:fast-check'],
  'no-undeclared-package': ['functions/bookings/offender.ts > npm:pg-pool'],
  'no-unresolvable': [
    'functions/bookings/absent-package.ts > a-package-that-nobody-installed',
    'functions/bookings/offender.ts > ./prices.ts',
  ],
}

describe('dependency rules on planted violations', () => {
  test('every rule has planted violations, and nothing is planted for a rule that is gone', () => {
    const names = rules.map((rule) => rule.name).sort()
    expect(readdirSync(planted).sort()).toEqual(names)
    expect(Object.keys(expected).sort()).toEqual(names)
  })

  test.each(Object.entries(expected))('%s fires there and nowhere else', async (rule, offences) => {
    const result = await cruiseTree(join(planted, rule))
    expect(violationsOf(result)).toEqual(offences.map((offence) => `${rule}: ${offence}`))
  })
})

describe('dependency rules on the repository', () => {
  test('nothing breaks a rule, and every file and import was seen', async () => {
    const result = await cruiseTree(repository)
    expect(violationsOf(result).join('\n')).toBe('')

    const files = productAndSurroundings()
    const seen = new Map(result.modules.map((module) => [module.source, module.dependencies]))
    expect(files.filter((file) => /^(functions|shared)\//.test(file)).length).toBeGreaterThan(0)
    expect(files.filter((file) => !seen.has(file))).toEqual([])

    // A second, cruder reading of the imports: a parser that goes blind on a syntax is noticed here.
    const missed = files.flatMap((file) => {
      const known = new Set(seen.get(file)?.map((dependency) => dependency.module))
      return importsOf(file)
        .filter((name) => !known.has(name))
        .map((name) => `${file} > ${name}`)
    })
    expect(missed.join('\n')).toBe('')
  })
})

async function cruiseTree(baseDir: string): Promise<ICruiseResult> {
  const present = readdirSync(baseDir).filter((name) => roots.includes(name))
  const { output } = await cruise(present, {
    ...options,
    baseDir,
    validate: true,
    ruleSet: { forbidden: [...rules] },
  })
  if (typeof output === 'string') throw new Error('dependency-cruiser answered text where a result was due')
  return output
}

/** `rule: from > to`, sorted; a package is written `npm:name`. */
function violationsOf(result: ICruiseResult): string[] {
  return result.summary.violations
    .map(
      ({ rule, from, to }) =>
        `${rule.name}: ${from} > ${to.replace(/^.*node_modules\/([^/]+)\/.*$/, 'npm:$1')}`,
    )
    .sort()
}

function productAndSurroundings(): string[] {
  return globSync(`{${roots.join(',')}}/**/*.ts`, { cwd: repository })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => !/^(?:infra\/checks\/violations|tests\/contract\/client)\//.test(file))
}

/** Static imports and re-exports at the start of a line, by their specifier; without `node:`, as the cruise has it. */
function importsOf(file: string): string[] {
  const statements = /^(?:import|export)\s(?:[^'"`;=]*?\sfrom\s)?'(?:node:)?([^']+)'/gm
  return [...readFileSync(join(repository, file), 'utf8').matchAll(statements)].map((match) => match[1] ?? '')
}
