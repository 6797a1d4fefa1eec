// npm start: the whole system in this process, on an embedded PostgreSQL or the one that DATABASE_URL names.
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { config, configure, setting } from '../../shared/config.ts'
import { startLocalHost } from '../../shared/hosts/local.ts'
import { transaction } from '../../shared/postgres/client.ts'
import { migrate } from '../postgres/migrate.ts'
import { extendSchedule, seed } from '../postgres/seed/load.ts'
import { startEmbeddedPostgres } from './embedded-postgres.ts'
import { freePort } from './free-port.ts'
import { AUDIENCE, ISSUER, type Issuer, openIssuer, ROLES_CLAIM, TOKEN_ROLES } from './issuer.ts'
import { keep, LOCAL_FOLDER } from './kept-file.ts'
import { step } from './steps.ts'

const DATA_FOLDER = join(LOCAL_FOLDER, 'postgres')
const LOOKUP_KEY_FILE = join(LOCAL_FOLDER, 'lookup-key')
const DOCUMENT_KEYS_FILE = join(LOCAL_FOLDER, 'document-keys')
const JWKS_PATH = '/.well-known/jwks.json'

/** What was started, to be stopped in reverse. */
const started: (() => Promise<void>)[] = []
let stopping = false

async function main(): Promise<void> {
  const port = await freePort(setting('PORT') ?? 3000)
  const own = setting('DATABASE_URL')
  console.log(own ? `Starting on the PostgreSQL of DATABASE_URL, ${placeOf(own)}` : 'Starting')
  // All settings are checked before the slow steps; the embedded server's port is not known before it runs.
  configure({
    DATABASE_URL: own ?? 'postgres://embedded',
    LOOKUP_KEY: await lookupKey(),
    DOCUMENT_KEYS: await documentKeys(),
  })
  const issuer = await localIssuer(port)
  config()
  const databaseUrl = own ?? (await startDatabase())
  configure({ DATABASE_URL: databaseUrl })
  await prepareDatabase(databaseUrl, own !== undefined)
  const host = await startLocalHost({ port, ...(issuer && { extra: { [JWKS_PATH]: issuer.jwks } }) })
  started.push(host.stop)
  printPlaces(host.url, own ? placeOf(own) : databaseUrl, issuer !== undefined)
}

async function startDatabase(): Promise<string> {
  const server = await step('PostgreSQL', () => startEmbeddedPostgres({ folder: DATA_FOLDER, durable: true }))
  started.push(server.stop)
  return server.url
}

async function prepareDatabase(url: string, own: boolean): Promise<void> {
  await step('Migrations', (report) => migrate(url, { onProgress: report })).catch((cause) => {
    throw own ? unreachable(url, cause) : cause
  })
  const seeded = await step('Sample airline, if there is none', (onProgress) => seed(url, { onProgress }))
  if (seeded) return
  // A database that was stopped for weeks lacks the flights of the days that came on sale since.
  await step('Flights of the coming 120 days', (onProgress) =>
    transaction((sql) => extendSchedule(sql, { onProgress })),
  )
}

/** The key of the surname hashes: the configured one, or one that is made once and kept. */
const lookupKey = async (): Promise<string> =>
  setting('LOOKUP_KEY') ??
  (await keep(LOOKUP_KEY_FILE, async () => `${randomBytes(32).toString('hex')}\n`)).trim()

/** The master keys of identity documents: the configured ones, or one that is made once and kept. */
const documentKeys = async (): Promise<string> =>
  setting('DOCUMENT_KEYS') ??
  (await keep(DOCUMENT_KEYS_FILE, async () => `local:${randomBytes(32).toString('hex')}\n`)).trim()

/** The issuer of this machine, unless another is configured. */
async function localIssuer(port: number): Promise<Issuer | undefined> {
  if (setting('OIDC_ISSUER') !== undefined || setting('OIDC_JWKS_URL') !== undefined) return undefined
  configure({
    OIDC_ISSUER: ISSUER,
    OIDC_AUDIENCE: AUDIENCE,
    OIDC_ROLES_CLAIM: ROLES_CLAIM,
    OIDC_JWKS_URL: `http://127.0.0.1:${port}${JWKS_PATH}`,
  })
  return await openIssuer()
}

/** Host and database of a URL, without the user and the password. */
function placeOf(url: string): string {
  const { host, pathname } = new URL(url)
  return `${host}${pathname}`
}

function unreachable(url: string, cause: unknown): unknown {
  const { code } = cause as { code?: string }
  // Of the codes of Node and the driver; an error of PostgreSQL itself has five characters and speaks for itself.
  if (code === undefined || !/^(?:E[A-Z]+|CONNECT_TIMEOUT|CONNECTION_\w+)$/.test(code)) return cause
  return new Error(
    `PostgreSQL cannot be reached at ${placeOf(url)} (${code}). Start it, correct DATABASE_URL, or unset it to use the embedded one.`,
    { cause },
  )
}

function printPlaces(url: string, database: string, withIssuer: boolean): void {
  const token = withIssuer
    ? `npm run -s token -- <role>     roles: ${TOKEN_ROLES.join(', ')}`
    : `from ${config().OIDC_ISSUER}`
  console.log(`
Ready after ${(performance.now() / 1000).toFixed(1)} s. Try ${url}/v1/destinations

  API reference  ${url}/docs
  OpenAPI        ${url}/openapi.json
  Health         ${url}/livez   ${url}/readyz
  Token          ${token}
  Database       ${database}

Ctrl-C stops it. What was booked is kept; npm run reset removes it.
`)
}

/** Stops all that was started, last first. */
async function stopAll(): Promise<void> {
  for (const stop of started.splice(0).reverse()) await stop()
}

/** A press of Ctrl-C can arrive twice, from the terminal and again from npm; a second press comes later. */
const SAME_PRESS_MS = 1000
const PARENT_CHECK_MS = 500

function stopWhenAsked(): void {
  let first = 0
  const stop = () => {
    if (!stopping) {
      stopping = true
      first = performance.now()
      console.log('\nStopping: what runs may finish, ten seconds at most. Ctrl-C again ends it at once.')
      stopAll().then(() => process.exit(0), fail)
    } else if (performance.now() - first > SAME_PRESS_MS) process.exit(130)
  }
  process.on('SIGINT', stop)
  process.on('SIGTERM', stop)
  // npm passes a SIGTERM to its shell alone, which ends without a word to this process.
  const parent = process.ppid
  const watch = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(watch)
    stop()
  }, PARENT_CHECK_MS).unref()
}

function fail(error: unknown): never {
  const { message, code } = error as { message?: string; code?: string }
  console.error(message || code || String(error))
  process.exit(1)
}

/** Ends after a fault. What a signal stops under a step makes that step fail, which is no news. */
async function giveUp(error: unknown): Promise<void> {
  if (stopping) return
  stopping = true
  await stopAll().catch(() => {})
  fail(error)
}

stopWhenAsked()
// The driver throws in a callback of its own when the server ends while it writes a large statement.
process.on('uncaughtException', giveUp)
await main().catch(giveUp)
