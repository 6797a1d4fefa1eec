import { beforeAll, describe, expect, it } from 'vitest'
import { addDays } from '../../shared/dates.ts'
import { useApi } from '../support/api.ts'
import { today } from '../support/dates.ts'
import { scheduleTestFlight, type TestFlight } from '../support/flights.ts'
import { ADULT, birthDateFor, CABIN_DOG, infant, orderOf, peopleOf, sales } from '../support/orders.ts'
import { expectRefusal, sameForAll } from '../support/refusal.ts'

const api = useApi()
const { quote } = sales(api)
const DATE = addDays(today(), 20)

const fly = async (flight: Partial<TestFlight> = {}) =>
  (await scheduleTestFlight({ origin: 'BOG', destination: 'ADZ', date: DATE, ...flight })).id

let flight: string
beforeAll(async () => {
  flight = await fly()
})

describe('refuses a search', () => {
  const search = (query: string) => () => api.request('GET', `/v1/flights?${query}`)

  it('from an unknown airport', () =>
    expectRefusal(search(`origin=XXX&destination=ADZ&date=${DATE}`), 422, 'unknown-airport', {
      parameter: 'origin',
    }))
  it('to an unknown airport and from one', () =>
    expectRefusal(
      search(`origin=XXX&destination=YYY&date=${DATE}`),
      422,
      'unknown-airport',
      { parameter: 'origin' },
      { parameter: 'destination' },
    ))
  it('on a past date', () =>
    expectRefusal(search(`origin=BOG&destination=ADZ&date=${addDays(today(), -2)}`), 422, 'date-in-past', {
      parameter: 'date',
    }))
  it('beyond the horizon', () =>
    expectRefusal(
      search(`origin=BOG&destination=ADZ&date=${addDays(today(), 500)}`),
      422,
      'date-beyond-horizon',
      { parameter: 'date' },
    ))
  it('for a return before the way out', () =>
    expectRefusal(
      search(`origin=BOG&destination=ADZ&date=${DATE}&returnDate=${addDays(DATE, -1)}`),
      422,
      'invalid-request',
      { parameter: 'returnDate' },
    ))
  it('with a cursor that no page gave', () =>
    expectRefusal(search(`origin=BOG&destination=ADZ&date=${DATE}&cursor=bm9uZQ`), 422, 'invalid-request', {
      parameter: 'cursor',
    }))
})

