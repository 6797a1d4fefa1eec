import { beforeAll, expect, test } from 'vitest'
import { addDays, dateIn } from '../../shared/dates.ts'
import { database } from '../../shared/postgres/client.ts'
import { useApi } from './api.ts'
import { scheduleTestFlight } from './flights.ts'

// What other tests stand on is itself tried here, once.
const api = useApi()
const date = addDays(dateIn(new Date(), 'America/Bogota'), 30)
let flight: { id: string; uuid: string }

beforeAll(async () => {
  flight = await scheduleTestFlight({
    origin: 'BOG',
    destination: 'MAD',
    date,
    time: '18:40',
    seats: 40,
    authorised: 42,
    business: { seats: 8, limits: [8, 3] },
    petc: 2,
  })
})

test('a request goes through the whole API, with a token of the role', async () => {
  expect(await api.request('GET', '/v1/destinations')).toMatchObject({
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: { destinations: [{ code: 'MAD', from: ['BOG'] }] },
  })
  const fare = (request: object) => api.request('POST', '/v1/fares', { body: {}, ...request })
  expect(await fare({})).toMatchObject({ status: 401, body: { code: 'token-missing' } })
  expect(await fare({ token: 'a.b.c' })).toMatchObject({ body: { code: 'token-invalid' } })
  expect(await fare({ role: 'partner' })).toMatchObject({ body: { code: 'role-missing' } })
  expect(await fare({ role: 'admin' })).toMatchObject({ body: { code: 'invalid-request' } })
  expect(await fare({ role: 'admin', key: null })).toMatchObject({
    body: { code: 'idempotency-key-missing' },
  })
  expect(await fare({ role: 'admin', rawBody: '{' })).toMatchObject({ body: { code: 'malformed-json' } })
  expect(await fare({ role: 'admin', headers: { 'content-type': 'text/plain' } })).toMatchObject({
    body: { code: 'content-type-unsupported' },
  })
})

test('a test flight is found at its local time, with what it was given to sell', async () => {
  const { body } = await api.request('GET', `/v1/flights?origin=BOG&destination=MAD&date=${date}`)
  expect(body.outbound.flights).toMatchObject([{ flightId: flight.id, departsAt: `${date}T18:40:00-05:00` }])
  expect(
    await database()`
      select cabin, physical, authorised, limits from flights.cabin_inventory
      where flight_id = ${flight.uuid} order by cabin desc`,
  ).toEqual([
    { cabin: 'Y', physical: 40, authorised: 42, limits: [42, 36, 28, 19, 9] },
    { cabin: 'C', physical: 8, authorised: 8, limits: [8, 3] },
  ])
})

test('a flight from an airport that is not there is refused', async () => {
  await expect(scheduleTestFlight({ origin: 'XXX', destination: 'MAD', date })).rejects.toThrow('XXX')
})
