import fc from 'fast-check'
import { composeChange } from '../../functions/bookings/change.ts'
import type {
  ChangeOutcome,
  ComposedChange,
  PresentBooking,
  Today,
  WantedChange,
} from '../../functions/bookings/change-models.ts'
import { composeQuote } from '../../functions/bookings/quote.ts'
import type { DayTariff, FiledFare, OfferedFlight } from '../../functions/flights/index.ts'
import { readPolicies } from '../../infra/postgres/seed/files.ts'
import { publicId } from '../../shared/ids.ts'
import { CABIN_DOG } from './orders.ts'

/** Bookings, held and paid, each with a chain of changes, any of which the rules may refuse. */

const NOW = new Date('2026-12-01T12:00:00Z')
const policies = Object.fromEntries(
  readPolicies().map(({ name, value }) => [name, value]),
) as DayTariff['policies']
const AIRPORTS = Object.fromEntries(
  ['BOG', 'MDE', 'CTG'].map((code) => [
    code,
    { code, cityCode: code, countryCode: 'CO', name: code, city: code, timeZone: 'America/Bogota' },
  ]),
)
const CLASSES = ['Y', 'M', 'L']

const uuid = (n: number) => `01990000-0000-7000-8000-${String(n).padStart(12, '0')}`
let made = 0
const flight = (origin: string, destination: string, departsAt: string): OfferedFlight => {
  const id = uuid(++made)
  return {
    ...{ id, flightNumber: `T9${made}`, departureDate: departsAt.slice(0, 10), aircraftType: '320' },
    ...{
      departsAt: new Date(`${departsAt}:00-05:00`),
      arrivesAt: new Date(Date.parse(`${departsAt}:00-05:00`) + 3_600_000),
    },
    ...{ status: 'scheduled', origin: AIRPORTS[origin], destination: AIRPORTS[destination] },
    ...{ infantsLeft: 9, petcLeft: 6, avihLeft: 4, cabins: [] },
  } as unknown as OfferedFlight
}
// Each way two direct flights and one with a stop; a late one on which an infant has turned two, a child twelve.
const OUT = [
  [flight('BOG', 'MDE', '2027-01-10T10:00')],
  [flight('BOG', 'MDE', '2027-01-20T10:00')],
  [flight('BOG', 'CTG', '2027-01-12T06:00'), flight('CTG', 'MDE', '2027-01-12T09:00')],
]
const BACK = [
  [flight('MDE', 'BOG', '2027-02-01T10:00')],
  [flight('MDE', 'BOG', '2027-02-20T10:00')],
  [flight('MDE', 'CTG', '2027-02-03T06:00'), flight('CTG', 'BOG', '2027-02-03T09:00')],
]
const FLIGHTS = [...OUT, ...BACK].flat()
const idsOf = (flights: readonly OfferedFlight[] = []) => flights.map(({ id }) => publicId('flight', id))

const TAXES = [
  { id: 'iva', code: 'YS', basis: 'percentage', rateBasisPoints: 1_900, base: 'net-fare', refundable: true },
  { id: 'kept', code: 'CO', basis: 'fixed', amount: 700, currency: 'USD', refundable: false },
  {
    id: 'pets',
    code: 'PM',
    basis: 'fixed',
    amount: 3_333,
    currency: 'COP',
    chargedPer: 'pet',
    refundable: false,
  },
].map((rule) => ({
  ...{
    point: 'origin',
    placeKind: 'country',
    place: 'CO',
    excludedAirports: [],
    scope: 'any',
    amount: null,
    currency: null,
  },
  ...{
    rateBasisPoints: null,
    base: null,
    chargedPer: 'passenger',
    minAge: 0,
    maxAge: 150,
    exemptResidents: false,
  },
  ...{ collected: 'ticket', validFrom: '2020-01-01', validTo: null, validBy: 'sale', ...rule },
})) as unknown as DayTariff['taxRules']

