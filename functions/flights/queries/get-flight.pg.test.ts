import { expect, it } from 'vitest'
import { addDays } from '../../../shared/dates.ts'
import { uuidOf } from '../../../shared/ids.ts'
import { database } from '../../../shared/postgres/client.ts'
import { useApi } from '../../../tests/support/api.ts'
import { today } from '../../../tests/support/dates.ts'
import { scheduleTestFlight } from '../../../tests/support/flights.ts'
import {
  ADULT,
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
const get = (flight: string) => api.request('GET', `/v1/flights/${flight}`)

it('shows a flight with its places, times, classes and what is left', async () => {
  const { id } = await scheduleTestFlight({
    origin: 'BOG',
    destination: 'MAD',
    date: DATE,
    time: '18:40',
    blockMinutes: 635,
    flightNumber: 'T9777',
    seats: 20,
    limits: [20, 15, 10, 5, 0],
    business: { seats: 6 },
    infants: 2,
    petc: 3,
    avih: 1,
  })
  const { status, body } = await get(id)
  expect(status).toBe(200)
  expect(body).toMatchObject({
    flightId: id,
    flightNumber: 'T9777',
    status: 'scheduled',
    origin: { code: 'BOG', city: 'Bogotá', countryCode: 'CO', timeZone: 'America/Bogota' },
    destination: { code: 'MAD', city: 'Madrid', countryCode: 'ES', timeZone: 'Europe/Madrid' },
    departureDate: DATE,
    departsAt: `${DATE}T18:40:00-05:00`,
    durationMinutes: 635,
    infantsLeft: 2,
    petsLeft: { PETC: 3, AVIH: 1 },
  })
  expect(body.arrivesAt).toMatch(new RegExp(`^${addDays(DATE, 1)}T1[12]:15:00\\+0[12]:00$`))
  type Offer = { cabin: string; bookingClass: string; fare: number; seatsLeft: number; closed: boolean }
  const offers: Offer[] = body.offers
  expect(
    offers.map(({ cabin, bookingClass, seatsLeft, closed }) => [cabin, bookingClass, seatsLeft, closed]),
  ).toEqual([
    ['Y', 'L', 0, true],
    ['Y', 'Q', 5, false],
    ['Y', 'M', 10, false],
    ['Y', 'B', 15, false],
    ['Y', 'Y', 20, false],
    ['C', 'D', 4, false],
    ['C', 'C', 6, false],
  ])
  for (const cabin of ['Y', 'C']) {
    const fares = offers.filter((offer) => offer.cabin === cabin).map(({ fare }) => fare)
    expect(fares).toEqual(fares.toSorted((one, other) => one - other))
  }
})

it('has less left after a booking, in the class and in all that are nested in it', async () => {
  const { id } = await scheduleTestFlight({ origin: 'BOG', destination: 'ADZ', date: DATE, seats: 10 })
  const seats = async () => {
    const { offers, infantsLeft, petsLeft } = (await get(id)).body
    const left = offers.map(({ seatsLeft }: { seatsLeft: number }) => seatsLeft)
    return { left, infantsLeft, petsLeft }
  }
  // L, Q, M, B, Y: 20, 45, 65, 85 and 100 per cent of ten, rounded up.
  expect(await seats()).toEqual({ left: [2, 5, 7, 9, 10], infantsLeft: 18, petsLeft: { PETC: 6, AVIH: 4 } })
  const order = orderOf([id], [ADULT, ADULT, ADULT, infant()], { bookingClass: 'Q', pets: [CABIN_DOG] })
  expectMade(await sales(api).book({ order, ...peopleOf(4) }))
  expect(await seats()).toEqual({ left: [2, 2, 4, 6, 7], infantsLeft: 17, petsLeft: { PETC: 5, AVIH: 4 } })
  // What a dearer class has left bounds the cheaper ones.
  const dearer = orderOf([id], [ADULT, ADULT, ADULT], { bookingClass: 'M' })
  expectMade(await sales(api).book({ order: dearer, ...peopleOf(3) }))
  expect((await seats()).left).toEqual([1, 1, 1, 3, 4])
})

it('is still read when its sale is closed or it has left, and sells nothing', async () => {
  const { id } = await scheduleTestFlight({ origin: 'BOG', destination: 'ADZ', date: addDays(today(), -3) })
  const { body } = await get(id)
  expect(body.offers).toHaveLength(5)
  for (const offer of body.offers) expect(offer).toMatchObject({ seatsLeft: 0, closed: true })
  await database()`update flights.flights set status = 'cancelled' where id = ${uuidOf(id)}`
  expect((await get(id)).body.status).toBe('cancelled')
})

it('refuses what is no flight', async () => {
  await expectRefusal(() => get(`flt_${'0'.repeat(32)}`), 404, 'unknown-flight')
  await expectRefusal(() => get('T9101'), 422, 'invalid-request', { parameter: 'flight' })
  await expectRefusal(() => get(`bkg_${'0'.repeat(32)}`), 422, 'invalid-request', { parameter: 'flight' })
})
