import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createConnection, createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { transaction } from '../../shared/postgres/client.ts'
import { useDatabase } from '../../tests/support/database.ts'
import { seedReference } from '../postgres/seed/load.ts'

// On a database of DATABASE_URL, so that what the developer has in .local is left alone.
const { url } = useDatabase()
const START = join(import.meta.dirname, 'start.ts')
const environment = {
  PORT: '0',
  DATABASE_URL: url,
  LOOKUP_KEY: '00'.repeat(32),
  DOCUMENT_KEYS: `test:${'11'.repeat(32)}`,
  OIDC_ISSUER: 'https://issuer.test',
  OIDC_JWKS_URL: 'https://issuer.test/keys',
  LOG_LEVEL: 'silent',
}

const launched: ChildProcess[] = []

beforeAll(() => transaction(async (sql) => void (await seedReference(sql))))
afterEach(() => {
  for (const process of launched.splice(0)) process.kill('SIGKILL')
})

test('serves until Ctrl-C, and then ends with 0', async () => {
  const start = launch(process.execPath, [START])
  const errors = text(start.stderr)
  const output = await outputUntilReady(start)
  expect(output).toContain(`Starting on the PostgreSQL of DATABASE_URL, ${new URL(url).host}/`)
  expect(output).toMatch(/Migrations.*\n.*Sample airline.*\n.*Flights of the coming 120 days/)
  expect(output).not.toContain(new URL(url).password)
  const address = addressIn(output)
  expect((await fetch(`${address}/readyz`)).status).toBe(200)
  expect((await fetch(`${address}/v1/destinations`)).status).toBe(200)

  // As from a terminal, where npm passes the same press on once more, while a request is still coming in.
  const request = await openRequest(address)
  start.kill('SIGINT')
  await sleep(300)
  start.kill('SIGINT')
  await sleep(300)
  request.end('\r\n')
  expect(await text(request)).toContain('HTTP/1.1 200 OK')
  expect(await once(start, 'exit')).toEqual([0, null])
  expect(await errors).toBe('')
})

test('a second Ctrl-C does not wait for what runs', async () => {
  const start = launch(process.execPath, [START])
  const request = await openRequest(addressIn(await outputUntilReady(start)))
  request.on('error', () => {})
  start.kill('SIGINT')
  await sleep(1100)
  start.kill('SIGINT')
  expect(await once(start, 'exit')).toEqual([130, null])
})

function launch(program: string, args: string[], settings: Record<string, string> = {}) {
  const started = spawn(program, args, {
    env: { ...environment, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  launched.push(started)
  return started
}

/** A request that lacks the end of its headers. */
async function openRequest(address: string): Promise<Socket> {
  const request = createConnection(Number(new URL(address).port), '127.0.0.1')
  await once(request, 'connect')
  request.write('GET /livez HTTP/1.1\r\nHost: test\r\nConnection: close\r\n')
  await sleep(100)
  return request
}

test('ends when the shell that npm started it by is gone', async () => {
  const shell = launch('/bin/sh', ['-c', '"$0" "$1"; true', process.execPath, START])
  const address = addressIn(await outputUntilReady(shell))
  shell.kill('SIGTERM')
  await expect
    .poll(
      () =>
        fetch(`${address}/livez`).then(
          ({ status }) => status,
          () => 'gone',
        ),
      { timeout: 5000 },
    )
    .toBe('gone')
})

test('says which port is taken before anything slow, and how to take another', async () => {
  const other = createServer().listen(0, '127.0.0.1')
  await once(other, 'listening')
  const { port } = other.address() as { port: number }
  expect(await failureOf({ PORT: String(port) })).toEqual({
    output: '',
    errors: `Port ${port} is taken by another program, or by this one started twice. Take another one: PORT=3000 npm start\n`,
  })
  other.close()
})

test.each([
  [
    { PORT: 'web' },
    'PORT must be a whole number from 0 to 65535. Change or unset this environment variable.\n',
  ],
  [{ LOG_LEVEL: 'loud' }, /^The configuration is not complete.*\n {2}LOG_LEVEL: must be one of trace, .*\n$/],
  [{ OIDC_JWKS_URL: '' }, /^The configuration is not complete.*\n {2}OIDC_JWKS_URL: is missing\n$/],
  [
    { DATABASE_URL: 'postgres://me:secret@127.0.0.1:1/none' },
    'PostgreSQL cannot be reached at 127.0.0.1:1/none (ECONNREFUSED). Start it, correct DATABASE_URL, or unset it to use the embedded one.\n',
  ],
])('says what is wrong with %j, and no more', async (settings, message) => {
  const { output, errors } = await failureOf(settings)
  expect(errors).toEqual(message instanceof RegExp ? expect.stringMatching(message) : message)
  expect(output).not.toContain('Migrations')
})

async function failureOf(settings: Record<string, string>): Promise<{ output: string; errors: string }> {
  const start = launch(process.execPath, [START], settings)
  const [output, errors, [code]] = await Promise.all([
    text(start.stdout),
    text(start.stderr),
    once(start, 'exit'),
  ])
  expect(code).toBe(1)
  return { output, errors }
}

async function outputUntilReady(start: ChildProcess): Promise<string> {
  let output = ''
  for await (const chunk of start.stdout ?? []) {
    output += chunk
    if (output.includes('Ctrl-C stops it')) return output
  }
  throw new Error(`ended before it was ready:\n${output}`)
}

const addressIn = (output: string): string => /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0] ?? ''
