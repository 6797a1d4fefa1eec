/**
 * What may become of a booking and of a coupon: the whole of it, in two tables. The steps in the database are held
 * against them pair by pair in `life.pg.test.ts`.
 */

export type BookingState = 'held' | 'confirmed' | 'cancelled' | 'expired'
/** Paid in whole; its deadline passed unpaid; given up; its quote exchanged for another. */
export type BookingStep = 'confirm' | 'expire' | 'cancel' | 'change'

/** A passenger on a flight. */
export type CouponState = 'open' | 'checked-in' | 'flown' | 'no-show' | 'exchanged' | 'refunded'
/** The last four end it: the flight is closed with the passenger aboard or without, or the coupon never flies. */
export type CouponStep = 'check-in' | 'fly' | 'miss' | 'exchange' | 'refund'

export type Transition<State, Why extends string> =
  | { type: 'becomes'; state: State }
  | { type: 'refused'; why: Why }

export type BookingRefusal = 'already-paid' | 'hold-expired' | 'booking-closed' | 'not-held'
export type CouponRefusal = 'not-checked-in' | 'already-checked-in' | 'coupon-used'

type Table<State extends string, Step extends string, Why extends string> = Record<
  State,
  Record<Step, State | { why: Why }>
>

const BOOKING: Table<BookingState, BookingStep, BookingRefusal> = {
  held: { confirm: 'confirmed', expire: 'expired', cancel: 'cancelled', change: 'held' },
  confirmed: {
    confirm: { why: 'already-paid' },
    expire: { why: 'not-held' },
    cancel: 'cancelled',
    change: 'confirmed',
  },
  cancelled: {
    confirm: { why: 'booking-closed' },
    expire: { why: 'not-held' },
    cancel: { why: 'booking-closed' },
    change: { why: 'booking-closed' },
  },
  expired: {
    confirm: { why: 'hold-expired' },
    expire: { why: 'not-held' },
    cancel: { why: 'booking-closed' },
    change: { why: 'booking-closed' },
  },
}

const used = { why: 'coupon-used' } as const
const USED = { 'check-in': used, fly: used, miss: used, exchange: used, refund: used }
const COUPON: Table<CouponState, CouponStep, CouponRefusal> = {
  open: {
    'check-in': 'checked-in',
    fly: { why: 'not-checked-in' },
    miss: 'no-show',
    exchange: 'exchanged',
    refund: 'refunded',
  },
  'checked-in': {
    'check-in': { why: 'already-checked-in' },
    fly: 'flown',
    miss: 'no-show',
    exchange: 'exchanged',
    refund: 'refunded',
  },
  flown: USED,
  'no-show': USED,
  exchanged: USED,
  refunded: USED,
}

/** The next state of a booking, or why the step is not taken. */
export const stepBooking = (
  state: BookingState,
  step: BookingStep,
): Transition<BookingState, BookingRefusal> => transition(BOOKING[state][step])

/** The next state of a coupon, or why the step is not taken. */
export const stepCoupon = (state: CouponState, step: CouponStep): Transition<CouponState, CouponRefusal> =>
  transition(COUPON[state][step])

/** True while the passenger may still fly: such a coupon holds its seat, and is what a refund is about. */
export const isAhead = (state: CouponState): boolean => stepCoupon(state, 'refund').type === 'becomes'

function transition<State extends string, Why extends string>(
  next: State | { why: Why },
): Transition<State, Why> {
  return typeof next === 'string' ? { type: 'becomes', state: next } : { type: 'refused', why: next.why }
}

export const BOOKING_STATES = Object.keys(BOOKING) as BookingState[]
export const BOOKING_STEPS = Object.keys(BOOKING.held) as BookingStep[]
export const COUPON_STATES = Object.keys(COUPON) as CouponState[]
export const COUPON_STEPS = Object.keys(COUPON.open) as CouponStep[]