/** What a day offers: fares, a promotion, the class that sells on each flight. */
const day = fc
  .record({
    amounts: fc.array(fc.integer({ min: 1_000, max: 50_000_001 }), { minLength: 12, maxLength: 12 }),
    fees: fc.array(fc.constantFrom(0, 60_001), { minLength: 12, maxLength: 12 }),
    cheapest: fc.array(fc.integer({ min: 0, max: 2 }), {
      minLength: FLIGHTS.length,
      maxLength: FLIGHTS.length,
    }),
    promoted: fc.boolean(),
    rate: fc.integer({ min: 1, max: 9_000_000_001 }),
  })
  .map(({ amounts, fees, cheapest, promoted, rate }): Today => {
    const markets = ['BOG-MDE', 'MDE-BOG', 'BOG-CTG', 'CTG-MDE', 'MDE-CTG', 'CTG-BOG']
    const fares = markets.flatMap((market, at) =>
      CLASSES.map(
        (bookingClass, rank): FiledFare => ({
          ...{
            id: `far_${market}${bookingClass}`,
            origin: market.slice(0, 3),
            destination: market.slice(4),
            cabin: 'Y',
          },
          ...{ bookingClass, fareBasis: `${bookingClass}X`, currency: 'COP', promotional: rank === 2 },
          // The dearer class is dearer.
          amount: (amounts[at] ?? 0) * (3 - rank) + (amounts[at + 6] ?? 0),
          ...{ refundable: rank === 0, changeable: rank < 2, changeFee: rank === 0 ? 0 : (fees[at] ?? 0) },
        }),
      ),
    )
    const flights = FLIGHTS.map(
      (one, at): OfferedFlight => ({
        ...one,
        cabins: [
          {
            ...{
              cabin: 'Y',
              authorised: 100,
              sold: 50,
              salesOpen: true,
              classes: CLASSES,
              classSold: [20, 20, 10],
            },
            limits: CLASSES.map((_, rank) => (rank > (cheapest[at] ?? 0) ? 0 : 100)),
          },
        ],
      }),
    )
    const promotion = {
      ...{
        id: 'prm_ten',
        nameEs: '',
        nameEn: '',
        rateBasisPoints: 1_000,
        code: null,
        routes: null,
        destinations: null,
      },
      ...{
        cabins: null,
        saleFrom: '2026-01-01',
        saleTo: '2027-12-31',
        travelFrom: '2026-01-01',
        travelTo: '2027-12-31',
      },
    }
    const tariff: DayTariff = {
      ...{ saleDate: '2026-12-01', currency: 'COP', timeZone: 'America/Bogota', designator: 'T9', policies },
      ...{ promotions: promoted ? [promotion] : [], taxRules: TAXES },
      rates: [{ from: 'USD', to: 'COP', rateMillionths: rate, day: '2026-12-01' }],
    }
    const places = (['A', 'B', 'C'] as const).map((column) => ({
      ...{ seat: `7${column}`, cabin: 'Y' as const, row: 7, column, exitRow: column === 'C' },
      position: ({ A: 'window', B: 'middle', C: 'aisle' } as const)[column],
    }))
    const maps = new Map(idsOf(FLIGHTS).map((id) => [id, places]))
    return { flights, fares, tariff, maps, taken: new Map(), refundableTaxes: new Set(['iva']), now: NOW }
  })

// Adults, a girl of seven, a boy who turns twelve on 15 January, infants: one turns two on 10 February.
const birthDate = fc.constantFrom(
  '1990-05-17',
  '1980-01-01',
  '2019-06-01',
  '2015-01-15',
  '2025-02-10',
  '2026-03-01',
)
const which = fc.integer({ min: 0, max: 5 })
const step = fc.record({
  today: day,
  out: fc.option(fc.integer({ min: 0, max: 2 })),
  back: fc.option(fc.integer({ min: 0, max: 2 })),
  add: fc.array(birthDate, { maxLength: 2 }),
  remove: fc.option(which),
  addPets: fc.integer({ min: 0, max: 1 }),
  removePet: fc.boolean(),
  seat: fc.option(
    fc.record({
      passenger: which,
      segment: fc.integer({ min: 1, max: 3 }),
      seat: fc.constantFrom('7A', '7B', '7C'),
    }),
  ),
})
export const trip = fc.record({
  today: day,
  birthDates: fc.array(birthDate, { maxLength: 3 }).map((others) => ['1990-05-17', ...others]),
  pets: fc.integer({ min: 0, max: 1 }),
  isReturn: fc.boolean(),
  status: fc.constantFrom('held' as const, 'confirmed' as const),
  steps: fc.array(step, { minLength: 1, maxLength: 4 }),
})
export type Trip = typeof trip extends fc.Arbitrary<infer One> ? One : never

