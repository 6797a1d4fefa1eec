import { createHash, randomUUID } from 'node:crypto'
import { beforeAll, expect, it } from 'vitest'
import { addDays } from '../../shared/dates.ts'
import { uuidOf } from '../../shared/ids.ts'
import { database } from '../../shared/postgres/client.ts'
import { useApi } from '../../tests/support/api.ts'
import { today } from '../../tests/support/dates.ts'
import { scheduleTestFlight } from '../../tests/support/flights.ts'
import { ADULT, CABIN_DOG, expectMade, infant, orderOf, sales } from '../../tests/support/orders.ts'
import { type BookingRequest, type BookOutcome, bookMany } from './book.ts'

const api = useApi()
const date = addDays(today(), 30)
const PAIR = [ADULT, infant()]
let roomy: string
let back: string
let full: string
let petless: string

beforeAll(async () => {
  const flight = async (more: object) =>
    (await scheduleTestFlight({ origin: 'BOG', destination: 'ADZ', date, ...more })).id
  roomy = await flight({})
  full = await flight({ seats: 1 })
  petless = await flight({ petc: 1 })
  back = (await scheduleTestFlight({ origin: 'ADZ', destination: 'BOG', date: addDays(date, 5), seats: 1 }))
    .id
})

async function quoteOf(flights: readonly string[], people: readonly string[] = [ADULT], more: object = {}) {
  return uuidOf(expectMade(await sales(api).quote(orderOf(flights, people, more))).quoteId)
}

const requestOf = (quoteId: string, count: number, more: Partial<BookingRequest> = {}): BookingRequest => ({
  caller: 'public',
  anyAccount: false,
  key: randomUUID(),
  digest: createHash('sha256').update('one').digest('hex'),
  quoteId,
  account: null,
  passengers: Array.from({ length: count }, (_, at) => ({
    givenNames: `Ana ${at}`,
    surnames: ['Ñáñez', 'Ruiz'],
  })),
  contact: { name: 'Ana', language: 'es' },
  payer: { name: 'Ana' },
  surnameHashes: ['aa', 'bb'],
  traceparent: null,
  ...more,
})

/** Each case makes its requests, in order, with a fresh quote of its own; the last outcome is compared. */
const CASES: Record<string, () => Promise<BookingRequest[]>> = {
  holds: async () => [requestOf(await quoteOf([roomy]), 1)],
  'holds an infant, a dog and the way back apart': async () => [
    requestOf(await quoteOf([roomy], PAIR, { pets: [CABIN_DOG] }), 2),
  ],
  'confirms on an account': async () => [
    requestOf(await quoteOf([roomy]), 1, { account: 'AGENCIA1', anyAccount: true }),
  ],
  'another caller’s quote': async () => [requestOf(await quoteOf([roomy]), 1, { caller: 'somebody' })],
  'a quote that there is not': async () => [requestOf(randomUUID(), 1)],
  'an expired quote': async () => {
    const quote = await quoteOf([roomy])
    await database()`update bookings.quotes set expires_at = now() - interval '1 second' where id = ${quote}`
    return [requestOf(quote, 1)]
  },
  'a used quote': async () => {
    const quote = await quoteOf([roomy])
    return [requestOf(quote, 1), requestOf(quote, 1)]
  },
  'other passengers': async () => [requestOf(await quoteOf([roomy]), 2)],
  'an account of another': async () => [requestOf(await quoteOf([roomy]), 1, { account: 'AGENCIA1' })],
  'a repeat': async () => {
    const request = requestOf(await quoteOf([roomy]), 1)
    return [request, request]
  },
  'a repeated refusal': async () => {
    const request = requestOf(randomUUID(), 1)
    return [request, request]
  },
  'a key used for something else': async () => {
    const request = requestOf(await quoteOf([roomy]), 1)
    return [request, { ...request, digest: createHash('sha256').update('two').digest('hex') }]
  },
  'a way out with room and a way back without': async () => {
    const before = await quoteOf([roomy, back])
    const taker = requestOf(await quoteOf([back]), 1)
    await bookMany([taker])
    giveBackLater(back)
    return [requestOf(before, 1)]
  },
  'a flight that was sold out meanwhile': async () => {
    const before = await quoteOf([full])
    await bookMany([requestOf(await quoteOf([full]), 1)])
    giveBackLater(full)
    return [requestOf(before, 1)]
  },
  'a pet too many': async () => {
    const before = await quoteOf([petless], [ADULT], { pets: [CABIN_DOG] })
    await bookMany([requestOf(await quoteOf([petless], [ADULT], { pets: [CABIN_DOG] }), 1)])
    giveBackLater(petless)
    return [requestOf(before, 1)]
  },
}

