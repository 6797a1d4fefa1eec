import { afterAll, beforeAll, it } from 'vitest'
import * as catalog from '../../functions/catalog.ts'
import { functionsToBuild } from '../../infra/build/functions.ts'
import { bundleFunction } from '../../infra/build/lambda.ts'
import { type LambdaHost, startLambdaHost } from '../../infra/local/lambda/host.ts'
import { deliverBySqs } from '../support/deliver.ts'
import { useHosted } from '../support/hosted.ts'
import { STUB_METHODS, type StripeStub, startStripeStub } from '../support/stripe-stub.ts'
import { lifeJourney } from './life-journey.ts'
import { mainJourney } from './main-journey.ts'

const { settings, clientOf } = useHosted()
let stripe: StripeStub
let host: LambdaHost

beforeAll(async () => {
  await Promise.all(functionsToBuild().map(bundleFunction))
  stripe = await startStripeStub()
  host = await startLambdaHost({
    ...settings(),
    DATABASE_POOL: '1',
    STRIPE_SECRET_KEY: 'sk_test_stub',
    STRIPE_WEBHOOK_SECRET: 'whsec_stub',
    STRIPE_API_URL: stripe.url,
    RATE_LIMIT_FACTOR: '0',
  })
}, 120_000)
afterAll(async () => {
  await host?.stop()
  await stripe?.stop()
})

it('walks the main journey on the built bundles, through a gateway and Lambda’s events', async () => {
  await mainJourney(clientOf(host.url))
})

it('takes bookings through their whole life there, paid over Stripe’s API', {
  timeout: 120_000,
}, async () => {
  const workers = Object.entries(catalog).flatMap(([name, line]) =>
    'on' in line ? [{ name, on: line.on }] : [],
  )
  await lifeJourney({
    client: clientOf(host.url),
    run: (name) => host.invoke(name, {}),
    deliver: () => deliverBySqs(workers, host.invoke),
    cards: {
      good: { token: STUB_METHODS.success },
      declined: { token: STUB_METHODS.declined },
      unseen: { token: STUB_METHODS.timeOutCaptured },
    },
  })
})
