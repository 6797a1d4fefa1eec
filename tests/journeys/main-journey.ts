import { expect } from 'vitest'
import { addDays } from '../../shared/dates.ts'
import type { ApiAnswer, Client } from '../support/client.ts'
import { today } from '../support/dates.ts'
import { ADULT, birthDateFor, CABIN_DOG, expectMade, infant, orderOf } from '../support/orders.ts'

type Line = {
  kind: 'fare' | 'discount' | 'tax' | 'pet-fee'
  code: string
  passenger: number | null
  pet: number | null
  segment: number
  amount: number
}

const FAMILY = [
  { givenNames: 'María José', surnames: ['Ñáñez', 'Pérez'] },
  { givenNames: 'Seán', surnames: ['O’Brien'] },
  { givenNames: 'Ana', surnames: ["O'Brien-Muñoz", 'Ñáñez'] },
  { givenNames: 'Luz', surnames: ["O'Brien-Muñoz", 'Ñáñez'] },
]
const [CHILD, BABY] = [3, 4]
const CONTACT = { name: 'María José Ñáñez', email: 'maria@example.com', phone: '+573001234567' }

/**
 * The walk of a family and of an agency through a system that is for sale: search, quote, book, read back, and a tax
 * that is registered meanwhile. It needs San Andrés flights in the coming week and the week after, the promotion on
 * them, and the sample agency account; the client signs tokens of every role.
 * @returns the public ids of both bookings, for what only the database tells
 */
export async function mainJourney(client: Client): Promise<{ held: string; confirmed: string }> {
  const trip = await searchTrip(client)
  const order = familyOrder(trip)
  const quote = expectMade(await client.request('POST', '/v1/quotes', { body: order }))
  expectPrice(quote, trip)
  const held = await bookAndReadBack(client, quote)
  const confirmed = await bookAsPartner(client, trip)
  await registerTaxMeanwhile(client, order)
  return { held, confirmed }
}

type Trip = { departure: string; out: string; back: string; fares: [out: number, back: number] }

async function searchTrip(client: Client): Promise<Trip> {
  const [date, returnDate] = [addDays(today(), 2), addDays(today(), 9)]
  const dates = `date=${date}&dateTo=${addDays(date, 3)}&returnDate=${returnDate}&returnDateTo=${addDays(returnDate, 3)}`
  const { status, body } = await client.request(
    'GET',
    `/v1/flights?origin=BOG&destination=ADZ&${dates}&adults=3&infants=1`,
  )
  expect(status).toBe(200)
  const [out, back] = [body.outbound.flights[0], body.inbound.flights[0]]
  expect(out).toMatchObject({
    origin: 'BOG',
    destination: 'ADZ',
    priceFrom: { promotion: { rateBasisPoints: 1000 } },
  })
  expect(back).toMatchObject({
    origin: 'ADZ',
    destination: 'BOG',
    priceFrom: { promotion: { rateBasisPoints: 1000 } },
  })
  expect(Date.parse(out.arrivesAt)).toBeLessThan(Date.parse(back.departsAt))
  return {
    departure: out.departsAt.slice(0, 10),
    out: out.flightId,
    back: back.flightId,
    fares: [out.priceFrom.fare, back.priceFrom.fare],
  }
}

/** Two adults, a child of twelve, an infant and a dog in the cabin, out and back. */
const familyOrder = ({ out, back, departure }: Trip) =>
  orderOf([out, back], [ADULT, '1991-11-02', birthDateFor(12, departure), infant()], { pets: [CABIN_DOG] })

function expectPrice(quote: ApiAnswer['body'], { fares }: Trip): void {
  const lines: Line[] = quote.lines
  const amountOf = (kind: Line['kind'], passenger: number, segment: number) =>
    sum(
      lines.filter((line) => line.kind === kind && line.passenger === passenger && line.segment === segment),
    )
  expect(sum(lines)).toBe(quote.total)

  // Price × 0.90 + taxes, fare by fare; the infant on a lap flies for nothing.
  for (const [at, filed] of fares.entries()) {
    for (const passenger of [1, 2, CHILD]) {
      expect(amountOf('fare', passenger, at + 1)).toBe(filed)
      expect((filed + amountOf('discount', passenger, at + 1)) * 10).toBe(filed * 9)
    }
    expect(amountOf('fare', BABY, at + 1)).toBe(0)
  }
  const fees = lines.filter(({ kind }) => kind === 'pet-fee')
  expect(fees.map(({ pet, segment }) => [pet, segment])).toEqual([
    [1, 1],
    [1, 2],
  ])
  const net = (3 * 9 * sum(fares.map((amount) => ({ amount })))) / 10
  expect(quote.total).toBe(net + sum(fees) + sum(lines.filter(({ kind }) => kind === 'tax')))
  // The destination charges for the pet, and the airline's fee stands apart from it.
  expect(lines.filter(({ kind, pet }) => kind === 'tax' && pet === 1)).toMatchObject([
    { code: 'PM', segment: 1 },
  ])

  // The tourist card is paid at the counter from seven years on, at the island alone, and is in no total.
  expect(quote.counter).toMatchObject(
    [1, 2, CHILD].map((passenger) => ({ code: 'SA', passenger, segment: 1, amount: 15_300_000 })),
  )
  expect(lines.filter(({ code }) => code === 'SA')).toEqual([])
  for (const { rule } of quote.counter) {
    expect(quote.rules[rule].name.es).toContain('Tarjeta de turismo de San Andrés')
  }

  type Passenger = { number: number; type: string; age: number; candies: boolean }
  expect(quote.passengers.map(({ type, age }: Passenger) => [type, age]).slice(2)).toEqual([
    ['ADT', 12],
    ['INF', 0],
  ])
  const withCandies = quote.passengers.filter(({ candies }: Passenger) => candies)
  expect(withCandies.map(({ number }: Passenger) => number)).toEqual([CHILD, BABY])
}

