import type { ICruiseOptions, IForbiddenRuleType } from 'dependency-cruiser'

/** A test file; it may reach where product code may not. */
const TEST = '\\.test\\.ts$'
/** Folders whose files are functions: one file, one use case, one deployable. */
const FUNCTION_FOLDERS = '(?:commands|queries|workers|schedules)'
/** Folders under shared/ that hold a port and its adapters. */
const PORTS = '(?:messaging|cache|documents|mail|payments|language-models)'

/**
 * Who may import whom. Each rule has a planted violation under violations/dependencies/<rule name>/, so a
 * rule that stops firing fails the tests.
 */
export const rules: readonly IForbiddenRuleType[] = [
  {
    name: 'slice-through-index',
    severity: 'error',
    comment:
      'Slices change apart from each other. What a slice offers is what its index.ts exports; the rest may ' +
      'change without asking. A test that crosses slices stands in tests/.',
    from: { path: '^functions/([^/]+)/' },
    to: { path: '^functions/[^/]+/', pathNot: ['^functions/$1/', '^functions/[^/]+/index\\.ts$'] },
  },
  {
    name: 'function-stands-alone',
    severity: 'error',
    comment:
      'A function is deployed alone: one that imports another carries both. They share through the ' +
      "slice's own files. Only index.ts, the hosts and tests load a function's file.",
    from: { path: '^functions/([^/]+)/', pathNot: [TEST, '^functions/[^/]+/index\\.ts$'] },
    to: { path: [`^functions/$1/${FUNCTION_FOLDERS}/`, '^functions/$1/index\\.ts$'] },
  },
  {
    name: 'shared-knows-no-function',
    severity: 'error',
    comment:
      'shared/ serves every slice and must not depend on one. The hosts load entries because that is their ' +
      'work; OpenAPI is read off the catalog.',
    from: { path: '^shared/', pathNot: '^shared/(?:hosts/|http/openapi)' },
    to: { path: '^functions/' },
  },
  {
    name: 'openapi-reads-catalog-only',
    severity: 'error',
    comment: 'The OpenAPI document names every route, and the catalog is where they are named.',
    from: { path: '^shared/http/openapi' },
    to: { path: '^functions/', pathNot: '^functions/catalog\\.ts$' },
  },
  {
    name: 'catalog-imports-nothing',
    severity: 'error',
    comment:
      'Stacks, charts and tests read the catalog without loading a handler, and a bundle keeps its own entry ' +
      'only: both end with its first import.',
    from: { path: '^functions/catalog\\.ts$' },
    to: { path: '.' },
  },
  {
    name: 'no-cycle',
    severity: 'error',
    comment: 'Files in a cycle are one file: they cannot be read, tested or bundled apart.',
    from: {},
    to: { circular: true },
  },
  {
    name: 'product-knows-no-surroundings',
    severity: 'error',
    comment:
      'What is deployed must not need what surrounds it: infra, stacks, tests and bench import the product.',
    from: { path: '^(?:functions|shared)/', pathNot: TEST },
    to: { path: '^(?:infra|stacks|tests|bench)/' },
  },
  {
    name: 'nobody-imports-a-test',
    severity: 'error',
    comment: 'Importing a test runs it a second time; what two tests share stands in tests/support.',
    from: {},
    to: { path: TEST },
  },
  {
    name: 'postgres-behind-shared',
    severity: 'error',
    comment:
      'Connections, time-outs and transactions are set in one place. Types may be named anywhere: they open no ' +
      'connection.',
    from: { path: '^(?:functions|shared)/', pathNot: '^shared/postgres/' },
    to: { path: '(?:^|/)node_modules/postgres/', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'hono-behind-http',
    severity: 'error',
    comment: 'A function does not know where it runs; HTTP is endpoint() and the hosts.',
    from: { path: '^(?:functions|shared)/', pathNot: '^shared/(?:http|hosts)/' },
    to: { path: '(?:^|/)node_modules/(?:hono|@hono)/' },
  },
  {
    name: 'adapter-by-subpath',
    severity: 'error',
    comment:
      'The host chooses the adapter by a condition of the subpath imports (#mail, #cache…). Named, it would be ' +
      "in every bundle. The port's interface, port.ts, may be named.",
    from: { path: '^functions/' },
    to: {
      path: `^shared/${PORTS}/`,
      pathNot: `^shared/${PORTS}/port\\.ts$`,
      dependencyTypesNot: ['aliased-subpath-import'],
    },
  },
  {
    name: 'zod-mini-only',
    severity: 'error',
    comment:
      'Minified in a bundle, a small schema weighs 18 kB with zod/mini and 90 to 454 kB with zod (ADR 0005).',
    from: { path: '^(?:functions|shared)/' },
    to: { path: '(?:^|/)node_modules/zod/', pathNot: '(?:^|/)node_modules/zod/(?:mini|locales|v4/locales)/' },
  },
  {
    name: 'no-dev-package',
    severity: 'error',
    comment: 'A devDependency is not there in production.',
    from: { path: '^(?:functions|shared)/', pathNot: TEST },
    to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'no-undeclared-package',
    severity: 'error',
    comment: 'A package that only happens to be installed goes away with the dependency that brought it.',
    from: {},
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
  },
  {
    name: 'no-unresolvable',
    severity: 'error',
    comment: 'An import that resolves to nothing is checked by no other rule.',
    from: {},
    to: { couldNotResolve: true },
  },
]

/** Where the cruise starts; a folder that does not exist is left out by the caller. */
export const roots = ['functions', 'shared', 'infra', 'stacks', 'tests', 'bench']

/**
 * TypeScript 7 has no JavaScript API, and without one dependency-cruiser falls back, in silence, to a parser that does
 * not tell type imports from others: so the files are parsed with swc.
 */
export const options: ICruiseOptions = {
  parser: 'swc',
  tsPreCompilationDeps: true,
  doNotFollow: { path: 'node_modules' },
  // The client is a project of its own, over types that are generated.
  exclude: { path: '(?:^|/)(?:infra/checks/violations|tests/contract/client)/' },
  enhancedResolveOptions: {
    exportsFields: ['exports'],
    conditionNames: ['import', 'node', 'default', 'types'],
    extensions: ['.ts', '.mjs', '.js', '.json', '.d.ts'],
  },
}
