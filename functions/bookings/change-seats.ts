import { ageOn, type IsoDate } from '../../shared/dates.ts'
import type { Fault } from '../../shared/http/problem.ts'
import { amountIn, type DayTariff, feeOfSeat, type PriceLine, type SeatPlace } from '../flights/index.ts'
import type { Segment } from './models.ts'
import type { BookingProblemCode } from './problems.ts'

/** A seat of a passenger on the flight with this number in the itinerary. */
export type ChosenSeat = { passenger: number; segment: number; seat: string }

/** A booking as the choice of seats sees it: after the change, but for the seats. */
export type SeatedParty = {
  segments: readonly Segment[]
  people: readonly { number: number; birthDate: IsoDate; accompaniedBy: number | null }[]
  coupons: readonly { passenger: number; segment: number; type: 'ADT' | 'CHD' | 'INF' }[]
  hasCabinPet: boolean
}

/** What is known of the flights: the seats of each, and those that others have, by public flight id. */
export type Aboard = {
  maps: ReadonlyMap<string, readonly SeatPlace[]>
  taken: ReadonlyMap<string, ReadonlySet<string>>
}

type SeatRefusal = {
  type: 'refused'
  code: BookingProblemCode | 'exchange-rate-missing'
  at?: Fault
  limit?: number
}

/**
 * Chooses seats: one seat one passenger, in the booked cabin, none for a lap infant, exit rows for those alone who may
 * sit there. Seats kept from before are judged too: who travels may have changed.
 * @returns every seat after it, and a fee line for each that is new
 */
export function chooseSeats(
  wanted: readonly ChosenSeat[],
  kept: readonly ChosenSeat[],
  party: SeatedParty,
  { maps, taken }: Aboard,
  tariff: DayTariff,
): { type: 'chosen'; seats: ChosenSeat[]; lines: PriceLine[] } | SeatRefusal {
  const lines: PriceLine[] = []
  const refuse = (code: BookingProblemCode, at?: Fault, limit?: number): SeatRefusal => ({
    ...{ type: 'refused', code },
    ...(at && { at }),
    ...(limit !== undefined && { limit }),
  })
  for (const [index, { passenger, segment, seat }] of wanted.entries()) {
    const place = (member: string, detail: string) => ({ pointer: `/seats/${index}/${member}`, detail })
    const flight = party.segments.find(({ number }) => number === segment)
    if (!flight) return refuse('unknown-segment', place('segment', 'is not a flight of the booking'))
    const coupon = party.coupons.find((one) => one.passenger === passenger && one.segment === segment)
    if (!coupon) return refuse('not-travelling', place('passenger', 'is not on this flight'))
    if (coupon.type === 'INF') return refuse('lap-infant-seat', place('passenger', 'travels on a lap'))
    const found = maps.get(flight.flightId)?.find((one) => one.seat === seat)
    if (!found || found.cabin !== flight.cabin) {
      return refuse('unknown-seat', place('seat', `is not a seat of cabin ${flight.cabin}`))
    }
    if (taken.get(flight.flightId)?.has(seat)) return refuse('seat-taken', place('seat', 'is taken'))
    const isKept = kept.some(
      (one) => one.passenger === passenger && one.segment === segment && one.seat === seat,
    )
    const fee = amountIn(feeOfSeat(found, tariff.policies['seat-fee']), tariff)
    if (!fee) return { type: 'refused', code: 'exchange-rate-missing' }
    if (isKept || fee.amount === 0) continue
    const whose = { rule: 'seat-fee', code: 'SEAT', passenger, pet: null, segment }
    lines.push({ kind: 'seat-fee', ...whose, ...fee })
  }

  const isWantedFor = ({ passenger, segment }: ChosenSeat) =>
    wanted.some((one) => one.passenger === passenger && one.segment === segment)
  const seats = [...kept.filter((one) => !isWantedFor(one)), ...wanted]
  for (const [index, { passenger, segment, seat }] of seats.entries()) {
    const from = wanted.indexOf(seats[index] as ChosenSeat)
    const place = (detail: string) => (from < 0 ? undefined : { pointer: `/seats/${from}/seat`, detail })
    if (seats.findIndex((one) => one.segment === segment && one.seat === seat) !== index) {
      return refuse('seat-taken', place('is another passenger’s of the booking'))
    }
    const minimum = tariff.policies['exit-row-min-age']
    const why = unfitForExit(passenger, segment, seat, minimum, party, maps)
    if (why) return refuse('exit-row-unfit', place(why), minimum)
  }
  return { type: 'chosen', seats, lines }
}

/** Why a passenger may not sit in an exit row, if the seat is in one. */
function unfitForExit(
  passenger: number,
  segment: number,
  seat: string,
  minimum: number,
  { segments, people, coupons, hasCabinPet }: SeatedParty,
  maps: Aboard['maps'],
): string | undefined {
  const flight = segments.find(({ number }) => number === segment)
  const one = people.find(({ number }) => number === passenger)
  if (!flight || !one) throw new RangeError(`passenger ${passenger} is not on flight ${segment}`)
  const place = maps.get(flight.flightId)?.find((known) => known.seat === seat)
  if (!place?.exitRow) return undefined
  if (ageOn(one.birthDate, flight.departureDate) < minimum) {
    return `is in an exit row, for passengers of ${minimum} or more`
  }
  // A pet is nobody's in particular: with one in the cabin, nobody of the booking sits there.
  if (hasCabinPet) return 'is in an exit row, and a pet travels in the cabin'
  const hasInfant = people.some(
    ({ number, accompaniedBy }) =>
      accompaniedBy === passenger &&
      coupons.some(
        (coupon) => coupon.passenger === number && coupon.segment === segment && coupon.type === 'INF',
      ),
  )
  return hasInfant ? 'is in an exit row, and the passenger holds an infant' : undefined
}