describe('refuses an order, quoted or booked at once,', () => {
  const adults = (count: number) => Array<string>(count).fill(ADULT)
  const withPet = (pet: object) => orderOf([flight], [ADULT], { pets: [{ ...CABIN_DOG, ...pet }] })
  const other = (change: Partial<TestFlight>, birthDates = [ADULT], more = {}) =>
    fly(change).then((id) => orderOf([id], birthDates, more))
  type Case = [
    name: string,
    order: () => object | Promise<object>,
    status: number,
    code: string,
    pointer?: string,
  ]

  it.each<Case>([
    ['of ten seated', () => orderOf([flight], adults(10)), 422, 'too-many-passengers', '/passengers'],
    [
      'of an infant without an adult',
      () => orderOf([flight], [birthDateFor(17, DATE), infant()]),
      422,
      'infant-without-adult',
      '/passengers/1',
    ],
    [
      'of more infants than adults',
      () => orderOf([flight], [ADULT, infant(), infant()]),
      422,
      'too-many-infants',
      '/passengers',
    ],
    [
      'of a minor alone',
      () => orderOf([flight], [birthDateFor(14, DATE)]),
      422,
      'minor-unaccompanied',
      '/passengers/0',
    ],
    [
      'of one who is not born',
      () => orderOf([flight], [ADULT, addDays(today(), 1)]),
      422,
      'birth-date-in-future',
      '/passengers/1/birthDate',
    ],
    [
      'with a date that the calendar has not',
      () => orderOf([flight], ['1990-02-30']),
      422,
      'invalid-request',
      '/passengers/0/birthDate',
    ],
    [
      'with a pet too heavy for the cabin',
      () => withPet({ weightKg: 11 }),
      422,
      'pet-too-heavy',
      '/pets/0/weightKg',
    ],
    [
      'with a carrier too large',
      () => withPet({ carrierCm: [36, 25, 56] }),
      422,
      'pet-carrier-too-large',
      '/pets/0/carrierCm',
    ],
    [
      'with a carrier too high, lying',
      () => withPet({ carrierCm: [26, 26, 26] }),
      422,
      'pet-carrier-too-large',
      '/pets/0/carrierCm',
    ],
    [
      'with a pet in the cabin and no carrier',
      () => withPet({ carrierCm: undefined }),
      422,
      'invalid-request',
      '/pets/0/carrierCm',
    ],
    [
      'with a short-nosed dog in the hold',
      () => withPet({ service: 'AVIH', breed: 'Bulldog Francés' }),
      422,
      'pet-breed-refused',
      '/pets/0/breed',
    ],
    [
      'in a class that is closed',
      () => other({ limits: [180, 100, 50, 0, 0] }, [ADULT], { bookingClass: 'L' }),
      409,
      'class-closed',
      '/bookingClass',
    ],
    [
      'in a class that is sold out',
      () => other({ limits: [180, 100, 50, 20, 1] }, adults(2), { bookingClass: 'L' }),
      409,
      'class-sold-out',
    ],
    ['of more than the seats left', () => other({ seats: 2 }, adults(3)), 409, 'sold-out'],
    ['in a cabin that is not there', () => other({}, [ADULT], { cabin: 'C' }), 409, 'cabin-not-offered'],
    [
      'with an infant more than the flight takes',
      () => other({ infants: 0 }, [ADULT, infant()]),
      409,
      'infants-full',
    ],
    [
      'with a pet more than the flight takes',
      () => other({ petc: 0 }, [ADULT], { pets: [CABIN_DOG] }),
      409,
      'pets-full',
    ],
    ['on a flight that has left', () => other({ date: addDays(today(), -2) }), 409, 'flight-not-bookable'],
    [
      'on a flight whose sale has closed',
      () => other({ date: addDays(today(), 2), salesCloseMinutes: 4 * 1440 }),
      409,
      'flight-not-bookable',
    ],
    [
      'with a promotion code that applies to none of the flights',
      () => orderOf([flight], [ADULT], { promotionCode: 'CARIBE10' }),
      422,
      'promotion-not-applicable',
      '/promotionCode',
    ],
    [
      'on a flight that is unknown',
      () => orderOf([`flt_${'0'.repeat(32)}`], [ADULT]),
      404,
      'unknown-flight',
      '/directions/0/flights/0',
    ],
    [
      'whose way back leaves before the way out arrives',
      async () => orderOf([flight, await fly({ origin: 'ADZ', destination: 'BOG', time: '10:59' })], [ADULT]),
      422,
      'itinerary-broken',
      '/directions/1/flights/0',
    ],
    [
      'whose connection leaves from another airport',
      async () => ({
        ...orderOf([], [ADULT]),
        directions: [{ flights: [flight, await fly({ origin: 'CTG', date: addDays(DATE, 1) })] }],
      }),
      422,
      'itinerary-broken',
      '/directions/0/flights/1',
    ],
    [
      'with an unknown field in it',
      () => ({ ...orderOf([flight], []), passengers: [{ birthDate: ADULT, seat: '1A' }] }),
      422,
      'invalid-request',
      '/passengers/0/seat',
    ],
  ])('%s', async (_, make, status, code, pointer) => {
    const order = await make()
    const places = (inside: string) => (pointer === undefined ? [] : [{ pointer: inside + pointer }])
    const asQuote = await expectRefusal(() => quote(order), status, code, ...places(''))

    const { length } = (order as { passengers: unknown[] }).passengers
    const book = { key: crypto.randomUUID(), body: { order, ...peopleOf(length) } }
    const ask = () => api.request('POST', '/v1/bookings', book)
    const asBooking = await expectRefusal(ask, status, code, ...places('/order'))
    expect(asBooking.body.flightId).toBe(asQuote.body.flightId)

    // The same request under the same key is answered alike.
    const again = await expectRefusal(ask, status, code, ...places('/order'))
    expect(sameForAll(again)).toEqual(sameForAll(asBooking))
    expect(again.headers['idempotent-replayed']).toBe(code === 'invalid-request' ? undefined : 'true')
  })
})
