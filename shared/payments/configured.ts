import { log } from '#log'
import { config } from '../config.ts'
import type { CardPayments } from './port.ts'
import { stripePayments } from './stripe.ts'
import { testCard } from './test-card.ts'

export { agencyPayment } from './agency.ts'

let current: { key: string | undefined; payments: CardPayments } | undefined

/** Stripe where STRIPE_SECRET_KEY is set, else the test card, which moves no money. */
export function cardPayments(): CardPayments {
  const { STRIPE_SECRET_KEY: key, STRIPE_WEBHOOK_SECRET: webhookSecret, STRIPE_API_URL: apiUrl } = config()
  if (current?.key === key && current) return current.payments
  if (!key) log.warn({}, 'STRIPE_SECRET_KEY is not set: the test card takes payments, and no money moves')
  current = { key, payments: key ? stripePayments({ secretKey: key, webhookSecret, apiUrl }) : testCard }
  return current.payments
}
