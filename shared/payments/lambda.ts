import { config } from '../config.ts'
import type { CardPayments } from './port.ts'
import { stripePayments } from './stripe.ts'

export { agencyPayment } from './agency.ts'

let current: CardPayments | undefined

/**
 * Stripe, and nothing else: what is deployed must not take a test card for money.
 * @throws Error when STRIPE_SECRET_KEY is not set
 */
export function cardPayments(): CardPayments {
  const { STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET, STRIPE_API_URL } = config()
  if (!STRIPE_SECRET_KEY) throw new Error('Set STRIPE_SECRET_KEY: no card can be charged without it.')
  current ??= stripePayments({
    secretKey: STRIPE_SECRET_KEY,
    webhookSecret: STRIPE_WEBHOOK_SECRET,
    apiUrl: STRIPE_API_URL,
  })
  return current
}
