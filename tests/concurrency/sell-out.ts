import assert from 'node:assert/strict'
import { addDays } from '../../shared/dates.ts'
import { database } from '../../shared/postgres/client.ts'
import type { ApiAnswer, Client } from '../support/client.ts'
import { today } from '../support/dates.ts'
import { scheduleTestFlight } from '../support/flights.ts'
import { ADULT, expectMade, orderOf, peopleOf, sales } from '../support/orders.ts'
import { countDeadlocks } from './deadlocks.ts'
import { seededRandom } from './random.ts'

const SEATS = 100
const BOOKINGS = 500
/** Y may sell every seat, B and L together 85, L alone 20: half ask for what a fifth of the flight has. */
const CLASSES = ['Y', 'B', 'L', 'L']

type Request = { key: string; seats: number; bookingClass: string; body: object }
type Answered = { request: Request; answer: ApiAnswer }
/** Who of the refused asks once more at the end: all, or one of each class, size and way of booking. */
export type AskAgain = 'all' | 'one of each kind'
export type SellOutFigures = { booked: number; refused: number; repeats: number; seats: number }

/**
 * Sells a flight of 100 seats to 500 bookings of one to four seats, all at once and a third of them twice under one
 * key, and checks that what was answered, written and taken agree.
 * @throws AssertionError that names what does not hold
 */
export async function sellOut(client: Client, seed: number, askAgain: AskAgain): Promise<SellOutFigures> {
  const date = addDays(today(), 30)
  const flight = await scheduleTestFlight({ origin: 'BOG', destination: 'ADZ', date, seats: SEATS })
  const requests = await prepare(client, flight.id, seed)
  const before = await countDeadlocks()
  const { book } = sales(client)
  const once = (request: Request) =>
    book(request.body, { key: request.key }).then((answer) => ({ request, answer }))
  // Repeats leave with their originals, so that they meet under way.
  const answered = await Promise.all(
    requests.flatMap((request, at) => (at % 3 === 0 ? [once(request), once(request)] : [once(request)])),
  )

  const firsts = requests.map((request) => assertOneAnswer(request, answered))
  const booked = firsts.filter(({ answer }) => answer.status === 201)
  const refused = firsts.filter(({ answer }) => answer.status !== 201)
  for (const { answer } of refused) {
    assert.equal(answer.status, 409, JSON.stringify(answer.body))
    assert.match(answer.body.code, /^(class-)?sold-out$/)
  }
  const soldSeats = await assertWritten(flight.uuid, booked)
  await assertNoneFits(client, flight.uuid, refused, askAgain)
  assert.equal(await countDeadlocks(), before, 'deadlocks that PostgreSQL resolved')
  return {
    booked: booked.length,
    refused: refused.length,
    repeats: answered.length - firsts.length,
    seats: soldSeats,
  }
}

/** Half of the bookings come from quotes, which are taken before; half are made directly. */
async function prepare(client: Client, flight: string, seed: number): Promise<Request[]> {
  const random = seededRandom(seed)
  const { quote } = sales(client)
  return await Promise.all(
    Array.from({ length: BOOKINGS }, async (_, at) => {
      const seats = 1 + Math.floor(random() * 4)
      const bookingClass = CLASSES[Math.floor(random() * CLASSES.length)] ?? 'Y'
      const order = orderOf([flight], Array<string>(seats).fill(ADULT), { bookingClass })
      const what = at % 2 === 0 ? { quoteId: expectMade(await quote(order)).quoteId } : { order }
      return { key: crypto.randomUUID(), seats, bookingClass, body: { ...what, ...peopleOf(seats) } }
    }),
  )
}

/** A key has one answer: the first, and replays of it. */
function assertOneAnswer(request: Request, answered: readonly Answered[]): Answered {
  const own = answered.filter((one) => one.request === request)
  const fresh = own.filter(({ answer }) => answer.headers['idempotent-replayed'] === undefined)
  assert.equal(fresh.length, 1, `${fresh.length} first answers under one key`)
  const [first] = fresh
  if (!first) throw new Error('unreachable')
  for (const { answer } of own) {
    assert.equal(answer.status, first.answer.status)
    assert.deepEqual(withoutId(answer.body), withoutId(first.answer.body))
  }
  return first
}

const withoutId = ({ requestId: _, ...body }: ApiAnswer['body']): object => body

/** What the database holds is what was answered: seats, coupons, bookings, events. */
async function assertWritten(flight: string, booked: readonly Answered[]): Promise<number> {
  const sql = database()
  const seats = booked.reduce((total, { request }) => total + request.seats, 0)
  const [cabin] = await sql`
    select sold, limits, class_sold as "classSold", classes from flights.cabin_inventory
    where flight_id = ${flight}`
  assert(cabin)
  assert(cabin.sold <= SEATS, `${cabin.sold} of ${SEATS} seats are sold`)
  assert.equal(cabin.sold, seats, 'seats taken and seats of the bookings that were answered 201')
  for (const [at, bookingClass] of cabin.classes.entries()) {
    const answered = booked.filter(({ request }) => request.bookingClass === bookingClass)
    const inClass = answered.reduce((total, { request }) => total + request.seats, 0)
    assert.equal(cabin.classSold[at], inClass, `seats of class ${bookingClass}`)
    const nested = cabin.classSold.slice(at).reduce((total: number, sold: number) => total + sold, 0)
    assert(nested <= cabin.limits[at], `${nested} are sold in ${bookingClass} and below`)
  }
  const bookings = await sql`
    select 'bkg_' || replace(b.id::text, '-', '') as id, count(*) as coupons,
      (select count(*) from platform.outbox o where o.subject = 'bkg_' || replace(b.id::text, '-', '')) as events
    from bookings.coupons c join bookings.bookings b on b.id = c.booking_id
    where c.flight_id = ${flight} group by b.id`
  const written = bookings.map(({ id, coupons, events }) => [id, coupons, events])
  const answered = booked.map(({ request, answer }) => [answer.body.bookingId, request.seats, 1])
  assert.deepEqual(written.sort(), answered.sort(), 'bookings written and answered')
  return seats
}

/**
 * Nothing is ever given back here, so who was refused rightly would be refused still: judged by the limits that are
 * left, and by asking again under new keys.
 */
async function assertNoneFits(
  client: Client,
  flight: string,
  refused: readonly Answered[],
  askAgain: AskAgain,
): Promise<void> {
  const [cabin] = await database()`
    select limits, class_sold as sold, classes from flights.cabin_inventory where flight_id = ${flight}`
  assert(cabin)
  const left = (bookingClass: string): number => {
    const nested = cabin.classes.map((_: string, from: number) => {
      const sold = cabin.sold.slice(from).reduce((total: number, seats: number) => total + seats, 0)
      return cabin.limits[from] - sold
    })
    return Math.min(...nested.slice(0, cabin.classes.indexOf(bookingClass) + 1))
  }
  for (const { request } of refused) {
    const { seats, bookingClass } = request
    assert(left(bookingClass) < seats, `${seats} in ${bookingClass} were refused and would fit`)
  }
  const kindOf = ({ request: { seats, bookingClass, body } }: Answered) =>
    `${seats} ${bookingClass} ${'order' in body}`
  const kinds = new Map(refused.map((one) => [kindOf(one), one]))
  const { book } = sales(client)
  const asking = askAgain === 'all' ? refused : [...kinds.values()]
  const again = await Promise.all(asking.map(({ request }) => book(request.body)))
  for (const { status, body } of again) {
    assert.equal(status, 409, JSON.stringify(body))
    assert.match(body.code, /^(class-)?sold-out$/)
  }
}
