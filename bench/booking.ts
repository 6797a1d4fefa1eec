import { createHash, randomUUID } from 'node:crypto'
import { type BookingRequest, type BookOutcome, book, bookMany } from '../functions/bookings/book.ts'
import { surnameHashes } from '../functions/bookings/surname.ts'
import { publicId } from '../shared/ids.ts'
import { isConflict } from '../shared/postgres/sqlstate.ts'
import { checkBookings, resetBookings } from './checks.ts'
import type { Operation } from './operation.ts'
import { CALLER, fillPool, quoteUuid } from './quotes.ts'
import type { Scenario } from './scenarios.ts'

const PASSENGER = { givenNames: 'María José', surnames: ['Ñáñez', "O'Brien-Muñoz"] }
const PAYER = { name: 'María José Ñáñez' }
const CONTACT = { ...PAYER, email: 'maria@example.com', phone: '+573001234567', language: 'es' }
const HASHES = surnameHashes([PASSENGER], '00'.repeat(32))
const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

const passengersOf = ({ passengers }: Scenario) => Array.from({ length: passengers }, () => PASSENGER)

/** Booking a stored quote. */
export const BOOK: Operation = {
  fill: fillPool,
  reset: resetBookings,
  check: checkBookings,
  pgbench: 'peer-call.sql',
  alone: (scenario, n) => makeBooking(bookAlone, scenario, n),
  gathered: (scenario, n) => makeBooking(book, scenario, n),
  request: (scenario, n) => ({
    method: 'POST',
    path: '/v1/bookings',
    body: {
      quoteId: publicId('quote', quoteUuid(n)),
      passengers: passengersOf(scenario),
      contact: CONTACT,
      payer: PAYER,
    },
  }),
}

type Book = (request: BookingRequest) => Promise<BookOutcome | undefined>

async function makeBooking(how: Book, scenario: Scenario, n: number): Promise<void> {
  const key = randomUUID()
  const outcome = await how({
    caller: CALLER,
    anyAccount: false,
    key,
    digest: createHash('sha256').update(key).digest('hex'),
    quoteId: quoteUuid(n),
    account: null,
    passengers: passengersOf(scenario),
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
