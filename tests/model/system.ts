import { schedule as expireHolds } from '../../functions/bookings/schedules/expire-holds.ts'
import { schedule as reconcilePayments } from '../../functions/bookings/schedules/reconcile-payments.ts'
import { schedule as settleRefunds } from '../../functions/bookings/schedules/settle-refunds.ts'
import { addDays } from '../../shared/dates.ts'
import { uuidOf } from '../../shared/ids.ts'
import { TEST_CARDS } from '../../shared/payments/test-card.ts'
import { database } from '../../shared/postgres/client.ts'
import type { ApiAnswer, Client } from '../support/client.ts'
import { today } from '../support/dates.ts'
import { scheduleTestFlight } from '../support/flights.ts'
import { ADULT, CABIN_DOG, orderOf, peopleOf } from '../support/orders.ts'
import type { Quoted, Step, World } from './model.ts'

export const SEATS = 6
export const PET_SLOTS = 2
const AGENT = { role: 'agent' } as const

/** The real thing beside a model: two flights, and the bookings in the order in which they were made. */
export type System = {
  flights: [string, string]
  bookings: { locator: string; uuid: string; currency: string }[]
}

/** Two flights that sell one class of fare: what runs out is seats and pet slots. */
export async function openSystem(): Promise<System> {
  const flight = async (days: number) => {
    const date = addDays(today(), days)
    const limits = [SEATS, ...Array<number>(CLASSES - 1).fill(0)]
    return (
      await scheduleTestFlight({
        ...ROUTE,
        date,
        seats: SEATS,
        petc: PET_SLOTS,
        limits,
      })
    ).id
  }
  return { flights: [await flight(40), await flight(41)], bookings: [] }
}

const ROUTE = { origin: 'BOG', destination: 'ADZ' }
/** Classes of the sample airline's economy ladder; the dearest is open. */
const CLASSES = 5

/** What a step is asked with; one that quotes first has its quote, or the refusal of it. */
export type Prepared = {
  quoted: Quoted
  refused?: string
  ask?: () => Promise<string>
  /** A booking that the step made; of two at once, the first step's comes first. */
  made?: System['bookings'][number]
}

/** Quotes what a step needs, so that of two steps both have quoted before either acts. */
export async function prepare(
  { request }: Client,
  system: System,
  step: Step,
  world: World,
): Promise<Prepared> {
  const nothing = { quoted: {} }
  switch (step.do) {
    case 'cancel': {
      const { locator } = bookingOf(system, step.booking)
      const answer = await request('POST', `/v1/bookings/${locator}/refund-quotes`, AGENT)
      if (answer.status !== 201) return { ...nothing, refused: codeOf(answer) }
      const { refundQuoteId, refund, version } = answer.body
      const headers = step.stale ? { 'if-match': `"${version + 7}"` } : {}
      return {
        quoted: { refund: { version, amount: refund } },
        ask: async () => {
          const path = `/v1/bookings/${locator}/cancellation`
          const said = await request('POST', path, { ...AGENT, headers, body: { refundQuoteId } })
          return said.status < 300 ? 'cancelled' : codeOf(said)
        },
      }
    }
    case 'change': {
      const { locator, currency } = bookingOf(system, step.booking)
      const before = world.bookings[step.booking]
      if (!before) throw new RangeError('no such booking in the model')
      const pets = step.pets > before.pets ? { addPets: Array(step.pets - before.pets).fill(CABIN_DOG) } : {}
      const answer = await request('POST', `/v1/bookings/${locator}/change-quotes`, {
        ...AGENT,
        body: { directions: [{ flights: [system.flights[step.to]] }], ...pets },
      })
      if (answer.status !== 201) return { ...nothing, refused: codeOf(answer) }
      const { changeId, due, total, version } = answer.body
      return {
        quoted: { change: { version, to: step.to, pets: Math.max(step.pets, before.pets), due, total } },
        ask: async () => {
          const path = `/v1/bookings/${locator}`
          if (due <= 0) {
            const said = await request('POST', `${path}/changes`, { ...AGENT, body: { changeId } })
            return said.status < 300 ? 'changed' : codeOf(said)
          }
          const body = { method: 'cash', amount: due, currency, changeId, reference: crypto.randomUUID() }
          const said = await request('POST', `${path}/payments`, { ...AGENT, body })
          if (said.status !== 201) return codeOf(said)
          const [made] = await database()<{ applied: boolean }[]>`
            select applied_at is not null as applied from bookings.changes where id = ${uuidOf(changeId)}`
          return made?.applied ? 'changed' : 'given-back'
        },
      }
    }
    case 'pay': {
      const amount = (world.bookings[step.booking]?.total ?? 0) - (step.short ? 1 : 0)
      return { quoted: { amount }, ask: () => pay({ request }, system, step, amount) }
    }
    case 'hold': {
      const ready: Prepared = { ...nothing }
      ready.ask = () => hold({ request }, system, step, ready)
      return ready
    }
    default:
      return { ...nothing, ask: () => act(system, step) }
  }
}

async function act(system: System, step: Step): Promise<string> {
  const sql = database()
  switch (step.do) {
    case 'lapse':
      await sql`
        update bookings.bookings set pay_by = now() - interval '1 second'
        where id = ${bookingOf(system, step.booking).uuid} and status = 'held'`
      return 'done'
    case 'expire':
      await expireHolds.run()
      return 'done'
    case 'reconcile':
      // As if a payment that is lost had been waited for long enough.
      await sql`
        update bookings.payments set asked_at = now() - interval '1 day', created_at = now() - interval '1 day'
        where status = 'pending'`
      await reconcilePayments.run()
      return 'done'
    case 'settle-refunds':
      await sql`update bookings.refunds set asked_at = now() - interval '1 day' where status = 'pending'`
      await settleRefunds.run()
      return 'done'
    case 'hold':
    case 'pay':
    case 'cancel':
    case 'change':
      throw new TypeError(`${step.do} is prepared first`)
  }
}

