import { execFile } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { seedReference } from '../../infra/postgres/seed/load.ts'
import { addDays } from '../../shared/dates.ts'
import type { OpenApiDocument } from '../../shared/http/openapi.ts'
import { transaction } from '../../shared/postgres/client.ts'
import { useDatabase } from '../support/database.ts'
import { today } from '../support/dates.ts'
import { scheduleTestFlight } from '../support/flights.ts'
import { startTestHost, type TestHost } from '../support/local-host.ts'

/**
 * A client of the API, generated from the document that a host serves: it must compile, and book a flight there. What
 * would break such a client must not compile.
 */

const repository = join(import.meta.dirname, '../..')
const program = join(import.meta.dirname, 'client/book-flight.ts')
const types = join(repository, '.build/contract')
const database = useDatabase()
const date = addDays(today(), 30)
let host: TestHost
let document: OpenApiDocument

beforeAll(async () => {
  await transaction(seedReference)
  await scheduleTestFlight({ origin: 'BOG', destination: 'ADZ', date })
  host = await startTestHost(database.url)
  document = (await (await fetch(`${host.url}/openapi.json`)).json()) as OpenApiDocument
  rmSync(types, { recursive: true, force: true })
  writeProject(types, document)
  for (const [name, breakIt] of Object.entries(BREAKS)) {
    const broken = structuredClone(document)
    breakIt(broken.paths)
    writeProject(join(types, name), broken)
  }
  const folders = [types, ...Object.keys(BREAKS).map((name) => join(types, name))]
  await node(join(import.meta.dirname, 'generate-types.ts'), ...folders)
}, 120_000)
afterAll(() => host?.stop())

// biome-ignore lint/suspicious/noExplicitAny: what is broken fits no type
type Paths = any
const bodyOf = (operation: Paths) => operation.requestBody.content['application/json'].schema
const answerOf = (operation: Paths, status: number) =>
  operation.responses[status].content['application/json'].schema

/** Changes that a client would notice, by name. */
const BREAKS: Record<string, (paths: Paths) => void> = {
  'a-path-is-gone': (paths) => delete paths['/v1/booking-access'],
  'a-member-of-an-answer-is-gone': (paths) => {
    delete answerOf(paths['/v1/quotes'].post, 201).properties.quoteId
  },
  'a-member-of-an-answer-may-be-absent': (paths) => {
    const answer = answerOf(paths['/v1/bookings'].post, 201)
    answer.required = answer.required.filter((name: string) => name !== 'locator')
  },
  'a-request-needs-another-member': (paths) => {
    const body = bodyOf(paths['/v1/bookings'].post)
    body.properties.document = { type: 'string' }
    body.required.push('document')
  },
  'a-parameter-has-another-type': (paths) => {
    const parameters: { name?: string; schema: object }[] = paths['/v1/flights'].get.parameters
    for (const parameter of parameters) {
      if (parameter.name === 'adults') parameter.schema = { type: 'string' }
    }
  },
  'a-problem-has-another-code': (paths) => {
    const notFound = paths['/v1/booking-access'].post.responses[404].content['application/problem+json']
    notFound.schema.allOf[1].properties.code.enum = ['booking-lost']
  },
}

/** A folder with the document, and a project of the client over the types that will be made of it. */
function writeProject(folder: string, content: OpenApiDocument): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'openapi.json'), JSON.stringify(content))
  const project = {
    extends: join(import.meta.dirname, 'client/tsconfig.json'),
    compilerOptions: { paths: { 'openapi-types': ['./openapi.d.ts'] } },
    files: [program],
    include: [],
  }
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(project))
}

/** What a program writes; it must end well. */
const node = async (...command: string[]): Promise<string> =>
  (await promisify(execFile)(process.execPath, command, { cwd: repository })).stdout

/** What the compiler says of the client over the types in this folder. */
const compile = (folder: string): Promise<string> =>
  node('node_modules/typescript/bin/tsc', '-p', folder).catch(({ stdout }) => stdout)

describe('a client that is generated from the document', () => {
  it('compiles without a cast', async () => {
    expect(await compile(types)).toBe('')
  })

  it('books a flight on a host', async () => {
    const told = JSON.parse(await node(program, host.url, date))
    expect(told).toEqual({
      promised: expect.any(Number),
      quoted: told.promised,
      booked: told.promised,
      status: 'held',
      read: ['ADT Ñáñez Pérez', 'ADT Ñáñez'],
      lines: told.promised,
      wrongIsRefused: true,
    })
  })

  it.each(Object.keys(BREAKS))('does not compile when %s', async (name) => {
    expect(await compile(join(types, name))).toMatch(/client\/book-flight\.ts\(\d+,\d+\): error TS/)
  })
})
