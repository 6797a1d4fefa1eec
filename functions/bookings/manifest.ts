import * as z from 'zod/mini'
import { publicId } from '../../shared/ids.ts'
import { database } from '../../shared/postgres/client.ts'
import { Cabin, DateText, Id, Instant } from '../../shared/schemas.ts'
import type { OfferedFlight } from '../flights/index.ts'
import { Locator } from './models.ts'

const Pet = z.object({
  service: z.enum(['PETC', 'AVIH']),
  species: z.string(),
  breed: z.nullable(z.string()),
  weightKg: z.int(),
})

const Carried = z.object({
  locator: Locator,
  /** Number in the booking. */
  passenger: z.int(),
  surnames: z.array(z.string()),
  givenNames: z.string(),
  type: z.enum(['ADT', 'CHD', 'INF']),
  birthDate: DateText,
  cabin: Cabin,
  bookingClass: z.string(),
  seat: z.nullable(z.string()),
  status: z.enum(['open', 'checked-in', 'flown', 'no-show']),
  boardedAt: z.nullable(Instant),
  /** Of an infant the adult on whose lap it is, of a minor the one who goes with it: a number in the booking. */
  accompaniedBy: z.nullable(z.int()),
  /** Special service codes: INFT with a lap infant, CHLD a child, PETC and AVIH the booking's pets. */
  ssr: z.array(z.enum(['INFT', 'CHLD', 'PETC', 'AVIH'])),
  /** With the first adult of the booking. */
  pets: z.array(Pet),
})
type Carried = z.output<typeof Carried>

export const Manifest = z.object({
  flightId: Id('flight'),
  flightNumber: z.string(),
  origin: z.string(),
  destination: z.string(),
  departureDate: DateText,
  departsAt: Instant,
  aircraftType: z.string(),
  status: z.enum(['scheduled', 'cancelled', 'closed']),
  totals: z.object({
    seated: z.int(),
    infants: z.int(),
    checkedIn: z.int(),
    boarded: z.int(),
    petc: z.int(),
    avih: z.int(),
  }),
  passengers: z.array(Carried),
})
export type Manifest = z.output<typeof Manifest>

type Row = Omit<Carried, 'boardedAt' | 'ssr' | 'pets'> & {
  boardedAt: Date | null
  pets: Carried['pets']
}

/** Who is on a flight, of paid bookings: by booking in the order of surnames, each infant after its adult. */
export async function readManifest(flight: OfferedFlight): Promise<Manifest> {
  const rows = await database()<Row[]>`
    select b.locator, c.passenger, p.surnames, p.given_names as "givenNames", c.type, p.birth_date as "birthDate", c.cabin,
      c.class as "bookingClass", s.seat, c.status, c.boarded_at as "boardedAt", p.accompanied_by as "accompaniedBy",
      (select coalesce(jsonb_agg(jsonb_build_object('service', o.service, 'species', o.species, 'breed', o.breed,
          'weightKg', o.weight_kg) order by o.number), '[]')
        from bookings.pets o where o.booking_id = b.id) as pets
    from bookings.coupons c
    join bookings.bookings b on b.id = c.booking_id
    join bookings.passengers p on p.booking_id = b.id and p.number = c.passenger
    left join bookings.seats s on s.booking_id = b.id and s.passenger = c.passenger and s.flight_id = c.flight_id
    where c.flight_id = ${flight.id} and c.status not in ('exchanged', 'refunded') and b.status = 'confirmed'
    order by b.locator, c.passenger`
  const bookings = Object.values(Object.groupBy(rows, ({ locator }) => locator)).map((party = []) => party)
  const surnameOf = ([first]: Row[]) => first?.surnames.join(' ') ?? ''
  const sorted = bookings.sort((one, other) => surnameOf(one).localeCompare(surnameOf(other), 'es'))
  const passengers = sorted.flatMap(carriedOf)
  const count = (fits: (one: Carried) => boolean) => passengers.filter(fits).length
  const pets = passengers.flatMap((one) => one.pets)
  return {
    flightId: publicId('flight', flight.id),
    flightNumber: flight.flightNumber,
    origin: flight.origin.code,
    destination: flight.destination.code,
    departureDate: flight.departureDate,
    departsAt: flight.departsAt.toISOString(),
    aircraftType: flight.aircraftType,
    status: flight.status,
    totals: {
      seated: count(({ type }) => type !== 'INF'),
      infants: count(({ type }) => type === 'INF'),
      checkedIn: count(({ status }) => status === 'checked-in' || status === 'flown'),
      boarded: count(({ boardedAt }) => boardedAt !== null),
      petc: pets.filter(({ service }) => service === 'PETC').length,
      avih: pets.filter(({ service }) => service === 'AVIH').length,
    },
    passengers,
  }
}

/** The people of one booking, each infant after the adult who holds it, the pets with the first adult. */
function carriedOf(party: readonly Row[]): Carried[] {
  const infants = party.filter(({ type }) => type === 'INF')
  const first = party.find(({ type }) => type === 'ADT') ?? party[0]
  const adults = party.filter(({ type }) => type === 'ADT')
  // Infants that are nobody's by name sit with the adults in their order.
  const holderOf = (infant: Row) =>
    infant.accompaniedBy ?? adults[infants.indexOf(infant)]?.passenger ?? first?.passenger ?? null
  return party
    .filter(({ type }) => type !== 'INF')
    .flatMap((row) => {
      const own = infants.filter((infant) => holderOf(infant) === row.passenger)
      return [
        told(row, row === first ? row.pets : [], own.length > 0),
        ...own.map((infant) => told({ ...infant, accompaniedBy: row.passenger }, [], false)),
      ]
    })
}

function told(row: Row, pets: Carried['pets'], withInfant: boolean): Carried {
  const services = [...new Set(pets.map(({ service }) => service))]
  return {
    ...row,
    boardedAt: row.boardedAt?.toISOString() ?? null,
    pets,
    ssr: [
      ...(withInfant ? (['INFT'] as const) : []),
      ...(row.type === 'CHD' ? (['CHLD'] as const) : []),
      ...services,
    ],
  }
}

const COLUMNS = [
  'flight',
  'date',
  'locator',
  'passenger',
  'surnames',
  'givenNames',
  'type',
  'birthDate',
  'cabin',
  'class',
  'seat',
  'status',
  'boardedAt',
  'accompaniedBy',
  'ssr',
  'pets',
]

/** A manifest as CSV (RFC 4180), a row a passenger; a cell has its several values joined by spaces or semicolons. */
export function manifestCsv({ flightNumber, departureDate, passengers }: Manifest): string {
  const rows = passengers.map((one) => [
    flightNumber,
    departureDate,
    one.locator,
    one.passenger,
    one.surnames.join(' '),
    one.givenNames,
    one.type,
    one.birthDate,
    one.cabin,
    one.bookingClass,
    one.seat ?? '',
    one.status,
    one.boardedAt ?? '',
    one.accompaniedBy ?? '',
    one.ssr.join(' '),
    one.pets
      .map((pet) => [pet.service, pet.species, pet.breed ?? '', `${pet.weightKg} kg`].join(' '))
      .join('; '),
  ])
  return [COLUMNS, ...rows].map((cells) => `${cells.map(cell).join(',')}\r\n`).join('')
}

const cell = (value: string | number): string =>
  /[",\r\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value)
