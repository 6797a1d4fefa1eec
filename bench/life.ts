import { createHash, randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beginPayment } from '../functions/bookings/payment.ts'
import { newUuid } from '../shared/ids.ts'
import { database, type Sql } from '../shared/postgres/client.ts'
import { resetBookings } from './checks.ts'
import type { Operation } from './operation.ts'
import { CALLER, fillPool } from './quotes.ts'
import type { Scenario } from './scenarios.ts'

const PEER = join(import.meta.dirname, 'peer-life.sql')

type Held = { bookingId: string; total: number }

/** The bookings of the pool, by their number less one. */
let held: Held[] = []

/** A pool of quotes, and in the bench's own schema what makes bookings of them. */
async function fill(sql: Sql, scenario: Scenario, pool: number): Promise<void> {
  await fillPool(sql, scenario, pool)
  const [made] = await sql`select to_regclass('bench.held') is not null as made`
  if (!made?.made) await sql.unsafe(readFileSync(PEER, 'utf8'))
}

/** Every quote of the pool booked and held; nothing else. */
async function hold(sql: Sql): Promise<void> {
  await resetBookings(sql)
  await sql`select bench.hold_pool((select count(*) from bookings.quotes)::integer)`
  await sql`truncate platform.outbox, platform.idempotency_keys`
  held = await sql<Held[]>`select booking_id as "bookingId", total from bench.held order by n`
  await sql`vacuum (analyze) bookings.bookings, bookings.coupons, flights.cabin_inventory`
  await sql`checkpoint`
}

async function confirm(sql: Sql): Promise<void> {
  await hold(sql)
  await sql`select bench.confirm_pool()`
  await sql`vacuum (analyze) bookings.bookings, bookings.payments, bookings.refund_quotes`
  await sql`checkpoint`
}

function bookingAt(n: number): Held {
  const booking = held[n - 1]
  if (!booking) throw new RangeError(`the pool has no booking ${n}`)
  return booking
}

const digestOf = (key: string): string => createHash('sha256').update(key).digest('hex')

async function pay(_: Scenario, n: number): Promise<void> {
  const { bookingId, total } = bookingAt(n)
  const key = randomUUID()
  const { answer } = await beginPayment({
    caller: CALLER,
    key,
    digest: digestOf(key),
    bookingId,
    version: null,
    purpose: 'booking',
    changeId: null,
    method: 'cash',
    provider: 'agency',
    amount: total,
    currency: 'COP',
    reference: key,
    traceparent: null,
  })
  if (answer.type !== 'paid') throw new Error(`booking ${n} was not paid: ${JSON.stringify(answer)}`)
}

async function cancel(_: Scenario, n: number): Promise<void> {
  const { bookingId } = bookingAt(n)
  const key = randomUUID()
  const sql = database()
  const request = {
    caller: CALLER,
    key,
    digest: digestOf(key),
    bookingId,
    version: null,
    refundQuoteId: bookingId,
    eventId: newUuid(),
    traceparent: null,
  }
  const [answered] = await sql<{ answer: { type: string } }[]>`
    select answer from bookings.cancel(${sql.json(request)})`
  if (answered?.answer.type !== 'cancelled')
    throw new Error(`booking ${n} was not cancelled: ${JSON.stringify(answered)}`)
}

/** @throws when what a run left behind is not what so many steps leave: then its rate is worth nothing */
async function check(sql: Sql, made: number, status: 'confirmed' | 'cancelled'): Promise<void> {
  const [left] = await sql<Record<string, number>[]>`
    select count(*)::integer as bookings,
      (select count(*)::integer from platform.idempotency_keys) as keys,
      (select count(*)::integer from platform.outbox) as events,
      (select count(*)::integer from bookings.history h where h.action = ${status}) as history,
      (select count(*)::integer from bookings.money) as money,
      (select count(*)::integer from bookings.documents) as documents,
      (select count(*)::integer from bookings.refunds) as refunds,
      (select sum(sold)::integer from flights.cabin_inventory) as sold,
      (select sum(n)::integer from flights.cabin_inventory, unnest(class_sold) n) as "classSold",
      (select count(*)::integer from bookings.coupons where status = 'open') as open
    from bookings.bookings b where b.status = ${status}`
  const cancelled = status === 'cancelled' ? made : 0
  const paid = status === 'cancelled' ? held.length : made
  const seats = held.length - cancelled
  const due = {
    bookings: made,
    keys: made,
    events: made,
    history: made,
    money: paid,
    documents: paid,
    refunds: cancelled,
    sold: seats,
    classSold: seats,
    open: seats,
  }
  const off = Object.entries(due).filter(([name, count]) => left?.[name] !== count)
  if (made > 0 && off.length === 0) return
  throw new Error(
    `${status}: ${made} made; ${off.map(([name, count]) => `${name} ${left?.[name]}, due ${count}`).join('; ')}`,
  )
}

const nowhere = (): never => {
  throw new Error('is not measured over HTTP')
}

/** Paying a held booking in cash, which confirms it in the same call. */
export const CONFIRM: Operation = {
  fill,
  reset: hold,
  check: (sql, _, made) => check(sql, made, 'confirmed'),
  pgbench: 'peer-confirm.sql',
  alone: pay,
  gathered: pay,
  request: nowhere,
}

/** Cancelling a confirmed booking by its refund quote. */
export const CANCEL: Operation = {
  fill,
  reset: confirm,
  check: (sql, _, made) => check(sql, made, 'cancelled'),
  pgbench: 'peer-cancel.sql',
  alone: cancel,
  gathered: cancel,
  request: nowhere,
}
