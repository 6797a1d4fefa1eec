import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { EVENTS } from '../../shared/events/index.ts'
import { uuidOf } from '../../shared/ids.ts'
import { database } from '../../shared/postgres/client.ts'
import { seededRandom } from '../concurrency/random.ts'
import { useApi } from '../support/api.ts'
import { scheduleTestFlight, type TestFlight } from '../support/flights.ts'
import { bookConfirmed, bookHeld, cancelFlight, inDays, soldOf } from '../support/operations.ts'
import { ADULT, birthDateFor, CABIN_DOG, infant } from '../support/orders.ts'

const api = useApi()
const SEATS = 180
const KILLS = 3
const DAY = inDays(20)
const CHILD = birthDateFor(8, DAY)
const SETTLER = join(import.meta.dirname, 'settle-child.ts')

const fly = async (more: Partial<TestFlight>) =>
  (await scheduleTestFlight({ origin: 'BOG', destination: 'ADZ', date: DAY, ...more })).id

type Made = { id: string; total: number; held: boolean }

/** Sells every seat to bookings of one to four, with children, infants, pets, ways back and some that are unpaid. */
async function sellOut(flight: string, back: string, random: () => number): Promise<Made[]> {
  const upTo = (most: number) => Math.floor(random() * (most + 1))
  const made: Made[] = []
  let [left, infants, pets] = [SEATS, 18, 6]
  while (left > 0) {
    const seated = Math.min(1 + upTo(3), left)
    left -= seated
    const party = Array.from({ length: seated }, (_, at) => (at > 0 && random() < 0.4 ? CHILD : ADULT))
    if (infants > 0 && random() < 0.3) {
      infants--
      party.push(infant())
    }
    if (random() < 0.15) {
      made.push({ ...(await bookHeld(api, [flight], party)), held: true })
      continue
    }
    const withPet = pets > 0 && random() < 0.2
    if (withPet) pets--
    const flights = random() < 0.2 ? [flight, back] : [flight]
    const more = { bookingClass: 'Y', ...(withPet && { pets: [CABIN_DOG] }) }
    made.push({ ...(await bookConfirmed(api, flights, party, more)), held: false })
  }
  return made
}