/** What is taken back between the two runs of a case, so that both meet the same flights. */
let undo: (() => Promise<void>) | undefined
function giveBackLater(flight: string): void {
  undo = async () => {
    const id = uuidOf(flight)
    await database()`
      update flights.cabin_inventory set sold = 0, class_sold = array_fill(0, array[cardinality(classes)])
      where flight_id = ${id}`
    await database()`update flights.service_inventory set petc_sold = 0 where flight_id = ${id}`
  }
}

const soldOf = () => database()`
  select i.flight_id, i.cabin, i.sold, i.class_sold, s.infant_sold, s.petc_sold, s.avih_sold
  from flights.cabin_inventory i join flights.service_inventory s using (flight_id) order by 1, 2`

/** An outcome without what is drawn anew each time. */
function bare(outcome: BookOutcome | undefined): unknown {
  if (outcome?.type !== 'answered' || outcome.answer.type !== 'booked') return outcome
  return {
    ...outcome,
    answer: { ...outcome.answer, bookingId: '', locator: '', payBy: outcome.answer.payBy !== null },
  }
}

async function rowsOf(outcome: BookOutcome | undefined): Promise<unknown> {
  if (outcome?.type !== 'answered' || outcome.answer.type !== 'booked') return undefined
  const id = outcome.answer.bookingId
  const sql = database()
  return {
    booking: await sql`
      select version, status, caller, account, contact, payer, surname_hashes, pay_by is null as paid,
        confirmed_at is null as unpaid from bookings.bookings where id = ${id}`,
    passengers: await sql`
      select number, type, given_names, surnames, birth_date, residency
      from bookings.passengers where booking_id = ${id} order by number`,
    pets: await sql`
      select number, service, species, breed, weight_kg from bookings.pets where booking_id = ${id} order by number`,
    coupons: await sql`
      select number, passenger, segment, flight_id, type, cabin, class, fare_basis, status
      from bookings.coupons where booking_id = ${id} order by number`,
    events: await sql`
      select type, version, data - 'bookingId' as data, traceparent from platform.outbox
      where subject = 'bkg_' || replace(${id}, '-', '') order by id`,
    payments: await sql`select method, amount, status from bookings.payments where booking_id = ${id}`,
  }
}

/** What the inventory moved by while `run` ran. */
async function moved(run: () => Promise<BookOutcome | undefined>) {
  const before = await soldOf()
  const outcome = await run()
  const after = await soldOf()
  const difference = after.map((row, at) => [
    row.sold - before[at]?.sold,
    row.petc_sold - before[at]?.petc_sold,
    row.infant_sold - before[at]?.infant_sold,
  ])
  return { outcome: bare(outcome), rows: await rowsOf(outcome), difference }
}

it.each(Object.entries(CASES))('alone or beside another, the same: %s', async (_, make) => {
  const runAlone = async () => {
    const requests = await make()
    return moved(async () => {
      let last: BookOutcome | undefined
      for (const request of requests) [last] = await bookMany([request])
      return last
    })
  }
  const runBeside = async () => {
    const requests = await make()
    return moved(async () => {
      let last: BookOutcome | undefined
      // The other is refused, so that rows and inventory are this one's.
      for (const request of requests) [last] = await bookMany([request, requestOf(randomUUID(), 1)])
      return last
    })
  }
  const alone = await runAlone()
  await undo?.()
  const beside = await runBeside()
  await undo?.()
  undo = undefined
  expect(alone).toEqual(beside)
})
