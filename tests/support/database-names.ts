/** The migrated database that every test file clones. */
export const TEMPLATE = 'template_flights'

/** How the names of the tests' own databases begin; what a killed run leaves is found by it and dropped. */
export const TEST_DATABASE_PREFIX = 'test_'

/** The same server's URL for another database. */
export function databaseUrl(url: string, database: string): string {
  return Object.assign(new URL(url), { pathname: `/${database}` }).href
}
