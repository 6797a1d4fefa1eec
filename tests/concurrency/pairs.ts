import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { addDays } from '../../shared/dates.ts'
import { uuidOf } from '../../shared/ids.ts'
import { database } from '../../shared/postgres/client.ts'
import type { Client } from '../support/client.ts'
import { today } from '../support/dates.ts'
import { scheduleTestFlight } from '../support/flights.ts'
import { ADULT, CABIN_DOG, expectMade, infant, orderOf, sales } from '../support/orders.ts'
import { countDeadlocks } from './deadlocks.ts'
import { seededRandom } from './random.ts'
import type { PairRequest, WriterReport } from './writer.ts'

/** Two processes book in each cabin. The cabins have inventories of their own, and share lap infants and pets. */
const CABINS = [
  { cabin: 'Y', bookingClass: 'Y' },
  { cabin: 'C', bookingClass: 'C' },
]
const REQUESTS = 128
const BATCH = 16
const WRITER = join(import.meta.dirname, 'writer.ts')

const OUT = { origin: 'BOG', destination: 'JFK' }
const BACK = { origin: 'JFK', destination: 'BOG' }

type Flight = { id: string; uuid: string }
export type PairFigures = { booked: number; refused: number }

/**
 * Four processes book two flights together, half of the requests with the flights in one order and half in the other,
 * in batches that mix both. Two by two they send the same requests under the same keys, each batch in opposite orders.
 * @throws AssertionError that names what does not hold
 */
export async function bookPairs(client: Client, databaseUrl: string, seed: number): Promise<PairFigures> {
  const date = addDays(today(), 30)
  // Each flight runs out of something before the other does.
  const [out, back] = [
    await scheduleTestFlight({
      ...OUT,
      date,
      seats: 90,
      business: { seats: 80 },
      infants: 70,
      petc: 60,
    }),
    await scheduleTestFlight({
      ...BACK,
      date: addDays(date, 7),
      seats: 100,
      business: { seats: 70 },
      infants: 60,
      petc: 70,
    }),
  ]
  const random = seededRandom(seed)
  const groups = await Promise.all(CABINS.map((wanted) => storeRequests(client, [out, back], wanted, random)))
  const before = await countDeadlocks()
  const reports = await runWriters(
    databaseUrl,
    groups.flatMap((requests) => {
      const batches = inBatches(requests)
      return [batches, batches.map((batch) => batch.toReversed())]
    }),
  )
  assert.deepEqual(
    reports.flatMap(({ errors }) => errors),
    [],
    'errors that came out of book_many',
  )
  assert.equal(await countDeadlocks(), before, 'deadlocks that PostgreSQL resolved')

  const answers = groups.flatMap((requests, group) => {
    const [one, other] = [reports[2 * group], reports[2 * group + 1]]
    return requests.map(({ key }) => {
      const [first, second] = [one?.answers[key], other?.answers[key]]
      assert(first && second, 'a request without an answer')
      assert.deepEqual(first.answer, second.answer, 'two answers under one key')
      assert.notEqual(first.replayed, second.replayed, 'one answer is the first, the other its repeat')
      return first.answer
    })
  })
  const booked = answers.filter(({ type }) => type === 'booked')
  const codes = new Set(answers.map((answer) => (answer.type === 'refused' ? answer.code : answer.type)))
  for (const code of codes) assert.match(code, /^(booked|sold-out|class-sold-out|pets-full|infants-full)$/)
  await assertTogether(
    [out, back],
    booked.flatMap((answer) => (answer.type === 'booked' ? [answer.bookingId] : [])),
  )
  return { booked: booked.length, refused: answers.length - booked.length }
}

