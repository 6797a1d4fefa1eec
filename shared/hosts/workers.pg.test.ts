import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useDatabase } from '../../tests/support/database.ts'
import { configure } from '../config.ts'
import type { EventType } from '../events/index.ts'
import { newUuid, publicId } from '../ids.ts'
import { database, type Transaction } from '../postgres/client.ts'
import { worker } from '../worker.ts'
import { type RunningWorkers, runWorkers } from './workers.ts'

useDatabase()
configure({
  LOG_LEVEL: 'silent',
  DATABASE_URL: 'postgres://unused',
  OIDC_ISSUER: 'urn:x',
  OIDC_JWKS_URL: 'http://x',
})
configure({ LOOKUP_KEY: '00'.repeat(32), DOCUMENT_KEYS: `test:${'11'.repeat(32)}` })

const data = {
  bookingId: publicId('booking', newUuid()),
  version: 1,
  currency: 'COP',
  total: 100,
  outbound: { origin: 'BOG', destination: 'ADZ', departureDate: '2026-12-10' },
  flights: [],
  passengers: [{ number: 1, type: 'ADT', age: 30, candies: false }],
  pets: [],
  charges: [],
  counter: [],
}
const write = (type: EventType, content: object = data) => {
  const sql = database()
  return sql`insert into platform.outbox (event_id, type, subject, version, data)
    values (${newUuid()}, ${type}, ${data.bookingId}, 1, ${sql.json(content as never)})`
}
const waiting = async () => (await database()`select id from platform.outbox where done_at is null`).length
const effects = async () => (await database()`select kind from effects order by kind`).map(({ kind }) => kind)
const record = (kind: string) => (sql: Transaction, events: readonly unknown[]) =>
  sql`insert into effects select ${kind} from generate_series(1, ${events.length})`.then(() => undefined)

const entry = <Type extends EventType>(name: string, on: readonly Type[]) => ({
  entry: `planted/workers/${name}`,
  on,
  summary: 'Planted',
  reaches: ['postgres'],
})
const CREATED = ['bookings.booking-created.v1'] as const
const CONFIRMED = ['bookings.booking-confirmed.v1'] as const

describe('runWorkers', () => {
  let running: RunningWorkers | undefined
  beforeEach(() => database()`create table effects (kind text)`)
  afterEach(async () => {
    await running?.stop()
    await database()`drop table effects`
    await database()`truncate platform.outbox`
  })

  it('hands each event to the workers that asked for it, once', async () => {
    running = runWorkers([
      worker(entry('one', CREATED), record('created')),
      worker(entry('both', [...CREATED, ...CONFIRMED]), record('any')),
    ])
    await write('bookings.booking-created.v1')
    await write('bookings.booking-confirmed.v1')
    await vi.waitFor(async () => expect(await waiting()).toBe(0), 5000)
    expect(await effects()).toEqual(['any', 'any', 'created'])
  })

  it('gives what the schema has parsed', async () => {
    const seen: unknown[] = []
    running = runWorkers([
      worker(entry('reader', CREATED), async (_, events) => {
        seen.push(
          ...events.map((event) => [event.id.slice(0, 4), event.subject, event.data.outbound.destination]),
        )
      }),
    ])
    await write('bookings.booking-created.v1')
    await vi.waitFor(() => expect(seen).toEqual([['evt_', data.bookingId, 'ADZ']]), 5000)
  })

  it('undoes the effects of a batch in which a worker failed, and delivers it again', async () => {
    let failures = 1
    running = runWorkers([
      worker(entry('steady', CREATED), record('steady')),
      worker(entry('shaky', CREATED), async (sql, events) => {
        await record('shaky')(sql, events)
        if (failures-- > 0) throw new Error('down')
      }),
    ])
    await write('bookings.booking-created.v1')
    await vi.waitFor(async () => expect(await waiting()).toBe(0), 8000)
    expect(await effects()).toEqual(['shaky', 'steady'])
  })

  it('does not mark an event done that breaks its schema', async () => {
    running = runWorkers([worker(entry('one', CREATED), record('created'))])
    await write('bookings.booking-created.v1', { ...data, total: 'much' })
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(await waiting()).toBe(1)
    expect(await effects()).toEqual([])
  })

  it('leaves the outbox alone without workers', async () => {
    running = runWorkers([])
    await write('bookings.booking-created.v1')
    await new Promise((resolve) => setTimeout(resolve, 400))
    expect(await waiting()).toBe(1)
  })
})
