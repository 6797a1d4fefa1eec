import { createHash, randomBytes } from 'node:crypto'
import pg from 'pg'
import { newLocator } from '../../functions/bookings/locator.ts'
import { surnameHashes } from '../../functions/bookings/surname.ts'
import { newUuid, publicId, uuidOf } from '../../shared/ids.ts'

/** What the peers' clients send. */
export type BookingBody = {
  quoteId: string
  passengers: { givenNames: string; surnames: string[] }[]
  contact: object
  payer: object
}

export type Receipt = {
  bookingId: string
  locator: string
  status: 'held'
  payBy: string
  currency: string
  total: number
}

/** Why there is no booking. */
export class Refused extends Error {
  readonly status: number
  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }
}

type Quote = {
  id: string
  hold_minutes: number
  currency: string
  total: string
  passengers: { type: string; birthDate: string; residency?: string }[]
  coupons: { passenger: number; segment: number; type: string; fareBasis: string }[]
  event: object
  flight_ids: string[]
  cabins: string[]
  classes: string[]
  seats: number[]
}

/** The settings that a peer takes, as twelve-factor programs do. */
export type PeerSettings = { PORT: string; DATABASE_URL: string; DATABASE_POOL: string; LOOKUP_KEY: string }

export const settings = process.env as unknown as PeerSettings

export const newPool = (): pg.Pool =>
  new pg.Pool({ connectionString: settings.DATABASE_URL, max: Number(settings.DATABASE_POOL) })

const CALLER = 'public'

/**
 * Books a stored quote as most teams write it: one transaction, a statement for each row, awaited one by one. It makes
 * the rows that the product makes.
 * @throws Refused when the quote or the seats are gone, or the key was used
 */
export async function bookWithPg(
  pool: pg.Pool,
  key: string,
  traceparent: string | undefined,
  body: BookingBody,
): Promise<Receipt> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    const receipt = await makeRows(client, key, traceparent, body)
    await client.query('commit')
    return receipt
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
}

async function makeRows(
  client: pg.PoolClient,
  key: string,
  traceparent: string | undefined,
  body: BookingBody,
): Promise<Receipt> {
  const booking = newUuid()
  const bookingId = publicId('booking', booking)
  const locator = newLocator(randomBytes)

  const { rows } = await client.query<Quote>(
    `select id, hold_minutes, currency, total, passengers, coupons, event, flight_ids, cabins, classes, seats
     from bookings.quotes where id = $1 and caller = $2 and expires_at > now()`,
    [uuidOf(body.quoteId), CALLER],
  )
  const quote = rows[0]
  if (!quote) throw new Refused(404, 'the quote is unknown or has expired')
  if (quote.passengers.length !== body.passengers.length)
    throw new Refused(409, 'other passengers were quoted')
  const total = Number(quote.total)
  const payBy = new Date(Date.now() + quote.hold_minutes * 60_000)

  const kept = {
    type: 'booked',
    bookingId: booking,
    locator,
    currency: quote.currency,
    total,
    status: 'held',
    payBy,
  }
  const claimed = await client.query(
    `insert into platform.idempotency_keys (caller, key, digest, claim, status, answer)
     values ($1, $2, $3, $4, 201, $5) on conflict do nothing`,
    [CALLER, key, createHash('sha256').update(JSON.stringify(body)).digest(), booking, kept],
  )
  if (claimed.rowCount === 0) throw new Refused(409, 'the Idempotency-Key was used')

  const needs = quote.flight_ids
    .map((flight, at) => ({
      flight,
      cabin: quote.cabins[at],
      class: quote.classes[at],
      seats: quote.seats[at],
    }))
    .sort((one, other) => (one.flight < other.flight ? -1 : 1))
  for (const need of needs) {
    const taken = await client.query(
      `update flights.cabin_inventory
       set sold = sold + $4, class_sold[array_position(classes, $3)] = class_sold[array_position(classes, $3)] + $4
       where flight_id = $1 and cabin = $2 and sales_close_at > now() and sold + $4 <= authorised
         and limits[array_position(classes, $3)] > 0
         and not exists (
           select from generate_series(1, array_position(classes, $3)) rank
           where limits[rank] < $4::integer + (select sum(taken) from unnest(class_sold[rank:]) taken))`,
      [need.flight, need.cabin, need.class, need.seats],
    )
    if (taken.rowCount === 0) throw new Refused(409, 'sold out')
  }

  await client.query(
    `insert into bookings.bookings (id, locator, status, quote_id, caller, contact, payer, surname_hashes, pay_by)
     values ($1, $2, 'held', $3, $4, $5, $6, $7, $8)`,
    [booking, locator, quote.id, CALLER, body.contact, body.payer, hashesOf(body), payBy],
  )
  for (const [at, named] of body.passengers.entries()) {
    const quoted = quote.passengers[at]
    await client.query(
      `insert into bookings.passengers (booking_id, number, type, given_names, surnames, birth_date, residency)
       values ($1, $2, $3, $4, $5, $6, $7)`,
      [booking, at + 1, quoted?.type, named.givenNames, named.surnames, quoted?.birthDate, quoted?.residency],
    )
  }
  for (const [at, { passenger, segment, type, fareBasis }] of quote.coupons.entries()) {
    const flown = [quote.flight_ids, quote.cabins, quote.classes].map((values) => values[segment - 1])
    const [flight, cabin, bookingClass] = flown
    await client.query(
      `insert into bookings.coupons
         (booking_id, number, passenger, segment, flight_id, type, cabin, class, fare_basis)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      [booking, at + 1, passenger, segment, flight, type, cabin, bookingClass, fareBasis],
    )
  }
  const event = { ...quote.event, bookingId, version: 1, currency: quote.currency, total }
  await client.query(
    `insert into platform.outbox (event_id, type, subject, version, data, traceparent)
     values ($1, 'bookings.booking-created.v1', $2, 1, $3, $4)`,
    [newUuid(), bookingId, event, traceparent],
  )
  return { bookingId, locator, status: 'held', payBy: payBy.toISOString(), currency: quote.currency, total }
}

const hashesOf = ({ passengers }: BookingBody): Buffer[] =>
  surnameHashes(passengers, settings.LOOKUP_KEY).map((hash) => Buffer.from(hash, 'hex'))
