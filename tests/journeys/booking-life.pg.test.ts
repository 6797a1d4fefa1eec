import { it } from 'vitest'
import * as catalog from '../../functions/catalog.ts'
import { loadSchedules } from '../../shared/hosts/functions.ts'
import { TEST_CARDS } from '../../shared/payments/test-card.ts'
import { useApi } from '../support/api.ts'
import { deliverHere } from '../support/deliver.ts'
import { lifeJourney } from './life-journey.ts'

const client = useApi()

it('takes bookings through their whole life', { timeout: 60_000 }, async () => {
  await lifeJourney({
    client,
    async run(name) {
      const line = (catalog as Record<string, { entry: string; every?: string }>)[name]
      if (!line?.every) throw new Error(`the catalog has no schedule ${name}`)
      for (const schedule of await loadSchedules([line])) await schedule.run()
    },
    deliver: deliverHere,
    cards: {
      good: { number: TEST_CARDS.success },
      declined: { number: TEST_CARDS.declined },
      unseen: { number: TEST_CARDS.timeOutCaptured },
    },
  })
})
