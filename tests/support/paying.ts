import { signBookingToken } from '../../shared/http/booking-token.ts'
import { uuidOf } from '../../shared/ids.ts'
import { TEST_CARDS } from '../../shared/payments/test-card.ts'
import { database } from '../../shared/postgres/client.ts'
import type { Api } from './api.ts'
import type { ApiRequest } from './client.ts'
import { expectMade, sales } from './orders.ts'

export { TEST_CARDS, testCard } from '../../shared/payments/test-card.ts'

/** A booking that is held, and its passenger's token. */
export type Held = { id: string; locator: string; total: number; currency: string; token: string }

/** Holds, pays and reads the money of bookings on one API. */
export function paying(api: Api) {
  async function hold(flight: string): Promise<Held> {
    const booked = expectMade(await sales(api).book(await sales(api).quotedBooking(flight)))
    const id = uuidOf(booked.bookingId)
    const { token } = await signBookingToken(id)
    return { id, locator: booked.locator, total: booked.total, currency: booked.currency, token }
  }
  const pay = ({ locator, token }: Held, body: object, as: ApiRequest = {}) =>
    api.request('POST', `/v1/bookings/${locator}/payments`, { ...(as.role ? {} : { token }), ...as, body })
  const read = async ({ locator, token }: Held, what: 'payments' | 'documents' | '') =>
    (await api.request('GET', `/v1/bookings/${locator}${what && `/${what}`}`, { token })).body
  return { hold, pay, read }
}

/** What pays a booking whole: by a test card, or in cash. */
export const byCard = ({ total, currency }: Held, card: keyof typeof TEST_CARDS = 'success') => ({
  method: 'card',
  amount: total,
  currency,
  card: { number: TEST_CARDS[card] },
})
export const inCash = ({ total, currency }: Held, reference: string) => ({
  method: 'cash',
  amount: total,
  currency,
  reference,
})

/** Lets a booking's time to pay pass. */
export const passDeadline = ({ id }: Held) => database()`
  update bookings.bookings set pay_by = now() - interval '1 second' where id = ${id}`

/** Lets time pass for what was asked about a booking's payments and refunds. */
export async function passTime({ id }: Held, minutes: number): Promise<void> {
  const sql = database()
  await sql`
    update bookings.payments set created_at = created_at - make_interval(mins => ${minutes}),
      asked_at = asked_at - make_interval(mins => ${minutes}) where booking_id = ${id}`
  await sql`
    update bookings.refunds set asked_at = asked_at - make_interval(mins => ${minutes}) where booking_id = ${id}`
}
