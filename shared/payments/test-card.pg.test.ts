import { expect, it } from 'vitest'
import { useDatabase } from '../../tests/support/database.ts'
import { paymentsContract } from '../../tests/support/payments-contract.ts'
import { TEST_CARDS, testCard } from './test-card.ts'

useDatabase()
const { noFunds, ...cards } = TEST_CARDS
const numbers = Object.entries(cards).map(([name, number]) => [name, { number }])
paymentsContract('the test card', () => testCard, Object.fromEntries(numbers))

const chargeOf = (number: string) => ({
  paymentId: crypto.randomUUID(),
  amount: 100,
  currency: 'COP',
  card: { number },
  description: 'K7M2QX',
})

it.each([
  [noFunds, 'insufficient_funds'],
  ['4111111111111111', 'unknown_test_card'],
])('declines %s: %s', async (number, reason) => {
  expect(await testCard.charge(chargeOf(number))).toEqual({ type: 'declined', reason })
})

it('declines a charge that arrives after it was given up', async () => {
  const charge = chargeOf(TEST_CARDS.success)
  const asked = { paymentId: charge.paymentId, reference: null, createdAt: new Date() }
  expect(await testCard.abandon(asked)).toMatchObject({ type: 'declined' })
  expect(await testCard.charge(charge)).toEqual({ type: 'declined', reason: 'abandoned' })
})

it('has numbers that pass the check digit, as forms ask', () => {
  for (const number of Object.values(TEST_CARDS)) expect(luhn(number), number).toBe(0)
})

const luhn = (number: string): number =>
  [...number].toReversed().reduce((sum, digit, at) => {
    const value = Number(digit) * (at % 2 === 1 ? 2 : 1)
    return sum + (value > 9 ? value - 9 : value)
  }, 0) % 10
