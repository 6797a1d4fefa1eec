import { describe, expect, it } from 'vitest'
import type { OfferedFlight } from '../flights/index.ts'
import { fitOf, loadOf, replaceFlight, type Sold } from './replace-flight.ts'

const place = (code: string, timeZone = 'America/Bogota') => ({
  ...{ code, cityCode: code, countryCode: 'CO', name: code, city: code, timeZone },
})

const flightOf = (id: string, departsAt: string, more: Partial<OfferedFlight> = {}): OfferedFlight => ({
  id,
  flightNumber: 'T9001',
  departureDate: departsAt.slice(0, 10),
  departsAt: new Date(departsAt),
  arrivesAt: new Date(Date.parse(departsAt) + 7_200_000),
  aircraftType: '320',
  status: 'scheduled',
  origin: place('BOG'),
  destination: place('ADZ'),
  cabins: [
    {
      cabin: 'Y',
      authorised: 10,
      sold: 0,
      classes: ['Y', 'B', 'L'],
      limits: [10, 6, 3],
      classSold: [0, 0, 0],
      salesOpen: true,
    },
  ],
  infantsLeft: 2,
  petcLeft: 1,
  avihLeft: 0,
  ...more,
})
const withSold = (classSold: number[], more: object = {}) => {
  const [cabin] = flightOf('x', '2027-01-15T15:00:00Z').cabins
  if (!cabin) throw new Error('no cabin')
  const sold = classSold.reduce((total, seats) => total + seats, 0)
  return [{ ...cabin, classSold, sold, ...more }]
}

const segment = (number: number, flightId: string) => ({
  ...{ number, direction: 1, flightId, flightNumber: 'T9000', origin: 'BOG', destination: 'ADZ' },
  ...{ departsAt: '2027-01-15T10:00:00-05:00', arrivesAt: '2027-01-15T12:00:00-05:00' },
  ...{ departureDate: '2027-01-15', cabin: 'Y' as const, bookingClass: 'L', fareBasis: 'LPROM' },
  conditions: { refundable: false, changeable: false, changeFee: 0 },
})
const told = (number: number, flightId: string) => ({
  ...{ segment: number, direction: 1, flightId, origin: 'BOG', destination: 'ADZ' },
  ...{ departureDate: '2027-01-15', cabin: 'Y' as const, bookingClass: 'L', seats: 2, infants: 1 },
})
const coupon = (passenger: number, number: number, type: 'ADT' | 'INF') => ({
  ...{ passenger, segment: number, type, fareBasis: 'LPROM' },
})

/** Two adults and an infant with a dog, on two flights. */
const SOLD: Sold = {
  itinerary: [segment(1, 'flt_1'), segment(2, 'flt_2')],
  coupons: [1, 2].flatMap((at) => [coupon(1, at, 'ADT'), coupon(2, at, 'ADT'), coupon(3, at, 'INF')]),
  event: {
    outbound: { origin: 'BOG', destination: 'ADZ', departureDate: '2027-01-15' },
    flights: [told(1, 'flt_1'), told(2, 'flt_2')],
    passengers: [],
    pets: [],
    charges: [],
    counter: [],
  },
  ...{ flightIds: ['1', '2'], cabins: ['Y', 'Y'], classes: ['L', 'L'], seats: [2, 2], infants: [1, 1] },
  ...{ petc: [1, 1], avih: [0, 0] },
}
const BIRTHS = new Map([
  [1, '1990-01-01'],
  [2, '1990-01-01'],
  [3, '2025-01-18'],
])
const LOAD = loadOf(SOLD, 0, BIRTHS, '2027-01-17')
const judge = (flight: OfferedFlight, others: OfferedFlight[] = []) => fitOf(SOLD, 0, flight, LOAD, others)

describe('loadOf', () => {
  it('keeps an infant on the lap until its second birthday, and gives it a seat from then on', () => {
    expect(LOAD).toMatchObject({ seats: 2, infants: 1 })
    const grown = loadOf(SOLD, 0, BIRTHS, '2027-01-18')
    expect(grown).toMatchObject({ seats: 3, infants: 0 })
    expect(grown.coupons.map(({ type }) => type)).toEqual(['ADT', 'ADT', 'CHD', 'ADT', 'ADT', 'INF'])
  })
})

