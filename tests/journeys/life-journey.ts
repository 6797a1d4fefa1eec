import { expect } from 'vitest'
import { addDays } from '../../shared/dates.ts'
import { database } from '../../shared/postgres/client.ts'
import type { ApiAnswer, ApiRequest, Client } from '../support/client.ts'
import { today } from '../support/dates.ts'
import { scheduleTestFlight } from '../support/flights.ts'
import { ADULT, CABIN_DOG, expectMade, infant, orderOf, peopleOf } from '../support/orders.ts'

/** A system on some host, and what its clock and its queues do when their time comes. */
export type Hosted = {
  client: Client
  /** Runs a scheduled function of the catalog, by its name there. */
  run: (schedule: string) => Promise<unknown>
  /** Hands the events that wait to the workers. */
  deliver: () => Promise<void>
  cards: { good: object; declined: object; unseen: object }
}

const AGENT = { role: 'agent' } as const
const ADMIN = { role: 'admin' } as const
const DAY = 20

/** What passengers and staff do with bookings after they are made, path by path. */
export async function lifeJourney(host: Hosted): Promise<void> {
  const [first, second, third] = await Promise.all(
    [0, 1, 2].map((later) =>
      scheduleTestFlight({ ...ROUTE, date: addDays(today(), DAY + later), infants: 4 }),
    ),
  )
  if (!first || !second || !third) throw new Error('unreachable')
  await payChangeCancel(host, first.id, second.id)
  await resolveUnknown(host, first.id)
  await expire(host, first.id)
  await retimeAndCancelFlight(host, second.id, third.id)
  await fly(host)
}

const ROUTE = { origin: 'BOG', destination: 'ADZ' }

/** A family holds, chooses seats, pays, moves a day, corrects a name, and gives up; then the money goes back. */
async function payChangeCancel({ client, run, cards }: Hosted, flight: string, later: string): Promise<void> {
  const order = orderOf([flight], [ADULT, '1991-11-02', infant()], { bookingClass: 'Y', pets: [CABIN_DOG] })
  const { locator, total } = await hold(client, order, 3)
  const as = await passengerOf(client, locator)
  const at = `/v1/bookings/${locator}`

  const map = await client.request('GET', `/v1/flights/${flight}/seats`)
  expect(map.status).toBe(200)
  const seats = [{ passenger: 2, segment: 1, seat: '8A' }]
  const chosen = expectMade(await client.request('POST', `${at}/change-quotes`, { ...as, body: { seats } }))
  expect(chosen.due).toBe(0)
  expect(chosen.total).toBeGreaterThan(total)
  expectDone(await client.request('POST', `${at}/changes`, { ...as, body: { changeId: chosen.changeId } }))

  const pay = (amount: number, card: object, more: object = {}) =>
    client.request('POST', `${at}/payments`, {
      ...as,
      body: { method: 'card', amount, currency: 'COP', card, ...more },
    })
  expectRefused(await pay(chosen.total - 1, cards.good), 'amount-mismatch')
  expectRefused(await pay(chosen.total, cards.declined), 'payment-declined')
  expect(expectMade(await pay(chosen.total, cards.good)).booking.status).toBe('confirmed')
  expectRefused(await pay(chosen.total, cards.good), 'already-paid')
  const receipts = (await client.request('GET', `${at}/documents`, as)).body.documents
  expect(receipts).toMatchObject([{ kind: 'receipt', total: chosen.total }])

  const moved = expectMade(
    await client.request('POST', `${at}/change-quotes`, {
      ...as,
      body: {
        directions: [{ flights: [later] }],
        names: [{ passenger: 1, givenNames: 'María', surnames: ['Ñandú'] }],
      },
    }),
  )
  if (moved.due > 0) expectMade(await pay(moved.due, cards.good, { changeId: moved.changeId }))
  else
    expectDone(await client.request('POST', `${at}/changes`, { ...as, body: { changeId: moved.changeId } }))
  const renamed = await client.request('POST', '/v1/booking-access', { body: { locator, surname: 'nandu' } })
  expect(renamed.body).toMatchObject({ total: moved.total, segments: [{ flightId: later }], seats: [] })

  const quote = expectMade(await client.request('POST', `${at}/refund-quotes`, as))
  const body = { refundQuoteId: quote.refundQuoteId }
  const stale = { ...as, headers: { 'if-match': '"1"' }, body }
  expectRefused(await client.request('POST', `${at}/cancellation`, stale), 'version-stale')
  expectDone(await client.request('POST', `${at}/cancellation`, { ...as, body }))
  expectRefused(await pay(moved.total, cards.good), 'booking-closed')
  await run('settleRefunds')
  const money = (await client.request('GET', `${at}/payments`, as)).body
  expect(money).toMatchObject({ refundsPending: 0, balance: quote.retained, collected: quote.retained })
  if (quote.refund > 0) {
    const documents = (await client.request('GET', `${at}/documents`, as)).body.documents
    expect(documents.some(({ kind }: { kind: string }) => kind === 'credit-note')).toBe(true)
  }
  const { entries } = (await client.request('GET', `${at}/history`, as)).body
  expect(entries.map(({ action }: { action: string }) => action)).toEqual([
    'created',
    'changed',
    'confirmed',
    'changed',
    'cancelled',
  ])
}

