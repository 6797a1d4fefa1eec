import { ageOn, type IsoDate } from '../../shared/dates.ts'
import { type Policies, typeOfAge } from '../flights/index.ts'

/** One of a party, and who was said to go along with it. */
type Traveller = { number: number; birthDate: IsoDate; accompaniedBy: number | null }

/**
 * Who goes along with whom, by passenger number: with an infant an adult who holds no other, with each other minor an
 * adult. A binding that still holds is kept; the n-th infant without one goes with the n-th adult that is free, a minor
 * with the first. Null for those who need nobody, and where nobody is left.
 */
export function companionsOf(
  party: readonly Traveller[],
  firstDeparture: IsoDate,
  policies: Pick<Policies, 'accompanying-adult-age' | 'minor-accompanied-below'>,
): Map<number, number | null> {
  const aged = party.map((one) => ({ ...one, age: ageOn(one.birthDate, firstDeparture) }))
  const adults = aged
    .filter(({ age }) => age >= policies['accompanying-adult-age'])
    .map(({ number }) => number)
  const infants = aged.filter(({ age }) => typeOfAge(age) === 'INF')
  const companions = new Map<number, number | null>(aged.map(({ number }) => [number, null]))

  const free = new Set(adults)
  for (const { number, accompaniedBy } of infants) {
    if (accompaniedBy !== null && free.delete(accompaniedBy)) companions.set(number, accompaniedBy)
  }
  for (const { number } of infants) {
    const [next] = free
    if (companions.get(number) !== null || next === undefined) continue
    free.delete(next)
    companions.set(number, next)
  }
  for (const { number, age, accompaniedBy } of aged) {
    if (typeOfAge(age) === 'INF' || age >= policies['minor-accompanied-below']) continue
    const isKept = accompaniedBy !== null && adults.includes(accompaniedBy)
    companions.set(number, isKept ? accompaniedBy : (adults[0] ?? null))
  }
  return companions
}
