import { beforeAll, describe, expect, it } from 'vitest'
import { addDays } from '../../../shared/dates.ts'
import { useApi } from '../../../tests/support/api.ts'
import { today } from '../../../tests/support/dates.ts'
import { scheduleTestFlight } from '../../../tests/support/flights.ts'
import {
  ADULT,
  birthDateFor,
  CABIN_DOG,
  expectMade,
  infant,
  orderOf,
  peopleOf,
  sales,
} from '../../../tests/support/orders.ts'
import { expectRefusal } from '../../../tests/support/refusal.ts'

const api = useApi()
const DATE = addDays(today(), 30)
const open = (locator: string, surname: string) =>
  api.request('POST', '/v1/booking-access', { key: null, body: { locator, surname } })

// biome-ignore lint/suspicious/noExplicitAny: what the API answered, named member by member below
let quote: any
// biome-ignore lint/suspicious/noExplicitAny: as above
let receipt: any
const PEOPLE = [
  { givenNames: 'María', surnames: ['de la Ossa', 'Ñáñez'] },
  { givenNames: 'Seán', surnames: ["O'Brien-Muñoz"] },
  { givenNames: 'Luz', surnames: ['Rincón', 'de la Ossa'] },
]
const CONTACT = { name: 'María', email: 'maria@example.com', phone: '+573001234567', language: 'en' }

beforeAll(async () => {
  const out = await scheduleTestFlight({ origin: 'BOG', destination: 'ADZ', date: DATE, time: '08:15' })
  const back = await scheduleTestFlight({ origin: 'ADZ', destination: 'BOG', date: addDays(DATE, 7) })
  const order = orderOf([out.id, back.id], [ADULT, birthDateFor(11, DATE), infant()], { pets: [CABIN_DOG] })
  const resident = { ...order.passengers[0], residency: 'ADZ' }
  const withResident = { ...order, passengers: [resident, ...order.passengers.slice(1)] }
  quote = expectMade(await sales(api).quote(withResident))
  const body = { quoteId: quote.quoteId, passengers: PEOPLE, contact: CONTACT, payer: { name: 'Papá' } }
  receipt = expectMade(await sales(api).book(body))
})

it('gives all that was booked, as it was quoted', async () => {
  const { status, headers, body } = await open(receipt.locator, 'de la ossa ñáñez')
  expect(status).toBe(200)
  expect(headers.etag).toBe('"1"')
  const { bookingId, locator, currency, total, payBy } = receipt
  const { segments, lines, counter, rules } = quote
  expect(body).toMatchObject({ bookingId, locator, currency, total, segments, lines, counter, rules })
  expect(body).toMatchObject({ version: 1, status: 'held', confirmedAt: null, contact: CONTACT })
  expect(body.payer).toEqual({ name: 'Papá' })
  expect(body.payBy).toBe(payBy)
  expect(Math.abs(Date.parse(body.createdAt) - Date.now())).toBeLessThan(60_000)
  const types = ['ADT', 'CHD', 'INF']
  expect(body.passengers).toEqual(
    PEOPLE.map((person, at) => ({
      number: at + 1,
      type: types[at],
      ...person,
      birthDate: quote.passengers[at].birthDate,
      residency: at === 0 ? 'ADZ' : null,
      accompaniedBy: at === 0 ? null : 1,
    })),
  )
  const { carrierCm: _, ...dog } = CABIN_DOG
  expect(body.pets).toEqual([{ number: 1, ...dog }])
  // A coupon for each passenger on each flight.
  expect(body.coupons).toEqual(
    [1, 2].flatMap((segment) =>
      [1, 2, 3].map((passenger) => ({
        couponId: `${bookingId}.${(segment - 1) * 3 + passenger}`,
        passenger,
        segment,
        type: types[passenger - 1],
        status: 'open',
      })),
    ),
  )
})

describe('is opened by the first or both surnames of any passenger', () => {
  it.each([
    'de la Ossa',
    'DE LA OSSA NANEZ',
    'delaossa',
    "O'Brien-Muñoz",
    'o brien munoz',
    'OBRIENMUNOZ',
    'rincon',
    'Rincón  de la Ossa ',
  ])('%s', async (surname) => {
    expect((await open(receipt.locator, surname)).body.bookingId).toBe(receipt.bookingId)
    expect((await open(` ${receipt.locator.toLowerCase()}`, surname)).status).toBe(200)
  })

  it.each(['Ñáñez', 'la Ossa', 'de', 'Muñoz', 'María', '%', "'"])('and not by %s', async (surname) => {
    await expectRefusal(() => open(receipt.locator, surname), 404, 'booking-not-found')
  })
})

it('takes a surname of some length, and no Idempotency-Key', async () => {
  const place = { pointer: '/surname' }
  await expectRefusal(() => open(receipt.locator, '  '), 422, 'invalid-request', place)
  await expectRefusal(() => open(receipt.locator, 'a'.repeat(123)), 422, 'invalid-request', place)
  await expectRefusal(() => open(receipt.locator, 'a'.repeat(122)), 404, 'booking-not-found')
})

it('opens none by the surname of another', async () => {
  const flight = await scheduleTestFlight({ origin: 'BOG', destination: 'CTG', date: DATE })
  const other = await sales(api).book({ order: orderOf([flight.id], [ADULT]), ...peopleOf(1, 'Zapata') })
  await expectRefusal(() => open(receipt.locator, 'Zapata'), 404, 'booking-not-found')
  await expectRefusal(() => open(expectMade(other).locator, 'Rincón'), 404, 'booking-not-found')
})
