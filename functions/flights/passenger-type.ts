import { ageOn, type IsoDate } from '../../shared/dates.ts'

/** IATA passenger type codes: adult from 12 years, child from 2, infant below (IATA PADIS code set 9893). */
export type PassengerType = 'ADT' | 'CHD' | 'INF'

export const typeOfAge = (age: number): PassengerType => (age >= 12 ? 'ADT' : age >= 2 ? 'CHD' : 'INF')

/**
 * A passenger's type on one flight: the age on the local date of the first departure decides for the whole
 * itinerary, but an infant who turns two before a later flight is a child with a seat there.
 */
export function typeOnFlight(birthDate: IsoDate, firstDeparture: IsoDate, departure: IsoDate): PassengerType {
  const type = typeOfAge(ageOn(birthDate, firstDeparture))
  return type === 'INF' ? typeOfAge(ageOn(birthDate, departure)) : type
}
