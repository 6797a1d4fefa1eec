import { createHash, randomUUID } from 'node:crypto'
import { type BookingRequest, type BookOutcome, book, bookMany } from '../functions/bookings/book.ts'
import { surnameHashes } from '../functions/bookings/surname.ts'
import { isConflict } from '../shared/postgres/sqlstate.ts'
import { drive, type Run } from './callers.ts'
import { CALLER, quoteUuid } from './quotes.ts'
import type { Scenario } from './scenarios.ts'

const CALLERS = 32
const WARM_UP_MS = 500
const PASSENGER = { givenNames: 'María José', surnames: ['Ñáñez', "O'Brien-Muñoz"] }
const PAYER = { name: 'María José Ñáñez' }
const CONTACT = { ...PAYER, email: 'maria@example.com', phone: '+573001234567', language: 'es' }
const HASHES = surnameHashes([PASSENGER], '00'.repeat(32))
const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

/** How long a run is after its warm-up, and how many quotes there are. */
type Length = { seconds: number; pool: number }

/** Each booking in a call of its own, as on Lambda. */
export const runAlone = (scenario: Scenario, length: Length): Promise<Run> => run(bookAlone, scenario, length)

/** The command as long-running hosts run it: concurrent bookings share calls. */
export const runGathered = (scenario: Scenario, length: Length): Promise<Run> => run(book, scenario, length)

type Book = (request: BookingRequest) => Promise<BookOutcome | undefined>

const run = (how: Book, scenario: Scenario, { seconds, pool }: Length): Promise<Run> =>
  drive((n) => makeBooking(how, scenario, n), { callers: CALLERS, warmUpMs: WARM_UP_MS, seconds, most: pool })

async function makeBooking(how: Book, { passengers }: Scenario, n: number): Promise<void> {
  const key = randomUUID()
  const outcome = await how({
    caller: CALLER,
    anyAccount: false,
    key,
    digest: createHash('sha256').update(key).digest('hex'),
    quoteId: quoteUuid(n),
    account: null,
    passengers: Array.from({ length: passengers }, () => PASSENGER),
    contact: CONTACT,
    payer: PAYER,
    surnameHashes: HASHES,
    traceparent: TRACE,
  })
  if (outcome?.type === 'answered' && outcome.answer.type === 'booked' && !outcome.replayed) return
  throw new Error(`quote ${n} of the pool was not booked: ${JSON.stringify(outcome)}`)
}

async function bookAlone(request: BookingRequest): Promise<BookOutcome | undefined> {
  for (;;) {
    try {
      return (await bookMany([request]))[0]
    } catch (error) {
      // Two bookings drew one locator.
      if (!isConflict(error)) throw error
    }
  }
}
