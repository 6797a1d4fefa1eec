import { addDays, type IsoDate } from '../../shared/dates.ts'
import { share, sum } from '../../shared/money.ts'
import type { PriceLine, RefundTerms } from '../flights/index.ts'
import { type CouponState, isAhead } from './life.ts'

/** Why an amount returns or stays. The first three are the regimes of which the booking gets the best. */
export type Ground =
  | 'fare-conditions'
  | 'retracto'
  | 'desistimiento'
  | 'refundable-tax'
  | 'non-refundable-tax'
  | 'fee'
  | 'no-show'
  | 'departed'
  | AirlinesDoing
/** What the airline did to a flight: all that was not flown returns. */
export type AirlinesDoing = 'flight-cancelled' | 'retimed' | 'equipment-changed'
type Regime = 'fare-conditions' | 'retracto' | 'desistimiento'

/** A price line of a quote, a change's included. */
export type SoldLine = Omit<PriceLine, 'kind'> & { kind: PriceLine['kind'] | 'seat-fee' | 'fee' }

/** What was paid on one price line and what of it returns; a fare is net of its discount. paid = amount + retained. */
export type RefundLine = {
  kind: Exclude<SoldLine['kind'], 'discount'>
  rule: string
  code: string
  passenger: number | null
  pet: number | null
  segment: number
  paid: number
  /** What returns. */
  amount: number
  retained: number
  ground: Ground
  /** The law, policy or tax rule that says so. */
  source: string
}

export type RefundSegment = {
  number: number
  departsAt: Date
  /** The local date, and the offset of the local clock then: -05:00. */
  departureDate: IsoDate
  offset: string
  international: boolean
  refundable: boolean
}

/** A confirmed booking as its refund sees it. */
export type Refundable = {
  now: Date
  boughtAt: Date
  /** Bought at a distance, not from the airline's staff. */
  distanceSale: boolean
  currency: string
  lines: readonly SoldLine[]
  segments: readonly RefundSegment[]
  /** Those that the lines are about: none that was exchanged. */
  coupons: readonly { passenger: number; segment: number; status: CouponState }[]
  taxes: Readonly<Record<string, { refundable?: boolean; source?: string }>>
  terms: RefundTerms
}

export type RefundQuote = { regime: Regime; refund: number; lines: RefundLine[]; expiresAt: Date }

/**
 * What a passenger gets back for cancelling now, line by line, by the law or the fare's conditions, whichever gives
 * most; until the earliest instant at which that changes, or a quote's life. `departed` when there is nothing ahead.
 */
export function quoteRefund(booking: Refundable): RefundQuote | { type: 'departed' } {
  const { now, segments, terms } = booking
  if (!segments.some(({ number }) => stateOfSegment(booking, number, now) === 'ahead')) {
    return { type: 'departed' }
  }
  const decision = decide(booking, now)
  const last = now.getTime() + terms.quoteMinutes * 60_000
  const told = JSON.stringify(decision.lines)
  const change = turningPoints(booking)
    .filter((at) => at > now.getTime() && at < last)
    .sort((one, other) => one - other)
    .find((at) => JSON.stringify(decide(booking, new Date(at)).lines) !== told)
  return { ...decision, expiresAt: new Date(change ?? last) }
}

function decide(booking: Refundable, now: Date): Omit<RefundQuote, 'expiresAt'> {
  const regimes: Regime[] = ['fare-conditions']
  if (mayWithdraw(booking, now)) regimes.push('retracto')
  if (mayGiveUp(booking, now)) regimes.push('desistimiento')
  const outcomes = regimes.map((regime) => {
    const lines = linesUnder(regime, booking, now)
    return { regime, refund: sum(lines.map(({ amount }) => amount)), lines }
  })
  return outcomes.reduce((best, next) => (next.refund > best.refund ? next : best))
}

/** The instants at which a decision may turn out otherwise, in milliseconds. */
const turningPoints = (booking: Refundable): number[] => [
  withdrawalEnds(booking),
  lastDayEnds(booking),
  givingUpEnds(booking),
  ...booking.segments.map(({ departsAt }) => departsAt.getTime()),
]

