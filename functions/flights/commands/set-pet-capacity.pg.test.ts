import { beforeAll, expect, test } from 'vitest'
import { addDays } from '../../../shared/dates.ts'
import { uuidOf } from '../../../shared/ids.ts'
import { database } from '../../../shared/postgres/client.ts'
import { useApi } from '../../../tests/support/api.ts'
import { today } from '../../../tests/support/dates.ts'
import { scheduleTestFlight } from '../../../tests/support/flights.ts'

const api = useApi()
let flight: string
beforeAll(async () => {
  const date = addDays(today(), 30)
  flight = (await scheduleTestFlight({ origin: 'BOG', destination: 'ADZ', date })).id
  await database()`update flights.service_inventory set petc_sold = 2, avih_sold = 1`
})

const set = (petc: number, avih: number, of = flight) =>
  api.request('PUT', `/v1/flights/${of}/pet-capacity`, { role: 'admin', body: { petc, avih } })
const services = () =>
  database()`
    select infant_capacity, petc_capacity, petc_sold, avih_capacity, avih_sold
    from flights.service_inventory where flight_id = ${uuidOf(flight)}`

test('sets both capacities, down to what is sold', async () => {
  const [before] = await services()
  expect(await set(2, 1)).toMatchObject({ status: 200, body: { flightId: flight, petc: 2, avih: 1 } })
  expect(await services()).toEqual([{ ...before, petc_capacity: 2, avih_capacity: 1 }])
})

test.each([
  [1, 4],
  [6, 0],
])('refuses %i in the cabin and %i in the hold, fewer than are sold', async (petc, avih) => {
  const before = await services()
  expect(await set(petc, avih)).toMatchObject({
    status: 409,
    body: { code: 'capacity-below-sold', sold: { petc: 2, avih: 1 } },
  })
  expect(await services()).toEqual(before)
})

test('refuses a flight that is not known', async () => {
  expect(await set(6, 4, 'flt_019abcde000070008000000000000001')).toMatchObject({
    status: 404,
    body: { code: 'unknown-flight' },
  })
})
