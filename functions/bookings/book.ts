import { randomBytes } from 'node:crypto'
import { newUuid } from '../../shared/ids.ts'
import { database } from '../../shared/postgres/client.ts'
import { gather } from '../../shared/postgres/gather.ts'
import { isConflict } from '../../shared/postgres/sqlstate.ts'
import { newLocator } from './locator.ts'
import type { QuoteRefusal } from './quote.ts'

/** A booking to be made from a stored quote, by a caller under an idempotency key. */
export type BookingRequest = {
  caller: string
  /** True for the airline's own agents, who may use any agency account. */
  anyAccount: boolean
  key: string
  /** Keyed hash of the request, in hex. */
  digest: string
  quoteId: string
  /** The agency account that pays at once; null holds the seats until payment. */
  account: string | null
  passengers: readonly { givenNames: string; surnames: readonly string[] }[]
  contact: object
  payer: object
  surnameHashes: readonly string[]
  traceparent: string | null
}

/** What the key's row keeps: the booking made, or why there is none. */
export type BookingAnswer =
  | {
      type: 'booked'
      bookingId: string
      locator: string
      status: 'held' | 'confirmed'
      payBy: string | null
      currency: string
      total: number
    }
  | QuoteRefusal
  | { type: 'price-changed'; quoteId: string; total: number; currency: string; expiresAt: string }

export type BookOutcome =
  | { type: 'answered'; answer: BookingAnswer; replayed: boolean }
  | { type: 'key-reused' }

type Answered = { replayed: boolean; same_content: boolean; answer: BookingAnswer }

/** Bookings that one call makes at most: more only lengthen the wait of all behind them. */
const MOST = 64
/** Batches under way at once: one fills PostgreSQL while the other is on its way. */
const LANES = 2
/** Tries when two bookings drew one locator, or took one quote in the same instant. */
const TRIES = 5

/** Makes a booking: the only way in which one is made. Concurrent calls of a process share a round trip and a commit. */
export async function book(request: BookingRequest): Promise<BookOutcome> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await gathered(request)
    } catch (error) {
      if (attempt === TRIES || !isConflict(error)) throw error
    }
  }
}

const gathered = gather(bookMany, { most: MOST, lanes: LANES })

/** One call of the database; `requests` are answered in their order. */
export async function bookMany(requests: readonly BookingRequest[]): Promise<BookOutcome[]> {
  const [first] = requests
  return first && requests.length === 1 ? [await bookOne(first)] : await bookTogether(requests)
}

async function bookOne(request: BookingRequest): Promise<BookOutcome> {
  const sql = database()
  const [row] = await sql<Answered[]>`
    select replayed, same_content, answer from bookings.book_one(${sql.json(asMember(request) as never)})`
  if (!row) throw new Error('book_one left its request without an answer')
  return outcomeOf(row)
}

async function bookTogether(requests: readonly BookingRequest[]): Promise<BookOutcome[]> {
  const sql = database()
  const members = requests.map((request, member) => ({ member, ...asMember(request) }))
  const rows = await sql<(Answered & { answered_member: number })[]>`
    select answered_member, replayed, same_content, answer from bookings.book_many(${sql.json(members as never)})`
  const outcomes = new Map(rows.map((row) => [row.answered_member, outcomeOf(row)]))
  return members.map(({ member }) => {
    const outcome = outcomes.get(member)
    if (!outcome) throw new Error('book_many left a member without an answer')
    return outcome
  })
}

/** A request as bookings.booking_request has it, with the ids of what it may become. */
const asMember = (request: BookingRequest) => ({
  caller: request.caller,
  any_account: request.anyAccount,
  key: request.key,
  digest: request.digest,
  booking_id: newUuid(),
  locator: newLocator(randomBytes),
  quote_id: request.quoteId,
  account: request.account,
  passengers: request.passengers,
  contact: request.contact,
  payer: request.payer,
  surname_hashes: request.surnameHashes,
  created_event: newUuid(),
  confirmed_event: newUuid(),
  traceparent: request.traceparent,
})

const outcomeOf = ({ same_content, answer, replayed }: Answered): BookOutcome =>
  same_content ? { type: 'answered', answer, replayed } : { type: 'key-reused' }