// Rights -------------------------------------------------------------------------------------------------------

const HOUR = 3_600_000

const mayWithdraw = (booking: Refundable, now: Date): boolean =>
  booking.distanceSale &&
  now.getTime() <
    Math.min(withdrawalEnds(booking), lastDayEnds(booking), firstOf(booking).departsAt.getTime())

const withdrawalEnds = ({ boughtAt, terms }: Refundable): number =>
  boughtAt.getTime() + terms.rights.retracto.value.hoursFromPurchase * HOUR

/** The end of the last local day that is as many calendar days before departure as the right asks for. */
function lastDayEnds(booking: Refundable): number {
  const { departureDate, offset } = firstOf(booking)
  const { minDaysBeforeDomestic, minDaysBeforeInternational } = booking.terms.rights.retracto.value
  const international = booking.segments.some((segment) => segment.international)
  const days = international ? minDaysBeforeInternational : minDaysBeforeDomestic
  return Date.parse(`${addDays(departureDate, 1 - days)}T00:00:00${offset}`)
}

const mayGiveUp = (booking: Refundable, now: Date): boolean => now.getTime() < givingUpEnds(booking)

const givingUpEnds = (booking: Refundable): number =>
  firstOf(booking).departsAt.getTime() - booking.terms.rights.desistimiento.value.hoursBeforeDeparture * HOUR

function firstOf({ segments }: Refundable): RefundSegment {
  const [first] = segments.toSorted((one, other) => one.departsAt.getTime() - other.departsAt.getTime())
  if (!first) throw new RangeError('an itinerary has at least one segment')
  return first
}

// Lines --------------------------------------------------------------------------------------------------------

type Paid = Omit<RefundLine, 'amount' | 'retained' | 'ground' | 'source'>
/** How much of a line stays, and why. */
type Verdict = Pick<RefundLine, 'retained' | 'ground' | 'source'>
/** What may still be kept of each passenger's ticket. */
type Remains = Map<number | null, number>

function linesUnder(regime: Regime, booking: Refundable, now: Date): RefundLine[] {
  const remains: Remains = new Map()
  return paidLines(booking.lines).map((paid): RefundLine => {
    const { retained, ground, source } = judge(paid, regime, booking, now, remains)
    return { ...paid, amount: paid.paid - retained, retained, ground, source }
  })
}

/** The price lines with each discount taken off its fare. */
export function paidLines(lines: readonly SoldLine[]): Paid[] {
  const discounts = lines.filter(({ kind }) => kind === 'discount')
  const paid = lines.flatMap(({ kind, rule, code, passenger, pet, segment, amount }): Paid[] => {
    if (kind === 'discount') return []
    const isOfThis = (one: SoldLine) => one.passenger === passenger && one.segment === segment
    const at = kind === 'fare' ? discounts.findIndex(isOfThis) : -1
    const discount = at < 0 ? 0 : (discounts.splice(at, 1)[0]?.amount ?? 0)
    return [{ kind, rule, code, passenger, pet, segment, paid: amount + discount }]
  })
  if (discounts.length > 0) throw new RangeError(`discount ${discounts[0]?.rule} has no fare`)
  return paid
}

function judge(line: Paid, regime: Regime, booking: Refundable, now: Date, remains: Remains): Verdict {
  const state = stateOf(line, booking, now)
  if (state === 'departed') return { retained: line.paid, ground: 'departed', source: 'The flight has left' }
  if (line.kind === 'tax') {
    const tax = booking.taxes[line.rule]
    if (!tax) throw new RangeError(`tax rule ${line.rule} is not described`)
    const source = tax.source ?? line.code
    return tax.refundable
      ? { retained: 0, ground: 'refundable-tax', source }
      : { retained: line.paid, ground: 'non-refundable-tax', source }
  }
  if (state === 'no-show') {
    return { retained: line.paid, ground: 'no-show', source: 'The passenger did not board' }
  }
  if (regime === 'retracto') return withdrawn(line, booking, remains)
  if (line.kind === 'fee') {
    return { retained: line.paid, ground: 'fee', source: 'The change that it paid for was made' }
  }
  return regime === 'desistimiento' ? givenUp(line, booking) : byConditions(line, booking)
}

