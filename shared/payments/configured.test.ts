import { afterEach, expect, it } from 'vitest'
import { configureForTest } from '../../tests/support/settings.ts'
import { configure } from '../config.ts'
import { agencyPayment } from './agency.ts'
import { cardPayments } from './configured.ts'
import { cardPayments as onLambda } from './lambda.ts'

afterEach(() => configure({ STRIPE_SECRET_KEY: undefined }))

it('takes the test card unless there is a key of Stripe', () => {
  configureForTest()
  expect(cardPayments().provider).toBe('test-card')
  configure({ STRIPE_SECRET_KEY: 'sk_test_1' })
  expect(cardPayments().provider).toBe('stripe')
  configure({ STRIPE_SECRET_KEY: undefined })
  expect(cardPayments().provider).toBe('test-card')
})

it('never takes the test card on Lambda', () => {
  configureForTest()
  expect(onLambda).toThrow('Set STRIPE_SECRET_KEY')
  configure({ STRIPE_SECRET_KEY: 'sk_test_1' })
  expect(onLambda().provider).toBe('stripe')
})

it('compares the references that staff record as people read them, each kind for itself', () => {
  expect(agencyPayment('cash', ' caja  7/2041\n')).toEqual({ provider: 'desk', reference: 'CAJA 7/2041' })
  expect(agencyPayment('transfer', 'CAJA 7/2041')).toEqual({ provider: 'bank', reference: 'CAJA 7/2041' })
})
