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
  const scheduled = await scheduleTestFlight({
    origin: 'BOG',
    destination: 'JFK',
    date: addDays(today(), 30),
    seats: 141,
    business: { seats: 12 },
  })
  flight = scheduled.id
})

const limitsOf = (limits: Record<string, number>) =>
  Object.entries(limits).map(([bookingClass, limit]) => ({ bookingClass, limit }))
const set = (limits: Record<string, number>, { cabin = 'Y', of = flight } = {}) =>
  api.request('PUT', `/v1/flights/${of}/class-limits`, {
    role: 'revenue',
    body: { cabin, limits: limitsOf(limits) },
  })
const inventory = () =>
  database()`
    select cabin, authorised, sold, classes, limits, class_sold, sales_close_at
    from flights.cabin_inventory where flight_id = ${uuidOf(flight)} order by cabin desc`

test('sets the limits of the cabin and nothing else', async () => {
  const [economy, business] = await inventory()
  const limits = { Y: 141, B: 141, M: 60, Q: 0, L: 0 }
  expect(await set(limits)).toMatchObject({
    status: 200,
    body: { flightId: flight, cabin: 'Y', limits: limitsOf(limits) },
  })
  expect(await inventory()).toEqual([{ ...economy, limits: [141, 141, 60, 0, 0] }, business])
})

test.each([
  ['a cheaper class above a dearer one', { Y: 100, B: 50, M: 51, Q: 0, L: 0 }, 'limits-not-nested'],
  ['an open class below a closed one', { Y: 100, B: 0, M: 10, Q: 0, L: 0 }, 'limits-not-nested'],
  ['more than is authorised', { Y: 142, B: 50, M: 50, Q: 0, L: 0 }, 'limits-not-nested'],
  ['a class that is left out', { Y: 100, B: 50, M: 50, Q: 10 }, 'limits-not-nested'],
  ['the cheapest first', { L: 10, Q: 10, M: 10, B: 10, Y: 10 }, 'limits-not-nested'],
  ['a class of no ladder', { Y: 100, B: 50, M: 50, Q: 0, X: 0 }, 'unknown-booking-class'],
])('refuses %s', async (_, limits, code) => {
  const before = await inventory()
  expect(await set(limits)).toMatchObject({
    status: 422,
    body: { code, classes: ['Y', 'B', 'M', 'Q', 'L'], authorised: 141 },
  })
  expect(await inventory()).toEqual(before)
})

test('names the class that the ladder does not have', async () => {
  expect((await set({ Y: 100, X: 0 })).body.errors).toMatchObject([{ pointer: '/limits/1/bookingClass' }])
})

test('tells an unknown flight from a cabin that it does not have', async () => {
  const unknown = 'flt_019abcde000070008000000000000001'
  expect(await set({ Y: 1 }, { of: unknown })).toMatchObject({
    status: 404,
    body: { code: 'unknown-flight' },
  })
  await database()`delete from flights.cabin_inventory where flight_id = ${uuidOf(flight)} and cabin = 'C'`
  expect(await set({ C: 12, D: 4 }, { cabin: 'C' })).toMatchObject({
    status: 422,
    body: { code: 'unknown-cabin', errors: [{ pointer: '/cabin' }] },
  })
})
