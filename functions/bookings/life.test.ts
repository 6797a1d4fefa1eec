import { describe, expect, it } from 'vitest'
import {
  BOOKING_STATES,
  BOOKING_STEPS,
  COUPON_STATES,
  COUPON_STEPS,
  isAhead,
  stepBooking,
  stepCoupon,
} from './life.ts'

// Written out a second time, pair by pair: a refusal is told in brackets.

describe('a booking', () => {
  it('takes these steps and no other', () => {
    const table = Object.fromEntries(
      BOOKING_STATES.map((state) => [
        state,
        BOOKING_STEPS.map((step) => told(stepBooking(state, step))).join(' '),
      ]),
    )
    expect(BOOKING_STEPS.join(' ')).toBe('confirm expire cancel change')
    expect(table).toEqual({
      held: 'confirmed expired cancelled held',
      confirmed: '(already-paid) (not-held) cancelled confirmed',
      cancelled: '(booking-closed) (not-held) (booking-closed) (booking-closed)',
      expired: '(hold-expired) (not-held) (booking-closed) (booking-closed)',
    })
  })
})

describe('a coupon', () => {
  it('takes these steps and no other', () => {
    const table = Object.fromEntries(
      COUPON_STATES.map((state) => [
        state,
        COUPON_STEPS.map((step) => told(stepCoupon(state, step))).join(' '),
      ]),
    )
    expect(COUPON_STEPS.join(' ')).toBe('check-in fly miss exchange refund')
    const used = COUPON_STEPS.map(() => '(coupon-used)').join(' ')
    expect(table).toEqual({
      open: 'checked-in (not-checked-in) no-show exchanged refunded',
      'checked-in': '(already-checked-in) flown no-show exchanged refunded',
      flown: used,
      'no-show': used,
      exchanged: used,
      refunded: used,
    })
  })

  it('is ahead while it may be flown', () => {
    expect(COUPON_STATES.filter(isAhead)).toEqual(['open', 'checked-in'])
  })
})

const told = (step: ReturnType<typeof stepBooking> | ReturnType<typeof stepCoupon>) =>
  step.type === 'becomes' ? step.state : `(${step.why})`
