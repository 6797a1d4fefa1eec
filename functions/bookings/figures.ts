import type { BookingFigures } from '../../shared/events/index.ts'
import { sum } from '../../shared/money.ts'
import type { Price } from '../flights/index.ts'
import type { QuotePassenger, Segment } from './models.ts'

/** Seats and lap infants of a booking on a flight. */
export type Load = { seats: number; infants: number }

type Pets = BookingFigures['pets']

/** What the booking's events will tell: ids and figures, charges added up by rule and flight, nobody's name. */
export function figuresOf(
  segments: readonly Segment[],
  loads: readonly Load[],
  passengers: readonly QuotePassenger[],
  pets: Readonly<Pets>,
  { lines, counter }: Pick<Price, 'lines' | 'counter'>,
): BookingFigures {
  const first = segments[0]
  const turn = segments.findLast(({ direction }) => direction === 1)
  if (!first || !turn) throw new RangeError('an itinerary has at least one flight')
  return {
    outbound: {
      origin: first.origin,
      destination: turn.destination,
      departureDate: first.departureDate,
    },
    flights: segments.map((segment, at) => {
      const load = loads[at]
      if (!load) throw new RangeError(`no load for flight ${at + 1}`)
      const { number, direction, flightId, origin, destination, departureDate, cabin, bookingClass } = segment
      return {
        segment: number,
        ...{ direction, flightId, origin, destination, departureDate, cabin, bookingClass },
        ...load,
      }
    }),
    passengers: passengers.map(({ number, type, age, candies }) => ({ number, type, age, candies })),
    pets: pets.map(({ number, service, species }) => ({ number, service, species })),
    charges: added(lines),
    counter: added(counter),
  }
}

/** Lines of one kind, rule and flight as one charge. */
function added(lines: Price['lines']): BookingFigures['charges'] {
  const groups = Object.groupBy(lines, ({ kind, rule, segment }) => `${kind} ${rule} ${segment}`)
  return Object.values(groups).flatMap((same = []) => {
    const [first] = same
    if (!first) return []
    const { kind, rule, code, segment } = first
    return [{ kind, rule, code, segment, count: same.length, amount: sum(same.map(({ amount }) => amount)) }]
  })
}
