import { ageOn, type IsoDate } from '../../shared/dates.ts'
import type { Fault } from '../../shared/http/problem.ts'
import { type Policies, typeOfAge } from '../flights/index.ts'
import type { PetRequest } from './models.ts'
import type { BookingProblemCode } from './problems.ts'

/** Why a party or its pets cannot travel: a code, where it lies in the order, and the limit that is in force. */
export type PartyRefusal = { code: BookingProblemCode; at: Fault; limit?: number }

/**
 * Judges who travels together: seats in a booking, infants to adults, minors to an adult. Ages count on the local
 * date of the first departure.
 */
export function judgeParty(
  birthDates: readonly IsoDate[],
  firstDeparture: IsoDate,
  today: IsoDate,
  policies: Policies,
): PartyRefusal | undefined {
  const unborn = birthDates.findIndex((birthDate) => birthDate > today)
  if (unborn >= 0) {
    return { code: 'birth-date-in-future', at: placeOf(unborn, `is after ${today}`, '/birthDate') }
  }
  const ages = birthDates.map((birthDate) => ageOn(birthDate, firstDeparture))
  const infants = ages.filter((age) => typeOfAge(age) === 'INF').length
  const adults = ages.filter((age) => age >= policies['accompanying-adult-age']).length
  const seated = ages.length - infants
  const most = policies['max-seated-passengers']
  if (seated > most) {
    const at = {
      pointer: '/passengers',
      detail: `seats ${seated} passengers, and ${most} at most go in a booking`,
    }
    return { code: 'too-many-passengers', at, limit: most }
  }
  if (infants > 0 && adults === 0) {
    const infant = ages.findIndex((age) => typeOfAge(age) === 'INF')
    return {
      code: 'infant-without-adult',
      at: placeOf(infant, 'is an infant, and nobody of full age travels'),
    }
  }
  if (infants > adults) {
    const at = { pointer: '/passengers', detail: `has ${infants} infants and ${adults} adults` }
    return { code: 'too-many-infants', at, limit: adults }
  }
  const minimum = policies['minor-accompanied-below']
  const minor = ages.findIndex((age) => age < minimum)
  if (minor >= 0 && adults === 0) {
    const at = placeOf(minor, `is under ${minimum}, and nobody of full age travels`)
    return { code: 'minor-unaccompanied', at, limit: minimum }
  }
  return undefined
}

/** Judges the pets: weight and carrier in the cabin, breeds in the hold. */
export function judgePets(pets: readonly PetRequest[], policies: Policies): PartyRefusal | undefined {
  for (const [index, pet] of pets.entries()) {
    const pointer = `/pets/${index}`
    if (pet.service === 'AVIH') {
      const breed = pet.breed?.normalize('NFC').toLowerCase()
      if (breed && policies['avih-refused-breeds'].includes(breed)) {
        return {
          code: 'pet-breed-refused',
          at: { pointer: `${pointer}/breed`, detail: 'is a short-nosed breed' },
        }
      }
      continue
    }
    const heaviest = policies['petc-max-kg']
    if (pet.weightKg > heaviest) {
      const at = { pointer: `${pointer}/weightKg`, detail: `is above ${heaviest} kg` }
      return { code: 'pet-too-heavy', at, limit: heaviest }
    }
    const limits = policies['petc-carrier-max-cm']
    const sides = (pet.carrierCm ?? []).toSorted((one, other) => other - one)
    if (sides.some((side, at) => side > (limits[at] ?? 0))) {
      const at = { pointer: `${pointer}/carrierCm`, detail: `is above ${limits.join(' × ')} cm` }
      return { code: 'pet-carrier-too-large', at }
    }
  }
  return undefined
}

const placeOf = (passenger: number, detail: string, member = ''): Fault => ({
  pointer: `/passengers/${passenger}${member}`,
  detail,
})
