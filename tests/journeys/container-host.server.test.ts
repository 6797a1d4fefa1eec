import { expect, it } from 'vitest'
import { buildContainer } from '../../infra/build/container.ts'
import { freePort } from '../../infra/local/free-port.ts'
import { startContainerServer } from '../support/container-host.ts'
import { useHosted } from '../support/hosted.ts'
import { startRedis } from '../support/redis-server.ts'
import { mainJourney } from './main-journey.ts'

const { settings, clientOf } = useHosted()

it('walks the main journey on the built container, over PostgreSQL and Redis', async () => {
  await buildContainer()
  const redis = await startRedis()
  const environment = { ...settings(), REDIS_URL: redis.url, DRAIN_NOTICE_MS: '100' }
  const host = await startContainerServer(await freePort(0), environment)
  try {
    await mainJourney(clientOf(host.url))
  } finally {
    expect(await host.terminate()).toBe(0)
    await redis.stop()
  }
})