/** Stores quotes of both flights for small parties; every second one asks for the flights in the other order. */
async function storeRequests(
  client: Client,
  [out, back]: readonly [Flight, Flight],
  wanted: object,
  random: () => number,
): Promise<PairRequest[]> {
  const parties = [
    { birthDates: [ADULT], pets: [] },
    { birthDates: [ADULT, ADULT, infant()], pets: [] },
    { birthDates: [ADULT, ADULT], pets: [CABIN_DOG] },
    { birthDates: [ADULT, infant()], pets: [CABIN_DOG] },
  ]
  const models = await Promise.all(
    parties.map(async ({ birthDates, pets }) => {
      const order = orderOf([out.id, back.id], birthDates, { ...wanted, pets })
      const { quoteId } = expectMade(await sales(client).quote(order))
      return { model: uuidOf(quoteId), passengers: birthDates.length }
    }),
  )
  const requests = Array.from({ length: REQUESTS }, () => {
    const model = models[Math.floor(random() * models.length)]
    assert(model)
    return { ...model, quoteId: crypto.randomUUID(), key: crypto.randomUUID() }
  })
  // What a quote asks of the inventory is the same on both flights, so that to exchange them is to exchange their ids.
  await database()`
    insert into bookings.quotes (id, caller, expires_at, hold_minutes, currency, total, itinerary, passengers, pets,
      lines, counter, coupons, event, flight_ids, cabins, classes, seats, infants, petc, avih)
    select r.id, caller, expires_at, hold_minutes, currency, total, itinerary, passengers, pets, lines, counter, coupons,
      event, case when r.at % 2 = 0 then array[flight_ids[2], flight_ids[1]] else flight_ids end, cabins, classes,
      seats, infants, petc, avih
    from unnest(${requests.map(({ quoteId }) => quoteId)}::uuid[], ${requests.map(({ model }) => model)}::uuid[])
      with ordinality as r (id, model, at)
    join bookings.quotes q on q.id = r.model`
  return requests.map(({ key, quoteId, passengers }) => ({ key, quoteId, passengers }))
}

const inBatches = (requests: readonly PairRequest[]): PairRequest[][] =>
  Array.from({ length: Math.ceil(requests.length / BATCH) }, (_, at) =>
    requests.slice(at * BATCH, (at + 1) * BATCH),
  )

/** Starts a process for each list of batches, lets all go at once when all are connected, and reads what they were answered. */
async function runWriters(databaseUrl: string, lists: readonly PairRequest[][][]): Promise<WriterReport[]> {
  const writers = lists.map((batches) => {
    const child = spawn(process.execPath, [WRITER], { stdio: ['pipe', 'pipe', 'inherit', 'ipc'] })
    const { stdout } = child
    if (!stdout) throw new Error('a writer has no output')
    child.send({ databaseUrl, batches })
    return { child, output: text(stdout), connected: once(child, 'message') }
  })
  await Promise.all(writers.map(({ connected, child }) => Promise.race([connected, early(child)])))
  for (const { child } of writers) child.send('go')
  return await Promise.all(writers.map(async ({ output }) => JSON.parse(await output)))
}

async function early(child: ChildProcess): Promise<never> {
  const [code] = await once(child, 'exit')
  throw new Error(`a writer ended with ${code} before it connected`)
}

/** Each booking is on both flights with the same coupons, and what the flights have sold is what coupons and pets say. */
async function assertTogether(flights: readonly Flight[], bookingIds: readonly string[]): Promise<void> {
  const sql = database()
  const uuids = flights.map(({ uuid }) => uuid)
  const bookings = await sql`
    select b.id, array_agg(distinct c.flight_id) as flights,
      array_agg(distinct c.count) as counts, count(*) as rows
    from bookings.bookings b join (
      select booking_id, flight_id, count(*) from bookings.coupons where flight_id = any (${uuids}::uuid[])
      group by booking_id, flight_id) c on c.booking_id = b.id
    group by b.id`
  assert.deepEqual(
    bookings.map(({ id }) => id).sort(),
    [...bookingIds].sort(),
    'bookings written and answered',
  )
  for (const { rows, counts } of bookings) {
    assert.equal(rows, 2, 'a booking is on one of its flights alone')
    assert.equal(counts.length, 1, 'a booking has more coupons on one flight than on the other')
  }
  const services = await sql`
    select s.infant_sold, s.infant_capacity, s.petc_sold, s.petc_capacity,
      (select sum(sold) from flights.cabin_inventory i where i.flight_id = s.flight_id)::integer as sold,
      (select bool_and(sold <= authorised) from flights.cabin_inventory i where i.flight_id = s.flight_id) as fits,
      (select count(*) from bookings.coupons c where c.flight_id = s.flight_id and c.type <> 'INF') as seats,
      (select count(*) from bookings.coupons c where c.flight_id = s.flight_id and c.type = 'INF') as infants,
      (select count(*) from bookings.pets p where p.booking_id in (
        select booking_id from bookings.coupons c where c.flight_id = s.flight_id)) as pets
    from flights.service_inventory s where s.flight_id = any (${uuids}::uuid[])`
  assert.equal(services.length, 2)
  for (const flight of services) {
    assert.equal(flight.sold, flight.seats, 'seats taken and coupons')
    assert.equal(flight.infant_sold, flight.infants, 'lap infants taken and coupons')
    assert.equal(flight.petc_sold, flight.pets, 'pets taken and booked')
    assert(flight.fits, 'a cabin is oversold')
    assert(flight.infant_sold <= flight.infant_capacity, 'more lap infants than the flight takes')
    assert(flight.petc_sold <= flight.petc_capacity, 'more pets than the flight takes')
  }
}
