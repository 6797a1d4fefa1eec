import { configDefaults, defineConfig } from 'vitest/config'

const POSTGRES_TESTS = '**/*.pg.test.ts'
const SERVER_TESTS = '**/*.server.test.ts'
// One embedded PostgreSQL a run, shared by the projects that need it.
const globalSetup = 'tests/support/postgres-global.ts'

export default defineConfig({
  test: {
    exclude: [...configDefaults.exclude, '.local/**', '.build/**', 'infra/checks/violations/**'],
    maxWorkers: 2,
    projects: [
      { test: { name: 'unit', include: ['**/*.test.ts'], exclude: [POSTGRES_TESTS, SERVER_TESTS] } },
      {
        test: {
          name: 'postgres',
          include: [POSTGRES_TESTS],
          globalSetup,
          pool: 'forks',
          testTimeout: 20_000,
          hookTimeout: 30_000,
        },
      },
      {
        test: {
          name: 'server',
          include: [SERVER_TESTS],
          globalSetup,
          pool: 'forks',
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
})
