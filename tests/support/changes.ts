import { expect } from 'vitest'
import { EVENTS } from '../../shared/events/index.ts'
import { database } from '../../shared/postgres/client.ts'
import type { ApiRequest, Client } from './client.ts'
import { expectMade, orderOf, peopleOf, sales } from './orders.ts'

export const AGENT = { role: 'agent' } as const

/** Limits of economy under which the cheapest class that sells is this one; the ladder is Y, B, M, Q, L. */
export const only = (bookingClass: 'Y' | 'B' | 'M' | 'Q' | 'L', seats = 180): number[] =>
  Array.from('YBMQL', (_, at) => (at > 'YBMQL'.indexOf(bookingClass) ? 0 : seats))

export type SoldBooking = { locator: string; total: number; bookingId: string }
type Quoted = { changeId: string; due: number; currency: string }

/** Sells, and changes what was sold, on one API. */
export function changes(api: Client) {
  const { request } = api
  /** A booking on flights, a direction each: on an agency account, or held. */
  async function sell(
    flights: string[],
    birthDates: string[],
    {
      held = false,
      surname = 'Ñáñez',
      ...more
    }: { held?: boolean; surname?: string; pets?: object[]; cabin?: string } = {},
  ): Promise<SoldBooking> {
    const body = { order: orderOf(flights, birthDates, more), ...peopleOf(birthDates.length, surname) }
    const answer = await sales(api).book({ ...body, ...(!held && { account: 'MOSTRADOR' }) }, AGENT)
    return expectMade(answer) as SoldBooking
  }
  const quote = ({ locator }: SoldBooking, body: object, as: ApiRequest = {}) =>
    request('POST', `/v1/bookings/${locator}/change-quotes`, { ...AGENT, ...as, body })
  const make = ({ locator }: SoldBooking, changeId: string, as: ApiRequest = {}) =>
    request('POST', `/v1/bookings/${locator}/changes`, { ...AGENT, ...as, body: { changeId } })
  const pay = ({ locator }: SoldBooking, { changeId, due, currency }: Quoted) =>
    request('POST', `/v1/bookings/${locator}/payments`, {
      ...AGENT,
      body: { method: 'cash', amount: due, currency, changeId, reference: crypto.randomUUID() },
    })
  const read = async ({ locator }: SoldBooking) =>
    (await request('GET', `/v1/bookings/${locator}`, AGENT)).body
  const quoted = async (sold: SoldBooking, body: object) => expectMade(await quote(sold, body))
  /** Quotes a change and makes it, by paying where something is due. */
  async function change(sold: SoldBooking, body: object) {
    const offer = await quoted(sold, body)
    const answer = offer.due > 0 ? await pay(sold, offer) : await make(sold, offer.changeId)
    expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300)
    await expectConsistent()
    return offer
  }
  return { sell, quote, quoted, make, pay, read, change }
}

/**
 * Expects that what every flight has sold is what the coupons and pets of live bookings are on it, that a paid booking's
 * ledger is the price of what it holds, and that its events keep their contract.
 */
export async function expectConsistent(): Promise<void> {
  const sql = database()
  expect(
    await sql`
      with live as (
        select c.flight_id, c.cabin, c.class, c.type from bookings.coupons c join bookings.bookings b on b.id = c.booking_id
        where c.status not in ('exchanged', 'refunded') and b.status in ('held', 'confirmed')
      )
      select i.flight_id, i.cabin, i.sold, i.class_sold, r.seats, r.by_class
      from flights.cabin_inventory i, lateral (
        select (select count(*)::integer from live l where l.flight_id = i.flight_id and l.cabin = i.cabin and l.type <> 'INF') as seats,
          array(select (select count(*)::integer from live l
              where l.flight_id = i.flight_id and l.cabin = i.cabin and l.type <> 'INF' and l.class = k.code)
            from unnest(i.classes) with ordinality k (code, n) order by k.n) as by_class
      ) r
      where i.sold <> r.seats or i.class_sold <> r.by_class`,
    'seats sold, and those of coupons',
  ).toEqual([])
  expect(
    await sql`
      with on_flight as (
        select distinct c.flight_id, b.id from bookings.coupons c join bookings.bookings b on b.id = c.booking_id
        where c.status not in ('exchanged', 'refunded') and b.status in ('held', 'confirmed')
      ), carried as (
        select o.flight_id, count(*) filter (where p.service = 'PETC')::integer as petc,
          count(*) filter (where p.service = 'AVIH')::integer as avih
        from on_flight o join bookings.pets p on p.booking_id = o.id group by o.flight_id
      ), laps as (
        select c.flight_id, count(*)::integer as infants
        from bookings.coupons c join bookings.bookings b on b.id = c.booking_id
        where c.status not in ('exchanged', 'refunded') and c.type = 'INF' and b.status in ('held', 'confirmed')
        group by c.flight_id
      )
      select s.flight_id, s.petc_sold, s.avih_sold, s.infant_sold, c.petc, c.avih, l.infants
      from flights.service_inventory s left join carried c using (flight_id) left join laps l using (flight_id)
      where s.petc_sold <> coalesce(c.petc, 0) or s.avih_sold <> coalesce(c.avih, 0)
        or s.infant_sold <> coalesce(l.infants, 0)`,
    'services sold, and those of bookings',
  ).toEqual([])
  expect(
    await sql`
      select b.locator, q.total, m.amount, r.pending
      from bookings.bookings b join bookings.quotes q on q.id = b.quote_id,
        lateral (select coalesce(sum(amount), 0) as amount from bookings.money where booking_id = b.id) m,
        lateral (select coalesce(sum(amount), 0) as pending from bookings.refunds
          where booking_id = b.id and status = 'pending') r
      where b.status = 'confirmed' and q.total <> m.amount - r.pending`,
    'the ledger, and the price',
  ).toEqual([])
  const events = await sql<
    { type: keyof typeof EVENTS; data: unknown }[]
  >`select type, data from platform.outbox`
  for (const { type, data } of events) expect(EVENTS[type].safeParse(data).error, type).toBeUndefined()
}
