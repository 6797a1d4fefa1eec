import { expect, it } from 'vitest'
import { fullRefund } from './refund-in-full.ts'

const line = (
  kind: 'fare' | 'discount' | 'tax' | 'pet-fee',
  segment: number,
  amount: number,
  passenger = 1,
) => ({
  kind,
  rule: 'rule',
  code: 'CODE',
  passenger: kind === 'pet-fee' ? null : passenger,
  pet: kind === 'pet-fee' ? 1 : null,
  segment,
  amount,
})
const coupon = (passenger: number, segment: number, status: string) => ({ passenger, segment, status })
const LINES = [
  line('fare', 1, 1000),
  line('discount', 1, -100),
  line('tax', 1, 190),
  line('fare', 2, 2000),
  line('fare', 1, 700, 2),
  line('pet-fee', 1, 50),
]

it('gives every line back, a fare less its discount', () => {
  const coupons = [coupon(1, 1, 'open'), coupon(1, 2, 'checked-in'), coupon(2, 1, 'open')]
  expect(fullRefund(LINES, coupons, 'retimed').map(({ amount }) => amount)).toEqual([900, 190, 2000, 700, 50])
})

it('keeps the lines of who has used a flight, and what goes with it', () => {
  const coupons = [coupon(1, 1, 'flown'), coupon(1, 2, 'open'), coupon(2, 1, 'open')]
  const lines = fullRefund(LINES, coupons, 'flight-cancelled')
  expect(lines.map(({ amount, retained, ground }) => [amount, retained, ground])).toEqual([
    [0, 900, 'departed'],
    [0, 190, 'departed'],
    [2000, 0, 'flight-cancelled'],
    [700, 0, 'flight-cancelled'],
    [0, 50, 'departed'],
  ])
})

it('counts who did not show up as having used the flight', () => {
  const coupons = [coupon(1, 1, 'no-show'), coupon(2, 1, 'no-show'), coupon(1, 2, 'open')]
  expect(fullRefund(LINES, coupons, 'equipment-changed').map(({ amount }) => amount)).toEqual([
    0, 0, 2000, 0, 0,
  ])
})
