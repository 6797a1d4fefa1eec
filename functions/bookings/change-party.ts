import { publicId, uuidOf } from '../../shared/ids.ts'
import type { OfferedFlight } from '../flights/index.ts'
import type { ChangeRefusal, Party, Person, PresentBooking, Today, WantedChange } from './change-models.ts'
import type { PartyRefusal } from './party.ts'

/** Who and what travels after a change: numbers stay, and those of who left are not given again. */
export function partyOf(
  present: PresentBooking,
  wanted: WantedChange,
  { now, flights }: Today,
): Party | ChangeRefusal {
  const { names = [], addPassengers = [], removePassengers = [], addPets = [], removePets = [] } = wanted
  const refuse = (code: ChangeRefusal['code'], pointer: string, detail: string): ChangeRefusal => {
    return { type: 'refused', code, at: { pointer, detail } }
  }
  const isThere = (passenger: number) => present.people.some(({ number }) => number === passenger)
  const gone = { passengers: new Set(removePassengers), pets: new Set(removePets) }
  for (const [at, { passenger }] of names.entries()) {
    const pointer = `/names/${at}/passenger`
    if (!isThere(passenger) || gone.passengers.has(passenger))
      return refuse('not-travelling', pointer, 'does not travel')
  }
  for (const [at, passenger] of removePassengers.entries())
    if (!isThere(passenger)) return refuse('not-travelling', `/removePassengers/${at}`, 'does not travel')
  for (const [at, pet] of removePets.entries())
    if (!present.pets.some(({ number }) => number === pet))
      return refuse('unknown-pet', `/removePets/${at}`, 'is not a pet of the booking')
  if (gone.passengers.size === present.people.length)
    return refuse('nobody-left', '/removePassengers', 'names everybody')

  // A ticket that was used in part, or is being used, is nobody else's and no less than it was.
  const concerned = new Set([...removePassengers, ...names.map(({ passenger }) => passenger)])
  const used = present.coupons.find(({ passenger, status }) => concerned.has(passenger) && status !== 'open')
  if (used) return { type: 'refused', code: 'coupon-used', flightId: flightOf(present, used.segment) }
  const hasLeft = flights.find((flight) => flight.departsAt <= now && isOn(present, flight))
  const isCut = [names, removePassengers, addPassengers, addPets, removePets].some((list) => list.length > 0)
  if (hasLeft && isCut)
    return { type: 'refused', code: 'flight-departed', flightId: publicId('flight', hasLeft.id) }

  const corrected = new Map(names.map(({ passenger, ...name }) => [passenger, name]))
  const people = present.people
    .filter(({ number }) => !gone.passengers.has(number))
    .map((person) => ({ ...person, ...corrected.get(person.number) }))
  const newPeople = addPassengers.map(({ residency, ...person }, at): Person => {
    const number = present.lastPassenger + at + 1
    const unjudged = { age: 0, type: 'ADT' as const, candies: false }
    return { number, ...unjudged, ...person, residency: residency ?? null, accompaniedBy: null }
  })
  const newPets = addPets.map(({ service, species, breed, weightKg }, at) => {
    return { number: present.lastPet + at + 1, service, species, breed: breed ?? null, weightKg }
  })
  return {
    people: [...people, ...newPeople],
    pets: [...present.pets.filter(({ number }) => !gone.pets.has(number)), ...newPets],
    gone,
    added: {
      passengers: new Set(newPeople.map(({ number }) => number)),
      pets: new Set(newPets.map(({ number }) => number)),
    },
  }
}

const flightOf = ({ segments }: PresentBooking, number: number): string =>
  segments.find((segment) => segment.number === number)?.flightId ?? ''

const isOn = ({ segments }: PresentBooking, { id }: OfferedFlight): boolean =>
  segments.some(({ flightId }) => uuidOf(flightId) === id)

/** Where a fault of the whole party lies in a change: with one who is added, or with nobody in particular. */
export function relocated({ at, ...refusal }: PartyRefusal, before: number): Omit<ChangeRefusal, 'type'> {
  const [, index, rest = ''] = /^\/passengers\/(\d+)(.*)$/.exec(at.pointer ?? '') ?? []
  if (index === undefined || Number(index) < before) return refusal
  return { ...refusal, at: { ...at, pointer: `/addPassengers/${Number(index) - before}${rest}` } }
}
