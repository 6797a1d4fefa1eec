import { addDays } from '../../shared/dates.ts'
import type { EVENTS } from '../../shared/events/index.ts'
import { signBookingToken } from '../../shared/http/booking-token.ts'
import { publicId, uuidOf } from '../../shared/ids.ts'
import { database } from '../../shared/postgres/client.ts'
import type { Api } from './api.ts'
import type { ApiRequest } from './client.ts'
import { today } from './dates.ts'
import { scheduleTestFlight } from './flights.ts'
import { ADULT, CABIN_DOG, expectMade, infant, orderOf, peopleOf, sales } from './orders.ts'
import { byCard, type Held, paying } from './paying.ts'

const HOLD_DOG = { service: 'AVIH', species: 'dog', breed: 'beagle', weightKg: 20 } as const

/** A domestic flight so many days ahead. */
export const flightIn = (days: number, route = { origin: 'BOG', destination: 'CTG' }) =>
  scheduleTestFlight({ ...route, date: addDays(today(), days) })

/** Quotes refunds and cancels bookings on one API. */
export function cancelling(api: Api) {
  const { hold, pay } = paying(api)
  const quote = ({ locator, token }: Held, as: ApiRequest = { token }) =>
    api.request('POST', `/v1/bookings/${locator}/refund-quotes`, as)
  const cancel = ({ locator, token }: Held, refundQuoteId: string, as: ApiRequest = {}) =>
    api.request('POST', `/v1/bookings/${locator}/cancellation`, {
      ...(as.role ? {} : { token }),
      ...as,
      body: { refundQuoteId },
    })
  const quoted = async (held: Held) => expectMade(await quote(held))
  const payByCard = async (held: Held) => expectMade(await pay(held, byCard(held)))
  async function confirmed(on: string): Promise<Held> {
    const held = await hold(on)
    await payByCard(held)
    return held
  }

  /** Holds two flights for two adults and a lap infant, a pet of each kind, chosen seats; and what was sold before. */
  async function wholeParty(): Promise<{ held: Held; before: string; flights: [string, string] }> {
    const out = await flightIn(40)
    const back = await flightIn(44, { origin: 'CTG', destination: 'BOG' })
    const before = await inventory()
    const order = orderOf([out.id, back.id], [ADULT, ADULT, infant()], { pets: [CABIN_DOG, HOLD_DOG] })
    const booked = expectMade(await sales(api).book({ order, ...peopleOf(3) }))
    const id = uuidOf(booked.bookingId)
    await database()`
      insert into bookings.seats (flight_id, seat, booking_id, passenger)
      values (${out.uuid}, '10A', ${id}, 1), (${back.uuid}, '11B', ${id}, 2)`
    const { locator, total, currency } = booked
    const { token } = await signBookingToken(id)
    return { held: { id, locator, total, currency, token }, before, flights: [out.uuid, back.uuid] }
  }
  return { hold, pay, payByCard, quote, quoted, cancel, confirmed, wholeParty }
}

/** What every flight has sold, the chosen seats included, as text; of one flight, or of all but one. */
export async function inventory(of: { flight?: string; but?: string } = {}): Promise<string> {
  const { flight = null, but = null } = of
  const rows = await database()`
    select i.flight_id, i.cabin, i.sold, i.class_sold, s.infant_sold, s.petc_sold, s.avih_sold,
      (select array_agg(t.seat order by t.seat) from bookings.seats t where t.flight_id = i.flight_id) as seats
    from flights.cabin_inventory i join flights.service_inventory s using (flight_id)
    where (${flight}::uuid is null or i.flight_id = ${flight}) and (${but}::uuid is null or i.flight_id <> ${but})
    order by i.flight_id, i.cabin`
  return JSON.stringify(rows)
}

/** What was told of a booking, the oldest first. */
export const eventsOf = ({ id }: Held) =>
  database()<
    { type: keyof typeof EVENTS; version: number; data: object }[]
  >`select type, version, data from platform.outbox where subject = ${publicId('booking', id)} order by id`

export async function couponsOf({ id }: Held): Promise<string[]> {
  const rows = await database()`select status from bookings.coupons where booking_id = ${id} order by number`
  return rows.map(({ status }) => status)
}

/** Lets a flight have left an hour ago. */
export const depart = (flight: string) => database()`
  update flights.flights set departs_at = now() - interval '1 hour', arrives_at = now() + interval '1 hour'
  where id = ${flight}`
