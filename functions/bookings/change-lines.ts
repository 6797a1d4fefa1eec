import { sum } from '../../shared/money.ts'
import type { Price, PriceLine } from '../flights/index.ts'
import type { Segment } from './models.ts'

/** What a change does to price lines: who goes, whose price is made anew, and where each flight is afterwards. */
export type LineScope = {
  /** Numbers of the directions that have other flights. */
  touched: ReadonlySet<number>
  gone: { passengers: ReadonlySet<number>; pets: ReadonlySet<number> }
  added: { passengers: ReadonlySet<number>; pets: ReadonlySet<number> }
  before: readonly Segment[]
  after: readonly Segment[]
}

type Whose = Pick<PriceLine, 'passenger' | 'pet'>

const isOneOf = ({ passenger, pet }: Whose, some: LineScope['gone']): boolean =>
  (passenger !== null && some.passengers.has(passenger)) || (pet !== null && some.pets.has(pet))

/** The place of a flight afterwards: its own, or in a direction with other flights the one at its place, or the last. */
export function placeAfter({ before, after }: LineScope, number: number): number {
  const old = before.find((segment) => segment.number === number)
  if (!old) throw new RangeError(`the itinerary has no segment ${number}`)
  const same = after.find(
    ({ flightId, direction }) => flightId === old.flightId && direction === old.direction,
  )
  if (same) return same.number
  const place = before.filter(({ direction }) => direction === old.direction).indexOf(old)
  const there = after.filter(({ direction }) => direction === old.direction)
  const next = there[place] ?? there.at(-1)
  if (!next) throw new RangeError(`direction ${old.direction} has no flight left`)
  return next.number
}

/**
 * Parts the lines sold into those that stay, under their flight's new number, and those that go. Fees of earlier
 * changes always stay; a chosen seat stays with its flight and passenger.
 * @param isSeatLeft whether a passenger gives up the seat chosen on the flight with this (old) number
 */
export function partLines(
  lines: readonly PriceLine[],
  scope: LineScope,
  isSeatLeft: (passenger: number, segment: number) => boolean,
): { kept: PriceLine[]; gone: PriceLine[] } {
  const directionOf = new Map(scope.before.map(({ number, direction }) => [number, direction]))
  const flies = (number: number) => {
    const old = scope.before.find((segment) => segment.number === number)
    return scope.after.some(({ flightId }) => flightId === old?.flightId)
  }
  const stays = (line: PriceLine): boolean => {
    if (line.kind === 'fee') return true
    if (isOneOf(line, scope.gone)) return false
    if (line.kind === 'seat-fee') return flies(line.segment) && !isSeatLeft(line.passenger ?? 0, line.segment)
    return !scope.touched.has(directionOf.get(line.segment) ?? 0)
  }
  const parts = Object.groupBy(lines, (line) => (stays(line) ? 'kept' : 'gone'))
  const moved = (line: PriceLine) => ({ ...line, segment: placeAfter(scope, line.segment) })
  return { kept: (parts.kept ?? []).map(moved), gone: parts.gone ?? [] }
}

/** Of a price made for the whole new itinerary, what is new: that of directions with other flights, and of who is added. */
export function newLines(lines: readonly PriceLine[], { touched, added, after }: LineScope): PriceLine[] {
  const directionOf = new Map(after.map(({ number, direction }) => [number, direction]))
  return lines.filter((line) => touched.has(directionOf.get(line.segment) ?? 0) || isOneOf(line, added))
}

/** The fee of leaving each flight, by the conditions it was sold under; none for an infant who paid for its lap. */
export function changeFees(
  left: readonly Segment[],
  coupons: Price['coupons'],
  scope: LineScope,
): PriceLine[] {
  return left.flatMap(({ number, conditions }) =>
    coupons
      .filter(
        ({ segment, passenger, type }) =>
          segment === number && type !== 'INF' && !scope.gone.passengers.has(passenger),
      )
      .filter(() => conditions.changeFee > 0)
      .map(({ passenger }) => ({
        ...{ kind: 'fee' as const, rule: 'change-fee', code: 'CHG', passenger, pet: null },
        ...{ segment: placeAfter(scope, number), amount: conditions.changeFee },
      })),
  )
}

/**
 * What stays with the airline of what goes: a fare that is not refundable, as far as a new one in its direction does
 * not use it up, and a tax that is not refundable, as far as it is not charged again.
 */
export function remainders(
  gone: readonly PriceLine[],
  added: readonly PriceLine[],
  scope: LineScope,
  isTaxRefundable: (rule: string) => boolean,
): PriceLine[] {
  const soldAs = new Map(scope.before.map((segment) => [segment.number, segment]))
  const directionAfter = new Map(scope.after.map(({ number, direction }) => [number, direction]))
  const isFare = ({ kind }: PriceLine) => kind === 'fare' || kind === 'discount'
  const stuck = gone.filter(
    (line) =>
      (isFare(line) && soldAs.get(line.segment)?.conditions.refundable === false) ||
      (line.kind === 'tax' && !isTaxRefundable(line.rule)),
  )
  const rowOf = (line: PriceLine, direction: number | undefined) =>
    JSON.stringify([line.passenger, line.pet, direction, isFare(line) ? null : line.code])
  const lost = Object.groupBy(stuck, (line) => rowOf(line, soldAs.get(line.segment)?.direction))
  const used = Object.groupBy(
    added.filter((line) => isFare(line) || (line.kind === 'tax' && !isTaxRefundable(line.rule))),
    (line) => rowOf(line, directionAfter.get(line.segment)),
  )
  const total = (lines: readonly PriceLine[] = []) => sum(lines.map(({ amount }) => amount))
  return Object.entries(lost).flatMap(([row, lines = []]) => {
    const [first] = lines
    const amount = total(lines) - total(used[row])
    if (!first || amount <= 0) return []
    const { passenger, pet, segment } = first
    const rule = isFare(first) ? 'fare-remainder' : 'tax-remainder'
    return [{ kind: 'fee', rule, code: 'RES', passenger, pet, segment: placeAfter(scope, segment), amount }]
  })
}

/** What is charged and what is credited: sums to the new total less the old one. */
export const differenceOf = (added: readonly PriceLine[], gone: readonly PriceLine[]): PriceLine[] => [
  ...added,
  ...gone.map(({ original: _, ...line }) => ({ ...line, amount: -line.amount })),
]