async function bookAndReadBack(client: Client, quote: ApiAnswer['body']): Promise<string> {
  const key = crypto.randomUUID()
  const body = {
    quoteId: quote.quoteId,
    passengers: FAMILY,
    contact: CONTACT,
    payer: { name: CONTACT.name },
  }
  const first = await client.request('POST', '/v1/bookings', { key, body })
  const receipt = expectMade(first)
  expect(receipt).toMatchObject({ status: 'held', total: quote.total, currency: 'COP' })
  expect(Date.parse(receipt.payBy)).toBeGreaterThan(Date.now())
  expect(first.headers.location).toBe(`/v1/bookings/${receipt.locator}`)
  expect(first.headers['idempotent-replayed']).toBeUndefined()

  const again = await client.request('POST', '/v1/bookings', { key, body })
  expect(again).toMatchObject({ status: 201, headers: { 'idempotent-replayed': 'true' } })
  expect(again.body).toEqual(receipt)

  for (const surname of ['Ñáñez', 'ñáñez pérez', 'NANEZ PEREZ', 'obrien', 'O’Brien', 'obrien munoz nanez']) {
    const { locator } = receipt
    const read = await client.request('POST', '/v1/booking-access', { body: { locator, surname } })
    expect(read.status, surname).toBe(200)
    expect(read.headers.etag).toBe('"1"')
    expect(read.body).toMatchObject({
      bookingId: receipt.bookingId,
      status: 'held',
      total: quote.total,
      lines: quote.lines,
      counter: quote.counter,
      passengers: FAMILY,
      pets: [{ number: 1, service: 'PETC', species: 'dog', breed: 'beagle' }],
    })
    expect(read.body.coupons).toHaveLength(8)
  }

  // Who opened the booking goes on with its token, on this booking alone.
  const { body: opened } = await client.request('POST', '/v1/booking-access', {
    body: { locator: receipt.locator, surname: 'Ñáñez' },
  })
  const { access, ...booking } = opened
  const withToken = await client.request('GET', `/v1/bookings/${receipt.locator}`, { token: access.token })
  expect(withToken).toMatchObject({ status: 200, body: booking })
  return receipt.bookingId
}

/** An agency's own account confirms at once; what it booked is read by it and by the airline, and by nobody else. */
async function bookAsPartner(client: Client, { out }: Trip): Promise<string> {
  const partner = { role: 'partner', subject: 'local-partner' } as const
  const order = orderOf([out], [ADULT])
  const quote = expectMade(await client.request('POST', '/v1/quotes', { ...partner, body: order }))
  const body = {
    quoteId: quote.quoteId,
    passengers: [{ givenNames: 'Iván', surnames: ['Restrepo'] }],
    contact: CONTACT,
    payer: { name: 'Agencia de viajes' },
    account: 'AGENCIA1',
  }
  const receipt = expectMade(await client.request('POST', '/v1/bookings', { ...partner, body }))
  expect(receipt).toMatchObject({ status: 'confirmed', total: quote.total })
  expect(receipt.payBy).toBeUndefined()

  const read = (as: object) => client.request('GET', `/v1/bookings/${receipt.locator}`, as)
  const own = await read(partner)
  expect(own).toMatchObject({ status: 200, body: { bookingId: receipt.bookingId, status: 'confirmed' } })
  expect(Date.parse(own.body.confirmedAt)).toBeLessThanOrEqual(Date.now())
  expect((await read({ role: 'agent' })).body).toEqual(own.body)
  expect(await read({ role: 'partner', subject: 'another-agency' })).toMatchObject({
    status: 404,
    body: { code: 'booking-not-found' },
  })
  expect(await read({ role: 'revenue' })).toMatchObject({ status: 403 })
  expect(await read({})).toMatchObject({ status: 401 })
  return receipt.bookingId
}

/** A tax that staff register is in the next quote; what was quoted before is booked as it was quoted. */
async function registerTaxMeanwhile(client: Client, order: object): Promise<void> {
  const ask = async () => expectMade(await client.request('POST', '/v1/quotes', { body: order }))
  const before = await ask()
  const { taxId } = expectMade(
    await client.request('POST', '/v1/destinations/ADZ/taxes', {
      role: 'revenue',
      body: {
        code: 'Z9',
        name: { es: 'Contribución de prueba', en: 'Trial charge' },
        authority: 'Gobernación de San Andrés',
        charge: { basis: 'fixed', amount: 1_234_500, currency: 'COP' },
        minAge: 2,
        refundable: true,
        validFrom: today(),
        source: 'Sample value',
        sample: true,
      },
    }),
  )
  const after = await ask()
  const added = after.lines.filter(({ rule }: { rule: string }) => rule === taxId)
  expect(added).toMatchObject(
    [1, 2, CHILD].map((passenger) => ({ passenger, segment: 1, amount: 1_234_500 })),
  )
  expect(after.rules[taxId].name.es).toBe('Contribución de prueba')
  expect(after.total).toBe(before.total + 3 * 1_234_500)

  const body = {
    quoteId: before.quoteId,
    passengers: FAMILY,
    contact: CONTACT,
    payer: { name: CONTACT.name },
  }
  const { locator, total } = expectMade(await client.request('POST', '/v1/bookings', { body }))
  expect(total).toBe(before.total)
  const { body: booking } = await client.request('POST', '/v1/booking-access', {
    body: { locator, surname: 'Ñáñez' },
  })
  expect(booking.lines).toEqual(before.lines)
}

const sum = (lines: readonly { amount: number }[]): number =>
  lines.reduce((total, { amount }) => total + amount, 0)