/** A payment whose answer was lost is found again by the reconciliation, and confirms. */
async function resolveUnknown({ client, run, cards }: Hosted, flight: string): Promise<void> {
  const { locator, total } = await hold(client, orderOf([flight], [ADULT]), 1)
  const as = await passengerOf(client, locator)
  const body = { method: 'card', amount: total, currency: 'COP', card: cards.unseen }
  expect(await client.request('POST', `/v1/bookings/${locator}/payments`, { ...as, body })).toMatchObject({
    status: 202,
    body: { status: 'pending' },
  })
  await passMinutes(5)
  await run('reconcilePayments')
  expect((await client.request('GET', `/v1/bookings/${locator}`, as)).body.status).toBe('confirmed')
}

/** A hold ends at its deadline; money that is found afterwards goes back. */
async function expire({ client, run, cards }: Hosted, flight: string): Promise<void> {
  const { locator, total } = await hold(client, orderOf([flight], [ADULT]), 1)
  const as = await passengerOf(client, locator)
  const at = `/v1/bookings/${locator}`
  const body = { method: 'card', amount: total, currency: 'COP', card: cards.unseen }
  expect((await client.request('POST', `${at}/payments`, { ...as, body })).status).toBe(202)
  await database()`update bookings.bookings set pay_by = now() - interval '1 second' where locator = ${locator}`
  await run('expireHolds')
  expect((await client.request('GET', at, as)).body.status).toBe('expired')
  expectRefused(await client.request('POST', `${at}/payments`, { ...as, body }), 'hold-expired')
  await passMinutes(5)
  await run('reconcilePayments')
  await run('settleRefunds')
  expect((await client.request('GET', `${at}/payments`, as)).body).toMatchObject({
    collected: 0,
    refundsPending: 0,
    refunds: [{ amount: total, reason: 'late-payment', status: 'refunded' }],
  })
}

/** A flight gets other times, which its passenger accepts; then it is cancelled, and the next one takes the booking. */
async function retimeAndCancelFlight(
  { client, run, deliver }: Hosted,
  flight: string,
  next: string,
): Promise<void> {
  const { locator } = await sell(client, flight)
  const at = `/v1/bookings/${locator}`
  const departs = addDays(today(), DAY + 1)
  expectDone(
    await client.request('POST', `/v1/flights/${flight}/retiming`, {
      ...ADMIN,
      body: {
        departsAt: { date: departs, time: '13:30' },
        arrivesAt: { date: departs, time: '15:40' },
        reason: REASON,
      },
    }),
  )
  await deliver()
  const [disruption] = (await client.request('GET', at, AGENT)).body.disruptions
  expect(disruption).toMatchObject({ kind: 'retimed' })
  const answer = `${at}/disruptions/${disruption.disruptionId}`
  expectDone(await client.request('POST', answer, { ...AGENT, body: { answer: 'accept' } }))
  const body = { reason: REASON, remedy: 'rebook' }
  expectDone(await client.request('POST', `/v1/flights/${flight}/cancellation`, { ...ADMIN, body }))
  await deliver()
  await run('settleCancelledFlights')
  expect((await client.request('GET', `/v1/flights/${flight}/disruption`, ADMIN)).body).toMatchObject({
    done: true,
    rebooked: 1,
    open: 0,
  })
  expect((await client.request('GET', at, AGENT)).body).toMatchObject({
    status: 'confirmed',
    segments: [{ flightId: next }],
  })
}

