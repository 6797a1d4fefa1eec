import { it } from 'vitest'
import { functionsToBuild } from '../../infra/build/functions.ts'
import { bundleFunction } from '../../infra/build/lambda.ts'
import { startLambdaHost } from '../../infra/local/lambda/host.ts'
import { useHosted } from '../support/hosted.ts'
import { mainJourney } from './main-journey.ts'

const { settings, clientOf } = useHosted()

it('walks the main journey on the built bundles, through a gateway and Lambda’s events', async () => {
  await Promise.all(functionsToBuild().map(bundleFunction))
  const host = await startLambdaHost({ ...settings(), DATABASE_POOL: '1' })
  try {
    await mainJourney(clientOf(host.url))
  } finally {
    await host.stop()
  }
})