async function hold(
  { request }: Client,
  system: System,
  step: Step & { do: 'hold' },
  ready: Prepared,
): Promise<string> {
  const pets = Array(step.pets).fill(CABIN_DOG)
  const order = orderOf([system.flights[step.flight]], Array<string>(step.seats).fill(ADULT), { pets })
  const answer = await request('POST', '/v1/bookings', { ...AGENT, body: { order, ...peopleOf(step.seats) } })
  if (answer.status !== 201) return codeOf(answer)
  const { locator, bookingId, currency, total } = answer.body
  ready.made = { locator, uuid: uuidOf(bookingId), currency }
  // The model takes the price from here once it has made the booking too.
  prices.set(locator, total)
  return 'held'
}

async function pay(
  { request }: Client,
  system: System,
  { booking, how }: Step & { do: 'pay' },
  amount: number,
): Promise<string> {
  const { locator, currency } = bookingOf(system, booking)
  const method = how === 'cash' ? { method: 'cash', reference: crypto.randomUUID() } : cardOf(how)
  const body = { amount, currency, ...method }
  const answer = await request('POST', `/v1/bookings/${locator}/payments`, { ...AGENT, body })
  if (answer.status === 202) return 'pending'
  return answer.status === 201 ? 'captured' : codeOf(answer)
}

/** Totals by locator, as the API answered them. */
export const prices = new Map<string, number>()

const cardOf = (how: 'card' | 'declined' | 'unseen' | 'lost') => ({
  method: 'card',
  card: {
    number: {
      card: TEST_CARDS.success,
      declined: TEST_CARDS.declined,
      unseen: TEST_CARDS.timeOutCaptured,
      lost: TEST_CARDS.timeOutLost,
    }[how],
  },
})

function bookingOf(system: System, at: number): System['bookings'][number] {
  const booking = system.bookings[at]
  if (!booking) throw new RangeError(`the system has no booking ${at}`)
  return booking
}

const FULL = ['sold-out', 'class-sold-out', 'class-closed', 'pets-full']

/** A refusal's code; what runs out is one to the model. A fault is not a refusal. */
function codeOf({ status, body }: ApiAnswer): string {
  if (status >= 500 || status === 400 || status === 401 || status === 403 || status === 404) {
    throw new Error(`answered ${status}: ${JSON.stringify(body)}`)
  }
  const code = String(body.code)
  if (code === 'payment-declined') return 'declined'
  return FULL.includes(code) ? 'full' : code
}

/** What the tables say, in the model's words. */
export async function observe(system: System): Promise<object> {
  const sql = database()
  const flights = await sql`
    select i.sold, (select sum(n)::integer from unnest(i.class_sold) n) as "classSold", s.petc_sold as pets,
      (select count(*)::integer from bookings.coupons c join bookings.bookings b on b.id = c.booking_id
        where c.flight_id = i.flight_id and c.status = 'open' and b.status in ('held', 'confirmed')) as coupons
    from flights.cabin_inventory i join flights.service_inventory s using (flight_id)
    where i.flight_id = any (${system.flights.map(uuidOf)}::uuid[]) order by i.sales_close_at`
  const bookings = await sql`
    select b.status, b.version, q.total, q.flight_ids[1] = ${uuidOf(system.flights[0])} as first,
      (select count(*)::integer from bookings.history h where h.booking_id = b.id) as history,
      (select coalesce(sum(m.amount) filter (where m.amount > 0), 0)::bigint from bookings.money m where m.booking_id = b.id) as captured,
      (select coalesce(-sum(m.amount) filter (where m.amount < 0), 0)::bigint from bookings.money m where m.booking_id = b.id) as returned,
      (select coalesce(sum(r.amount), 0)::bigint from bookings.refunds r where r.booking_id = b.id) as "givenBack",
      (select coalesce(sum(r.amount) filter (where r.status = 'refunded'), 0)::bigint from bookings.refunds r where r.booking_id = b.id) as settled,
      (select count(*)::integer from bookings.payments p where p.booking_id = b.id and p.status = 'pending') as pending,
      (select count(*)::integer from bookings.coupons c where c.booking_id = b.id and c.status = 'open') as coupons,
      (select count(*)::integer from bookings.pets p where p.booking_id = b.id) as pets
    from unnest(${system.bookings.map(({ uuid }) => uuid)}::uuid[]) with ordinality as u (id, at)
    join bookings.bookings b using (id) join bookings.quotes q on q.id = b.quote_id order by u.at`
  return {
    flights: flights.map((flight) => ({ ...flight })),
    bookings: bookings.map(({ returned, settled, ...booking }) => ({
      ...booking,
      ledgerAgrees: returned === settled,
    })),
  }
}

/** The same of the model. */
export function expected({ flights, bookings }: World): object {
  const open = (booking: World['bookings'][number]) =>
    booking.status === 'held' || booking.status === 'confirmed'
  return {
    flights: flights.map(({ sold, petsSold }) => ({ sold, classSold: sold, pets: petsSold, coupons: sold })),
    bookings: bookings.map((booking) => ({
      status: booking.status,
      version: booking.version,
      total: booking.total,
      first: booking.flight === 0,
      history: booking.version - 1,
      captured: booking.captured,
      givenBack: booking.givenBack,
      pending: booking.underWay ? 1 : 0,
      coupons: open(booking) ? booking.seats : 0,
      pets: booking.pets,
      ledgerAgrees: true,
    })),
  }
}