const REASON = 'weather'

/** Check-in, manifest, boarding and the closed flight; who flew is forgotten on request, and the accounts stay. */
async function fly({ client, deliver }: Hosted): Promise<void> {
  const flight = await scheduleTestFlight({ ...ROUTE, date: addDays(today(), 1), time: '23:30' })
  const { locator, total } = await sell(client, flight.id)
  const left = await sell(client, flight.id)
  const at = `/v1/bookings/${locator}`
  const document = { kind: 'CC', number: '1020304050', country: 'CO' }
  expectDone(await client.request('PUT', `${at}/passengers/1/document`, { ...AGENT, body: document }))
  const found = await client.request('POST', '/v1/booking-lookups', {
    ...AGENT,
    body: { kind: 'CC', number: '1020304050' },
  })
  expect(JSON.stringify(found.body)).toContain(locator)

  expectDone(
    await client.request('POST', `${at}/check-in`, { ...AGENT, body: { passengers: [1], segment: 1 } }),
  )
  const manifest = `/v1/flights/${flight.id}/manifest`
  expect(JSON.stringify((await client.request('GET', manifest, AGENT)).body)).toContain(locator)
  const csv = await client.request('GET', manifest, { ...AGENT, headers: { accept: 'text/csv' } })
  expect(csv.headers['content-type']).toMatch(/^text\/csv/)
  expect(csv.body).toContain(locator)
  const board = (body: object) =>
    client.request('POST', `/v1/flights/${flight.id}/boarding`, { ...AGENT, body })
  expectDone(await board({ locator, passenger: 1 }))
  expectRefused(await board({ locator: left.locator, passenger: 1 }), 'not-checked-in')

  // Time passes, which no request does.
  await database()`
    update flights.flights set departs_at = now() - interval '2 hours', arrives_at = now() - interval '1 hour'
    where id = ${flight.uuid}`
  expectDone(await client.request('POST', `/v1/flights/${flight.id}/closure`, ADMIN))
  await deliver()
  const couponOf = async (of: string) =>
    (await client.request('GET', `/v1/bookings/${of}`, AGENT)).body.coupons[0].status
  expect([await couponOf(locator), await couponOf(left.locator)]).toEqual(['flown', 'no-show'])

  expectDone(await client.request('POST', `${at}/erasure`, ADMIN))
  expect(
    (await client.request('POST', '/v1/booking-access', { body: { locator, surname: 'Ñáñez' } })).status,
  ).toBe(404)
  expect((await client.request('GET', `${at}/payments`, AGENT)).body.collected).toBe(total)
}

async function hold(client: Client, order: object, passengers: number) {
  const { quoteId } = expectMade(await client.request('POST', '/v1/quotes', { body: order }))
  return expectMade(
    await client.request('POST', '/v1/bookings', { body: { quoteId, ...peopleOf(passengers) } }),
  )
}

/** A booking that an agent made and took cash for. */
async function sell(client: Client, flight: string) {
  const { locator, total } = await hold(client, orderOf([flight], [ADULT]), 1)
  const body = { method: 'cash', amount: total, currency: 'COP', reference: crypto.randomUUID() }
  expectMade(await client.request('POST', `/v1/bookings/${locator}/payments`, { ...AGENT, body }))
  return { locator, total }
}

/** The token of whoever knows the locator and a surname. */
async function passengerOf(client: Client, locator: string): Promise<ApiRequest> {
  const { body } = await client.request('POST', '/v1/booking-access', { body: { locator, surname: 'Ñáñez' } })
  return { token: body.access.token }
}

/** As if what is pending had been asked so long ago. */
async function passMinutes(minutes: number): Promise<void> {
  await database()`
    update bookings.payments set asked_at = asked_at - make_interval(mins => ${minutes}) where status = 'pending'`
}

function expectDone(answer: ApiAnswer): void {
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300)
}

function expectRefused({ status, body }: ApiAnswer, code: string): void {
  expect({ status: status >= 400 && status < 500, code: body.code }).toEqual({ status: true, code })
}