describe('fitOf', () => {
  it('takes the class that was sold, else the dearest with seats', () => {
    expect(judge(flightOf('n', '2027-01-15T15:00:00Z'))).toEqual({ type: 'fits', bookingClass: 'L' })
    const crowded = flightOf('n', '2027-01-15T15:00:00Z', { cabins: withSold([0, 0, 2]) })
    expect(judge(crowded)).toEqual({ type: 'fits', bookingClass: 'Y' })
  })

  it.each([
    ['no cabin of the kind', { cabins: [] }, 'cabin-not-offered'],
    ['no seats', { cabins: withSold([9, 0, 0]) }, 'sold-out'],
    ['a sale that has ended', { cabins: withSold([0, 0, 0], { salesOpen: false }) }, 'flight-not-bookable'],
    ['a flight that is cancelled too', { status: 'cancelled' as const }, 'flight-not-bookable'],
    ['no lap for the infant', { infantsLeft: 0 }, 'infants-full'],
    ['no place for the dog', { petcLeft: 0 }, 'pets-full'],
  ])('finds %s', (_, more, type) => {
    expect(judge(flightOf('n', '2027-01-15T15:00:00Z', more))).toEqual({ type })
  })

  it('leaves when the flight before has arrived, and arrives before the next leaves', () => {
    const onward = flightOf('2', '2027-01-15T18:00:00Z')
    expect(judge(flightOf('n', '2027-01-15T15:59:00Z'), [onward])).toMatchObject({ type: 'fits' })
    expect(judge(flightOf('n', '2027-01-15T16:00:00Z'), [onward])).toEqual({ type: 'rebook-flight-unfit' })
    const cancelled = { ...onward, status: 'cancelled' as const }
    expect(judge(flightOf('n', '2027-01-15T16:00:00Z'), [cancelled])).toMatchObject({ type: 'fits' })
    const first = flightOf('1', '2027-01-15T15:00:00Z')
    const second = (at: string) => fitOf(SOLD, 1, flightOf('n', at), LOAD, [first])
    expect(second('2027-01-15T17:00:00Z')).toEqual({ type: 'rebook-flight-unfit' })
    expect(second('2027-01-15T17:01:00Z')).toMatchObject({ type: 'fits' })
  })
})

describe('replaceFlight', () => {
  const id = '01990000-0000-7000-8000-000000000001'
  const flight = flightOf(id, '2027-01-17T15:00:00Z')

  it('puts the flight in its place everywhere, and leaves the price alone', () => {
    const flightId = 'flt_01990000000070008000000000000001'
    const moved = replaceFlight(SOLD, 0, flight, 'Y', { ...LOAD, seats: 3, infants: 0 })
    expect(moved).toMatchObject({
      ...{ flightIds: [id, '2'], classes: ['Y', 'L'], seats: [3, 2], infants: [0, 1], petc: [1, 1] },
    })
    expect(moved.itinerary[0]).toEqual({
      ...segment(1, flightId),
      ...{ flightNumber: 'T9001', bookingClass: 'Y', departureDate: '2027-01-17' },
      ...{ departsAt: '2027-01-17T10:00:00-05:00', arrivesAt: '2027-01-17T12:00:00-05:00' },
    })
    expect(moved.itinerary[1]).toEqual(SOLD.itinerary[1])
    expect(moved.event).toEqual({
      ...SOLD.event,
      outbound: { ...SOLD.event.outbound, departureDate: '2027-01-17' },
      flights: [
        { ...told(1, flightId), departureDate: '2027-01-17', bookingClass: 'Y', seats: 3, infants: 0 },
        told(2, 'flt_2'),
      ],
    })
  })

  it('keeps the day of the outbound direction when a later flight is replaced', () => {
    expect(replaceFlight(SOLD, 1, flight, 'L', LOAD).event.outbound.departureDate).toBe('2027-01-15')
  })
})
