/**
 * A client of the API that knows its document alone: it searches, quotes, books and opens the booking, and writes what
 * it was told. Arguments: where the API is, and a day on which flights are sold from Bogotá to San Andrés.
 */
import createClient from 'openapi-fetch'
import type { paths } from 'openapi-types'

const [baseUrl = '', date = ''] = process.argv.slice(2)
const api = createClient<paths>({ baseUrl })
const anew = () => ({ header: { 'Idempotency-Key': crypto.randomUUID() } })

const search = await api.GET('/v1/flights', {
  params: { query: { origin: 'BOG', destination: 'ADZ', date, adults: 2, limit: 5 } },
})
if (search.error) throw new Error(`${search.error.code}: ${search.error.detail}`)
const flight = search.data.outbound.flights.find(({ priceFrom }) => priceFrom !== null)
if (!flight?.priceFrom) throw new Error('no flight has seats for the party')

const quote = await api.POST('/v1/quotes', {
  params: anew(),
  body: {
    directions: [{ flights: [flight.flightId] }],
    passengers: [{ birthDate: '1990-05-17' }, { birthDate: '1992-11-02' }],
  },
})
if (quote.error) throw new Error(`${quote.error.code}: ${quote.error.detail}`)

const booking = await api.POST('/v1/bookings', {
  params: anew(),
  body: {
    quoteId: quote.data.quoteId,
    passengers: [
      { givenNames: 'María José', surnames: ['Ñáñez', 'Pérez'] },
      { givenNames: 'Luz', surnames: ['Ñáñez'] },
    ],
    contact: { name: 'María José Ñáñez', email: 'maria@example.com', phone: '+573001234567' },
    payer: { name: 'María José Ñáñez' },
  },
})
if (booking.error) throw new Error(`${booking.error.code}: ${booking.error.detail}`)
const { locator } = booking.data

const opened = await api.POST('/v1/booking-access', { body: { locator, surname: 'nanez' } })
if (opened.error) throw new Error(`${opened.error.code}: ${opened.error.detail}`)

const read = await api.GET('/v1/bookings/{locator}', {
  params: { path: { locator } },
  headers: { authorization: `Bearer ${opened.data.access.token}` },
})
if (read.error) throw new Error(`${read.error.code}: ${read.error.detail}`)

const wrong = await api.POST('/v1/booking-access', { body: { locator, surname: 'Restrepo' } })

console.log(
  JSON.stringify({
    promised: flight.priceFrom.total,
    quoted: quote.data.total,
    booked: booking.data.total,
    status: booking.data.status,
    read: read.data.passengers.map(({ type, surnames }) => `${type} ${surnames.join(' ')}`),
    lines: read.data.lines.reduce((sum, { amount }) => sum + amount, 0),
    wrongIsRefused: wrong.error?.code === 'booking-not-found',
  }),
)
