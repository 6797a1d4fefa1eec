import { describe, expect, it } from 'vitest'
import { uuidOf } from '../../../shared/ids.ts'
import { database } from '../../../shared/postgres/client.ts'
import { useApi } from '../../../tests/support/api.ts'
import { scheduleTestFlight, type TestFlight } from '../../../tests/support/flights.ts'
import { departIn, flightEvents, inDays } from '../../../tests/support/operations.ts'
import { expectRefusal } from '../../../tests/support/refusal.ts'

const api = useApi()
const schedule = async (more: Partial<TestFlight> = {}) =>
  (await scheduleTestFlight({ origin: 'BOG', destination: 'ADZ', date: inDays(30), ...more })).id
const change = (flight: string, aircraftType: string) =>
  api.request('POST', `/v1/flights/${flight}/equipment`, {
    role: 'admin',
    body: { aircraftType, reason: 'technical' },
  })
const cabins = (flight: string) => database()`
  select cabin, physical, authorised, sold, limits, class_sold from flights.cabin_inventory
  where flight_id = ${uuidOf(flight)} order by cabin desc`
const services = async (flight: string) => {
  const [row] = await database()`
    select infant_capacity, petc_capacity from flights.service_inventory where flight_id = ${uuidOf(flight)}`
  return row
}
const sell = (flight: string, cabin: string, seats: number) => database()`
  update flights.cabin_inventory set sold = ${seats}, class_sold[1] = ${seats}
  where flight_id = ${uuidOf(flight)} and cabin = ${cabin}`

it('takes the seats of the new aircraft, in the proportions that the flight was managed with', async () => {
  // 5 % more than its 180 seats, and the cheapest class closed.
  const flight = await schedule({ authorised: 189, limits: [189, 160, 100, 50, 0] })
  await sell(flight, 'Y', 144)
  expect(await change(flight, '319')).toMatchObject({
    status: 200,
    body: { version: 2, aircraftType: '319' },
  })
  // 144 × 189/180 = 151; each limit × 151/189, rounded up.
  expect(await cabins(flight)).toEqual([
    {
      cabin: 'Y',
      physical: 144,
      authorised: 151,
      sold: 144,
      limits: [151, 128, 80, 40, 0],
      class_sold: [144, 0, 0, 0, 0],
    },
  ])
  // 18 lap infants of 180 seats.
  expect(await services(flight)).toEqual({ infant_capacity: 14, petc_capacity: 6 })
})

it('opens a cabin that the old aircraft had not, by the policies, and closes one that the new has not', async () => {
  const flight = await schedule({ seats: 180 })
  await change(flight, '32N')
  expect(await cabins(flight)).toMatchObject([
    { cabin: 'Y', physical: 141, authorised: 141 },
    { cabin: 'C', physical: 12, authorised: 12, sold: 0, limits: [12, 8], class_sold: [0, 0] },
  ])
  await change(flight, '320')
  expect(await cabins(flight)).toMatchObject([{ cabin: 'Y', physical: 180, authorised: 180 }])
  expect((await flightEvents()).map(({ data }) => 'before' in data && data.before).slice(-2)).toEqual([
    { aircraftType: '320' },
    { aircraftType: '32N' },
  ])
})

describe('refuses', () => {
  it.each([
    ['fewer seats than are sold', {}, 'Y', 145, { Y: 145 }],
    ['to take away a cabin in which somebody sits', { business: { seats: 12 } }, 'C', 1, { C: 1 }],
  ])('%s', async (_, more, cabin, seats, sold) => {
    const flight = await schedule(more)
    await sell(flight, cabin, seats)
    const before = await cabins(flight)
    const said = await expectRefusal(() => change(flight, '319'), 409, 'capacity-below-sold')
    expect(said.body.sold).toEqual(sold)
    expect(await cabins(flight)).toEqual(before)
    const [row] = await database()`
      select version, aircraft_type from flights.flights where id = ${uuidOf(flight)}`
    expect(row).toEqual({ version: 1, aircraft_type: cabin === 'C' ? '32N' : '320' })
  })

  it('fewer lap infants than are sold', async () => {
    const flight = await schedule()
    await database()`update flights.service_inventory set infant_sold = 15 where flight_id = ${uuidOf(flight)}`
    const said = await expectRefusal(() => change(flight, '319'), 409, 'capacity-below-sold')
    expect(said.body.sold).toEqual({ infants: 15 })
  })

  it('a type that the airline has not, the one that it is, and a flight that has left', async () => {
    const flight = await schedule()
    const place = { pointer: '/aircraftType' }
    await expectRefusal(() => change(flight, '380'), 422, 'unknown-aircraft-type', place)
    await expectRefusal(() => change(flight, '320'), 409, 'flight-unchanged')
    await departIn(flight, -1)
    await expectRefusal(() => change(flight, '319'), 409, 'flight-departed')
  })
})
