import { expect, it } from 'vitest'
import { uuidOf } from '../../../shared/ids.ts'
import { database } from '../../../shared/postgres/client.ts'
import { useApi } from '../../../tests/support/api.ts'
import { scheduleTestFlight } from '../../../tests/support/flights.ts'
import { departIn, flightEvents, inDays } from '../../../tests/support/operations.ts'
import { expectRefusal } from '../../../tests/support/refusal.ts'

const api = useApi()
const close = (flight: string) => api.request('POST', `/v1/flights/${flight}/closure`, { role: 'admin' })

it('closes a flight that has left, once, and tells it', async () => {
  const { id } = await scheduleTestFlight({ origin: 'BOG', destination: 'ADZ', date: inDays(3) })
  const early = await expectRefusal(() => close(id), 409, 'flight-not-departed')
  expect(early.body.departsAt).toMatch(/Z$/)
  await departIn(id, -5)
  expect(await close(id)).toMatchObject({ status: 202, body: { version: 2, status: 'closed' } })
  const [row] = await database()`select status, version from flights.flights where id = ${uuidOf(id)}`
  expect(row).toEqual({ status: 'closed', version: 2 })
  expect(await flightEvents()).toMatchObject([{ type: 'flights.flight-closed.v1', subject: id, version: 2 }])
  const said = await expectRefusal(() => close(id), 409, 'flight-not-scheduled')
  expect(said.body.flightStatus).toBe('closed')
  await expectRefusal(() => close('flt_019abcde000070008000000000000001'), 404, 'unknown-flight')
})
