import { setTimeout as sleep } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { buildContainer } from '../../infra/build/container.ts'
import { freePort } from '../../infra/local/free-port.ts'
import { addDays } from '../../shared/dates.ts'
import type { Client } from '../support/client.ts'
import { type ContainerProcess, startContainerServer } from '../support/container-host.ts'
import { today } from '../support/dates.ts'
import { useHosted } from '../support/hosted.ts'
import { ADULT, orderOf } from '../support/orders.ts'

const { settings, clientOf } = useHosted()

const RESTARTS = 20
const CALLERS = 8

// A rolling restart as an orchestrator does it: the new process is ready before the old one gets SIGTERM, and new
// requests go to whichever says that it is ready.
it(`restarts the server ${RESTARTS} times under load, and no request fails`, async () => {
  await buildContainer()
  const environment = { ...settings(), RATE_LIMIT_FACTOR: '0', DRAIN_NOTICE_MS: '1000' }
  const start = async () => startContainerServer(await freePort(0), environment)

  const targets = new Set<ContainerProcess>()
  let loading = true
  const statuses = new Map<string, number>()
  const note = (what: string) => statuses.set(what, (statuses.get(what) ?? 0) + 1)

  /** Takes out of the rotation what is no longer ready, as the endpoints of a Service follow readiness probes. */
  async function watch(): Promise<void> {
    while (loading) {
      for (const target of targets) {
        const ready = await fetch(`${target.url}/readyz`).catch(() => undefined)
        await ready?.arrayBuffer()
        if (ready?.status !== 200) targets.delete(target)
      }
      await sleep(50)
    }
  }

  /** Asked for each request anew. */
  function ready(n: number): Client {
    const target = [...targets].at(n % targets.size)
    if (!target) throw new Error('nobody is ready')
    return clientOf(target.url)
  }

  async function caller(number: number): Promise<void> {
    const date = addDays(today(), 2)
    for (let n = 0; loading; n++) {
      try {
        const found = await ready(n).request('GET', `/v1/flights?origin=BOG&destination=MDE&date=${date}`)
        note(`search ${found.status}`)
        const flight = found.body.outbound.flights[(n + number) % found.body.outbound.flights.length]
        const quote = await ready(n).request('POST', '/v1/quotes', {
          body: orderOf([flight.flightId], [ADULT]),
        })
        note(`quote ${quote.status}`)
      } catch (error) {
        note(`failed: ${error instanceof Error ? `${error.message} ${error.cause ?? ''}` : error}`)
      }
    }
  }

  let current = await start()
  targets.add(current)
  const load = [watch(), ...Array.from({ length: CALLERS }, (_, at) => caller(at))]
  const codes: (number | null)[] = []
  for (let n = 0; n < RESTARTS; n++) {
    const next = await start()
    targets.add(next)
    codes.push(await current.terminate())
    current = next
  }
  loading = false
  await Promise.all(load)
  await current.terminate()

  console.log(Object.fromEntries(statuses))
  expect(codes).toEqual(Array(RESTARTS).fill(0))
  expect([...statuses.keys()].toSorted()).toEqual(['quote 201', 'search 200'])
  expect(statuses.get('quote 201')).toBeGreaterThan(RESTARTS * 10)
}, 180_000)
