import { addDays, type IsoDate } from '../../shared/dates.ts'
import type { ApiAnswer, ApiRequest, Client } from './client.ts'
import { today } from './dates.ts'

/** The birth date of one who is of this age on a date, and was not the day before. */
export function birthDateFor(age: number, date: IsoDate): IsoDate {
  // 29 February has a birthday in every year on the first of March.
  const birthday = date.endsWith('-02-29') ? '03-01' : date.slice(5)
  return `${Number(date.slice(0, 4)) - age}-${birthday}`
}

/** The birth date of an adult on every date that flights are sold for. */
export const ADULT: IsoDate = '1990-05-17'
/** The birth date of one who is a lap infant for a year from now. */
export const infant = (): IsoDate => addDays(today(), -200)

export const CABIN_DOG = {
  service: 'PETC',
  species: 'dog',
  breed: 'beagle',
  weightKg: 8,
  carrierCm: [50, 30, 25],
} as const

/** An order of direct flights, a direction each. */
export const orderOf = (flights: readonly string[], birthDates: readonly IsoDate[], more: object = {}) => ({
  directions: flights.map((flight) => ({ flights: [flight] })),
  passengers: birthDates.map((birthDate) => ({ birthDate })),
  ...more,
})

/** What a booking needs beside its quote or order, for so many passengers. */
export const peopleOf = (count: number, surname = 'Ñáñez') => ({
  passengers: Array.from({ length: count }, () => ({ givenNames: 'María José', surnames: [surname] })),
  contact: { name: 'María José Ñáñez', email: 'maria@example.com', phone: '+573001234567' },
  payer: { name: 'María José Ñáñez' },
})

/** Quotes and books on one API. */
export function sales({ request }: Client) {
  const quote = (body: object, as: ApiRequest = {}) => request('POST', '/v1/quotes', { ...as, body })
  const book = (body: object, as: ApiRequest = {}) => request('POST', '/v1/bookings', { ...as, body })
  /** The body that books a new quote of an adult on this flight. */
  async function quotedBooking(flight: string, as: ApiRequest = {}) {
    const { quoteId } = expectMade(await quote(orderOf([flight], [ADULT]), as))
    return { quoteId: String(quoteId), ...peopleOf(1) }
  }
  return { quote, book, quotedBooking }
}

/** The body of an answer that made something; any other answer is an error that tells it. */
export function expectMade({ status, body }: ApiAnswer): ApiAnswer['body'] {
  if (status !== 201) throw new Error(`answered ${status}: ${JSON.stringify(body)}`)
  return body
}
