import { addDays } from '../../shared/dates.ts'
import { uuidOf } from '../../shared/ids.ts'
import { database } from '../../shared/postgres/client.ts'
import type { Api } from './api.ts'
import type { ApiRequest } from './client.ts'
import { today } from './dates.ts'
import { scheduleTestFlight } from './flights.ts'
import { expectMade, orderOf, sales } from './orders.ts'

export const AGENT = { role: 'agent', subject: 'local-agent' } as const
export const ADMIN = { role: 'admin', subject: 'privacy' } as const

/** An adult and a child whose names, like those of contact and payer, nobody else in a test's database has. */
export const PEOPLE = {
  passengers: [
    { givenNames: 'Teófila Zoraida', surnames: ['Villaquirán', 'Ñungo'] },
    { givenNames: 'Baudilio', surnames: ['Ñungo-Tirapé'] },
  ],
  contact: {
    name: 'Eufrosina Quiñonez',
    email: 'eufrosina@example.com',
    phone: '+573119876543',
    language: 'en',
  },
  payer: { name: 'Hermenegildo Pachón' },
}
export const BIRTH_DATES = ['1987-03-29', '2013-10-08']

export type ToErase = { locator: string; id: string; flight: string }

/** Makes bookings of these people, has them flown, and erases them, on one API. */
export function erasing(api: Api) {
  /** On the agency account that pays at once; without one it is held. */
  async function makeBooking(account = 'MOSTRADOR'): Promise<ToErase> {
    const flight = await scheduleTestFlight({ origin: 'BOG', destination: 'ADZ', date: addDays(today(), 20) })
    const body = { order: orderOf([flight.id], BIRTH_DATES), ...PEOPLE, ...(account && { account }) }
    const { locator, bookingId } = expectMade(await sales(api).book(body, AGENT))
    return { locator, id: uuidOf(bookingId), flight: flight.uuid }
  }
  /** Lets the booking's flight have been flown. */
  async function fly({ id, flight }: ToErase): Promise<void> {
    const sql = database()
    await sql`
      update flights.flights set departs_at = now() - interval '2 hours', arrives_at = now() - interval '1 hour'
      where id = ${flight}`
    await sql`update bookings.coupons set status = 'flown' where booking_id = ${id}`
  }
  async function makeFlown(): Promise<ToErase> {
    const made = await makeBooking()
    await fly(made)
    return made
  }
  const erase = (locator: string, as: ApiRequest = ADMIN) =>
    api.request('POST', `/v1/bookings/${locator}/erasure`, as)
  /** Records a cédula. */
  const record = (locator: string, passenger: number, number: string) =>
    api.request('PUT', `/v1/bookings/${locator}/passengers/${passenger}/document`, {
      ...AGENT,
      body: { kind: 'CC', number, country: 'CO' },
    })
  return { makeBooking, fly, makeFlown, erase, record }
}