/** Starts a settling process, and waits until it has begun. */
async function startSettler(): Promise<ChildProcess> {
  const child = fork(SETTLER, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  child.send({ databaseUrl: api.database.url })
  await once(child, 'message')
  return child
}

const openOn = async (flight: string): Promise<number> => {
  const [row] = await database()`
    select count(*)::integer as open from bookings.disruptions
    where flight_id = ${uuidOf(flight)} and answer is null`
  return row?.open
}
const progress = async (flight: string) =>
  (await api.request('GET', `/v1/flights/${flight}/disruption`, { role: 'admin' })).body

it(`settles a sold-out flight whose settling is killed ${KILLS} times, everybody once`, async () => {
  const seed = Date.now() % 1_000_000
  console.log(`seed ${seed}`)
  const random = seededRandom(seed)
  // Every class of the way out is open to the last seat, so that it sells out.
  const flight = await fly({ time: '09:00', limits: [SEATS, SEATS, SEATS, SEATS, SEATS] })
  const next = await fly({ time: '13:00', seats: 70, petc: 2, infants: 3 })
  const later = await fly({ date: inDays(22), time: '13:00', seats: 40, petc: 1 })
  const back = await fly({ origin: 'ADZ', destination: 'BOG', date: inDays(30) })
  const made = await sellOut(flight, back, random)
  const total = made.length
  expect((await soldOf(flight)).stored).toMatchObject({ seats: SEATS })

  await cancelFlight(api, flight, 'rebook')
  expect(await progress(flight)).toMatchObject({ total, open: total, done: false })

  const settledAt: number[] = []
  for (let kill = 1; kill <= KILLS; kill++) {
    const before = await openOn(flight)
    // At least one further, and at least one left for each kill to come.
    const room = before - 2 * (KILLS - kill + 1)
    const target = before - 1 - Math.floor(random() * Math.max(1, Math.min(room, total / (KILLS + 1))))
    const child = await startSettler()
    const exited = once(child, 'exit')
    while ((await openOn(flight)) > target) {
      if (child.exitCode !== null) throw new Error(`the settling ended with ${child.exitCode}`)
      await sleep(1)
    }
    // Anywhere within the settling of the next booking.
    await sleep(random() * 12)
    child.kill('SIGKILL')
    expect(await exited).toEqual([null, 'SIGKILL'])
    const open = await openOn(flight)
    expect(open).toBeLessThan(before)
    expect(open).toBeGreaterThan(0)
    expect(await progress(flight)).toMatchObject({ open, done: false })
    settledAt.push(total - open)
  }

  // A killed process's last transaction may hold its booking for a moment: the next minute's run takes it.
  for (let run = 1; run <= 5 && !(await progress(flight)).done; run++) {
    const child = await startSettler()
    expect(await once(child, 'exit')).toEqual([0, null])
  }
  const end = await progress(flight)
  console.log({ bookings: total, killedAfter: settledAt, rebooked: end.rebooked, refunded: end.refunded })
  expect(end).toMatchObject({ total, open: 0, done: true })
  expect(end.rebooked + end.refunded).toBe(total)
  expect(end.rebooked).toBeGreaterThan(0)
  expect(end.refunded).toBeGreaterThan(0)

  for (const each of [flight, next, later, back]) {
    const { stored, counted } = await soldOf(each)
    expect(stored).toEqual(counted)
  }
  expect((await soldOf(flight)).stored).toEqual({ seats: 0, classes: 0, infants: 0, petc: 0, avih: 0 })
  await expectEachOnce(flight, made, [next, later])
}, 120_000)

/** Each booking was rebooked or refunded once, and its coupons, money, history and events agree with that. */
async function expectEachOnce(flight: string, made: readonly Made[], targets: string[]): Promise<void> {
  const sql = database()
  const rows = await sql`
    select b.id, b.status, q.total, d.answer, q.flight_ids && ${targets.map(uuidOf)}::uuid[] as moved,
      ${uuidOf(flight)} = any (q.flight_ids) as still,
      (select count(*) from bookings.history h where h.booking_id = b.id and h.actor = 'schedule') as settled,
      (select count(*) from platform.outbox o where o.subject = bookings.prefixed('bkg', b.id)
        and o.type in ('bookings.booking-changed.v1', 'bookings.booking-cancelled.v1')) as told,
      (select coalesce(sum(amount), 0)::bigint from bookings.refunds r where r.booking_id = b.id) as refunded,
      (select count(*) from bookings.refunds r where r.booking_id = b.id) as refunds,
      (select coalesce(sum(amount), 0)::bigint from bookings.money m where m.booking_id = b.id) as collected,
      (select count(*) from bookings.coupons c where c.booking_id = b.id and c.status = 'open') as open,
      (select jsonb_array_length(q.coupons)) as sold,
      (select count(*) from bookings.coupons c where c.booking_id = b.id and c.flight_id = ${uuidOf(flight)}
        and c.status not in ('exchanged', 'refunded')) as left_behind,
      (select count(*) from bookings.changes g where g.booking_id = b.id) as changes
    from bookings.bookings b join bookings.quotes q on q.id = b.quote_id
    join bookings.disruptions d on d.booking_id = b.id and d.flight_id = ${uuidOf(flight)}`
  expect(rows).toHaveLength(made.length)
  const events = await sql<{ type: keyof typeof EVENTS; data: unknown }[]>`
    select type, data from platform.outbox where type like 'bookings.%'`
  for (const { type, data } of events) EVENTS[type].parse(data)
  for (const { id, total, held } of made) {
    const row = rows.find((one) => one.id === id)
    const paid = held ? 0 : total
    const common = { answer: row?.answer, settled: 1, told: 1, left_behind: 0, collected: paid, total }
    expect(row).toMatchObject(
      row?.answer === 'rebooked'
        ? {
            ...common,
            status: held ? 'held' : 'confirmed',
            moved: true,
            still: false,
            refunds: 0,
            refunded: 0,
            open: row?.sold,
            changes: 1,
          }
        : {
            ...common,
            status: 'cancelled',
            moved: false,
            still: true,
            refunds: held ? 0 : 1,
            refunded: paid,
            open: 0,
            changes: 0,
          },
    )
  }
}