function sold({ today, birthDates, pets, isReturn, status }: Trip): PresentBooking | undefined {
  const directions = [{ flights: idsOf(OUT[0]) }, ...(isReturn ? [{ flights: idsOf(BACK[0]) }] : [])]
  const order = {
    ...{ directions, cabin: 'Y' as const, passengers: birthDates.map((date) => ({ birthDate: date })) },
    pets: Array(pets).fill(CABIN_DOG),
  }
  const outcome = composeQuote(order, today.flights, today.fares, today.tariff, NOW)
  if (outcome.type !== 'quoted') return undefined
  const { price, segments, passengers, pets: carried } = outcome.quote
  return {
    ...{ id: uuid(0), version: 1, status, currency: 'COP', total: price.total, holdMinutes: 60, segments },
    ...{ lines: price.lines, counter: price.counter, pets: carried, seats: [] },
    coupons: price.coupons.map((coupon) => ({ ...coupon, status: 'open' as const })),
    people: passengers.map((one) => ({
      ...{ ...one, residency: null, givenNames: 'Ana', surnames: ['Rueda'], accompaniedBy: null },
    })),
    ...{ lastPassenger: passengers.length, lastPet: carried.length },
  }
}

function wantedBy(
  present: PresentBooking,
  { out, back, add, remove, addPets, removePet, seat }: Trip['steps'][number],
): WantedChange {
  const own = (direction: number) =>
    present.segments.filter((one) => one.direction === direction).map(({ flightId }) => flightId)
  const isReturn = own(2).length > 0
  const person = present.people[remove ?? -1]
  const seated = present.people[seat?.passenger ?? -1]
  return {
    directions: [
      { flights: out === null ? own(1) : idsOf(OUT[out]) },
      ...(isReturn ? [{ flights: back === null ? own(2) : idsOf(BACK[back]) }] : []),
    ],
    ...(add.length > 0 && {
      addPassengers: add.map((date) => ({ birthDate: date, givenNames: 'B', surnames: ['C'] })),
    }),
    ...(person && { removePassengers: [person.number] }),
    ...(addPets > 0 && { addPets: [CABIN_DOG] as never }),
    ...(removePet && present.pets[0] && { removePets: [present.pets[0].number] }),
    ...(seat && seated && { seats: [{ ...seat, passenger: seated.number }] }),
  }
}

/** The booking once the change is made. */
const after = (
  present: PresentBooking,
  { price, segments, people, pets, seats }: ComposedChange,
): PresentBooking => ({
  ...{ ...present, segments, people, pets, seats },
  ...{ total: price.total, lines: price.lines, counter: price.counter },
  coupons: price.coupons.map((coupon) => ({ ...coupon, status: 'open' as const })),
  lastPassenger: Math.max(present.lastPassenger, ...people.map(({ number }) => number)),
  lastPet: Math.max(present.lastPet, ...pets.map(({ number }) => number)),
})

/** Makes the changes of a trip one after another, and tells the outcome of each. */
export function runTrip(
  one: Trip,
  onOutcome: (outcome: ChangeOutcome, wanted: WantedChange, present: PresentBooking, today: Today) => void,
) {
  let present = sold(one)
  for (const each of one.steps) {
    if (!present) return
    const wanted = wantedBy(present, each)
    const outcome = composeChange(present, wanted, each.today)
    onOutcome(outcome, wanted, present, each.today)
    if (outcome.type === 'composed') present = after(present, outcome.change)
  }
}
