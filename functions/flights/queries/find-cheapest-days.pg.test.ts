import { expect, it } from 'vitest'
import { addDays } from '../../../shared/dates.ts'
import { useApi } from '../../../tests/support/api.ts'
import { today } from '../../../tests/support/dates.ts'
import { scheduleTestFlight } from '../../../tests/support/flights.ts'
import { expectRefusal } from '../../../tests/support/refusal.ts'

const api = useApi()
/** A whole month that has not begun: the one after next. */
const MONTH = addDays(`${addDays(`${today().slice(0, 7)}-01`, 31).slice(0, 7)}-01`, 31).slice(0, 7)
const FIRST = `${MONTH}-01`
const LAST = addDays(`${addDays(FIRST, 31).slice(0, 7)}-01`, -1)

const days = async (query: string) => {
  const answer = await api.request('GET', `/v1/cheapest-days?month=${MONTH}&${query}`)
  expect(answer.status, JSON.stringify(answer.body)).toBe(200)
  return answer.body.days
}

it('gives each local date of the month its cheapest flight, by the total of the party', async () => {
  const market = { origin: 'BOG', destination: 'MTR' }
  const on = async (day: number, more: object = {}) =>
    (await scheduleTestFlight({ ...market, date: addDays(FIRST, day), ...more })).id
  const withoutCheapest = { limits: [180, 180, 180, 180, 0] }
  const [dear, cheap, later] = [
    await on(4, { time: '06:00', ...withoutCheapest }),
    await on(4, { time: '11:00' }),
    await on(4, { time: '16:00' }),
  ]
  const only = await on(2, { ...withoutCheapest })
  await on(6, { limits: [1, 1, 1, 1, 1] })

  const forTwo = await days('origin=BOG&destination=MTR&adults=2')
  // Of two at one price the first to leave; a day on which two find no seats is left out.
  expect(forTwo).toMatchObject([
    { date: addDays(FIRST, 2), flightId: only, priceFrom: { bookingClass: 'Q' } },
    { date: addDays(FIRST, 4), flightId: cheap, priceFrom: { bookingClass: 'L' } },
  ])
  expect([dear, later]).not.toContain(forTwo[1].flightId)
  expect(await days('origin=BOG&destination=MTR')).toHaveLength(3)

  const { body } = await api.request(
    'GET',
    `/v1/flights?origin=BOG&destination=MTR&adults=2&date=${addDays(FIRST, 4)}`,
  )
  const prices = body.outbound.flights.map(({ priceFrom }: { priceFrom: object }) => priceFrom)
  expect(prices).toContainEqual(forTwo[1].priceFrom)
  const totals = prices.map(({ total }: { total: number }) => total)
  expect(forTwo[1].priceFrom.total).toBe(Math.min(...totals))
})

it.each([
  ['MAD', 'BOG'],
  ['BOG', 'MAD'],
])('begins and ends the month at local midnight: %s–%s', async (origin, destination) => {
  const at = async (date: string, time: string) =>
    (await scheduleTestFlight({ origin, destination, date, time, blockMinutes: 600 })).id
  await at(addDays(FIRST, -1), '23:30')
  const first = await at(FIRST, '00:10')
  const last = await at(LAST, '23:30')
  await at(addDays(LAST, 1), '00:10')
  expect(await days(`origin=${origin}&destination=${destination}`)).toMatchObject([
    { date: FIRST, flightId: first },
    { date: LAST, flightId: last },
  ])
})

it('has no days in a month that has passed, or without flights', async () => {
  expect(await days('origin=BOG&destination=SMR')).toEqual([])
  const { body } = await api.request('GET', '/v1/cheapest-days?origin=BOG&destination=MTR&month=2020-02')
  expect(body.days).toEqual([])
})

it('refuses an airport that it does not know, and what is no month', async () => {
  const ask = (query: string) => () => api.request('GET', `/v1/cheapest-days?${query}`)
  await expectRefusal(ask(`origin=XXX&destination=MTR&month=${MONTH}`), 422, 'unknown-airport', {
    parameter: 'origin',
  })
  await expectRefusal(ask(`origin=BOG&destination=YYY&month=${MONTH}`), 422, 'unknown-airport', {
    parameter: 'destination',
  })
  await expectRefusal(ask(`origin=BOG&destination=BOG&month=${MONTH}`), 422, 'invalid-request', {
    parameter: 'destination',
  })
  await expectRefusal(ask('origin=BOG&destination=MTR&month=2027-13'), 422, 'invalid-request', {
    parameter: 'month',
  })
})