/** Retracto: all returns but a share of the fare, up to a sum a ticket, which is used up in the order of its lines. */
function withdrawn(line: Paid, { terms, currency }: Refundable, remains: Remains): Verdict {
  const { value, source } = terms.rights.retracto
  if (line.kind !== 'fare') return { retained: 0, ground: 'retracto', source }
  // In a currency for which the law's sum is not known, nothing may be kept.
  const most = value.maxRetained.find((fee) => fee.currency === currency)?.amount ?? 0
  const left = remains.get(line.passenger) ?? most
  const retained = Math.min(share(line.paid, value.maxRetainedPercentOfFare * 100), left)
  remains.set(line.passenger, left - retained)
  return { retained, ground: 'retracto', source }
}

/** Desistimiento: a share of the fare stays. Promotional fares may be left to their conditions, with what goes along. */
function givenUp(line: Paid, booking: Refundable): Verdict {
  const { rights, promotionalFares } = booking.terms
  const { desistimiento, 'desistimiento-retention': retention } = rights
  const promotional = promotionalFares.has(fareOf(line, booking)?.rule ?? '')
  if (promotional && !retention.value.promotionalFares) return byConditions(line, booking)
  if (line.kind !== 'fare') return { retained: 0, ground: 'desistimiento', source: desistimiento.source }
  return {
    retained: share(line.paid, retention.value.maxRetainedPercentOfFare * 100),
    ground: 'desistimiento',
    source: `${desistimiento.source}. ${retention.source}`,
  }
}

/** The fare's own conditions: what goes along with a refundable fare returns with it. */
function byConditions(line: Paid, booking: Refundable): Verdict {
  const { refundable } = segmentOf(booking, line.segment)
  const code = fareOf(line, booking)?.code ?? line.code
  return {
    retained: refundable ? 0 : line.paid,
    ground: 'fare-conditions',
    source: `Conditions of fare ${code}: ${refundable ? 'refundable' : 'not refundable'}`,
  }
}

/** The fare of a line's flight: one a flight, whoever flies. */
const fareOf = ({ segment }: Paid, { lines }: Refundable): SoldLine | undefined =>
  lines.find((line) => line.kind === 'fare' && line.segment === segment)

// Whereabouts --------------------------------------------------------------------------------------------------

type Whereabouts = 'ahead' | 'no-show' | 'departed'

/** Where a line's passenger is with its flight; of a pet's line, where the party is. */
function stateOf({ passenger, segment }: Paid, booking: Refundable, now: Date): Whereabouts {
  const coupon = booking.coupons.find((one) => one.passenger === passenger && one.segment === segment)
  if (!coupon) return stateOfSegment(booking, segment, now)
  return whereabouts(coupon.status, segmentOf(booking, segment), now)
}

function stateOfSegment(booking: Refundable, number: number, now: Date): Whereabouts {
  const segment = segmentOf(booking, number)
  const states = booking.coupons
    .filter((coupon) => coupon.segment === number)
    .map(({ status }) => whereabouts(status, segment, now))
  return (
    states.find((state) => state === 'ahead') ?? states.find((state) => state === 'departed') ?? 'no-show'
  )
}

/** A flight that has left may not be closed yet: who is aboard is not known, and nothing returns. */
function whereabouts(status: CouponState, { departsAt }: RefundSegment, now: Date): Whereabouts {
  if (status === 'no-show') return 'no-show'
  return isAhead(status) && now < departsAt ? 'ahead' : 'departed'
}

function segmentOf({ segments }: Refundable, number: number): RefundSegment {
  const segment = segments.find((one) => one.number === number)
  if (!segment) throw new RangeError(`the itinerary has no segment ${number}`)
  return segment
}
