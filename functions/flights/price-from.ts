import { dateIn, daysBetween, type IsoDate, instantIn } from '../../shared/dates.ts'
import { publicId } from '../../shared/ids.ts'
import { sum } from '../../shared/money.ts'
import { promotionFor } from './fare.ts'
import type { FlightSummary } from './models.ts'
import { type FiledFare, type OfferedFlight, offersOf } from './offer.ts'
import { type PricedPassenger, priceItinerary } from './pricing.ts'
import type { DayTariff } from './tariff.ts'

/** A party that is known by types alone, as a search has it. */
export type PartyCounts = { adults: number; children: number; infants: number; cabin: 'Y' | 'C' }

/** A flight as a search shows it, with the price of its cheapest class that seats the party. */
export function summarise(
  flight: OfferedFlight,
  fares: readonly FiledFare[],
  party: PartyCounts,
  tariff: DayTariff,
): FlightSummary {
  const offers = offersOf(flight, party.cabin, fares)
  const arrival = dateIn(flight.arrivesAt, flight.destination.timeZone)
  return {
    flightId: publicId('flight', flight.id),
    flightNumber: flight.flightNumber,
    origin: flight.origin.code,
    destination: flight.destination.code,
    departsAt: instantIn(flight.departsAt, flight.origin.timeZone),
    arrivesAt: instantIn(flight.arrivesAt, flight.destination.timeZone),
    dayChange: daysBetween(flight.departureDate, arrival),
    durationMinutes: Math.round((flight.arrivesAt.getTime() - flight.departsAt.getTime()) / 60_000),
    aircraftType: flight.aircraftType,
    seatsLeft: Math.max(0, ...offers.map(({ left }) => left)),
    priceFrom: party.infants > flight.infantsLeft ? null : priceFrom(flight, offers, party, tariff),
  }
}

function priceFrom(
  flight: OfferedFlight,
  offers: readonly { fare: FiledFare; left: number }[],
  party: PartyCounts,
  tariff: DayTariff,
): FlightSummary['priceFrom'] {
  const cheapest = offers.find(({ left }) => left >= party.adults + party.children)
  if (!cheapest) return null
  const { fare } = cheapest
  const { origin, destination, departureDate } = flight
  const { cabin } = party
  const segment = { number: 1, direction: 1, origin, destination, departureDate, cabin, fare }
  const outcome = priceItinerary([segment], passengersOf(party, departureDate), [], null, tariff)
  if (outcome.type !== 'priced') return null
  const promoted = { origin: origin.code, destination: destination.code, cabin, departureDate }
  const promotion = promotionFor(tariff.promotions, { ...promoted, saleDate: tariff.saleDate }, null)
  return {
    currency: outcome.price.currency,
    total: outcome.price.total,
    fare: fare.amount,
    bookingClass: fare.bookingClass,
    fareBasis: fare.fareBasis,
    promotion: promotion
      ? {
          id: promotion.id,
          name: { es: promotion.nameEs, en: promotion.nameEn },
          rateBasisPoints: promotion.rateBasisPoints,
        }
      : null,
    dueAtCounter: sum(outcome.price.counter.map(({ amount }) => amount)),
  }
}

/** Passengers of the ages that a search takes: adults of 30, children of 8, infants of 1. */
function passengersOf(party: Omit<PartyCounts, 'cabin'>, departure: IsoDate): PricedPassenger[] {
  const aged = (count: number, age: number) =>
    Array.from({ length: count }, () => `${Number(departure.slice(0, 4)) - age}-01-01`)
  const birthDates = [...aged(party.adults, 30), ...aged(party.children, 8), ...aged(party.infants, 1)]
  return birthDates.map((birthDate, at) => ({ number: at + 1, birthDate, residency: null }))
}
