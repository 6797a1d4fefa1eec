import { beforeEach, describe, expect, it } from 'vitest'
import { uuidOf } from '../../../shared/ids.ts'
import { database } from '../../../shared/postgres/client.ts'
import { useApi } from '../../../tests/support/api.ts'
import { scheduleTestFlight } from '../../../tests/support/flights.ts'
import { CANCEL, departIn, flightEvents, inDays } from '../../../tests/support/operations.ts'
import { expectRefusal } from '../../../tests/support/refusal.ts'

const api = useApi()
const DAY = inDays(30)
let flight: string
beforeEach(async () => {
  await database()`truncate platform.outbox`
  const given = { origin: 'BOG', destination: 'MAD', date: DAY, time: '18:00', blockMinutes: 600 }
  flight = (await scheduleTestFlight(given)).id
})

const times = (date: string, time: string, arrivalDate: string, arrivalTime: string) => ({
  departsAt: { date, time },
  arrivesAt: { date: arrivalDate, time: arrivalTime },
  reason: 'technical',
})
const retime = (body: object, of = flight) =>
  api.request('POST', `/v1/flights/${of}/retiming`, { role: 'admin', body })
const stored = async () => {
  const [row] = await database()`
    select version, departure_date, departs_at, arrives_at, sales_close_at
    from flights.flights join flights.cabin_inventory on flight_id = id where id = ${uuidOf(flight)}`
  return row
}

it('moves the flight, its day and the end of its sale; each time is local to its airport', async () => {
  const before = await stored()
  const next = inDays(31)
  const answer = await retime(times(next, '01:30', next, '17:45'))
  // Bogotá is five hours behind UTC; Madrid one or two hours before it.
  const departsAt = new Date(`${next}T01:30:00-05:00`)
  expect(answer).toMatchObject({ status: 200, body: { version: 2, departsAt: departsAt.toISOString() } })
  const hours = (Date.parse(answer.body.arrivesAt) - departsAt.getTime()) / 3_600_000
  expect([10.25 - 1, 10.25]).toContain(hours)
  expect(await stored()).toEqual({
    version: 2,
    departure_date: next,
    departs_at: departsAt,
    arrives_at: new Date(answer.body.arrivesAt),
    sales_close_at: new Date(departsAt.getTime() - 3_600_000),
  })
  expect(before?.departs_at).not.toEqual(departsAt)
})

it('tells it once, with the times before', async () => {
  const before = await stored()
  const key = crypto.randomUUID()
  const body = times(DAY, '20:00', inDays(31), '12:00')
  const path = `/v1/flights/${flight}/retiming`
  await api.request('POST', path, { role: 'admin', body, key })
  const again = await api.request('POST', path, { role: 'admin', body, key })
  expect(again).toMatchObject({ status: 200, headers: { 'idempotent-replayed': 'true' } })
  const events = await flightEvents()
  expect(events).toMatchObject([
    {
      type: 'flights.flight-retimed.v1',
      subject: flight,
      version: 2,
      data: {
        version: 2,
        reason: 'technical',
        before: { departsAt: before?.departs_at.toISOString(), departureDate: DAY },
      },
    },
  ])
})

describe('refuses', () => {
  it('an unknown flight', async () => {
    const unknown = 'flt_019abcde000070008000000000000001'
    await expectRefusal(
      () => retime(times(DAY, '20:00', inDays(31), '12:00'), unknown),
      404,
      'unknown-flight',
    )
  })

  it.each([
    ['a time that has passed', times(inDays(-1), '10:00', inDays(-1), '23:00'), 422, 'date-in-past'],
    [
      'a day that is not on sale yet',
      times(inDays(400), '10:00', inDays(401), '01:00'),
      422,
      'date-beyond-horizon',
    ],
    ['an arrival before the departure', times(DAY, '10:00', DAY, '09:00'), 422, 'block-time-unfit'],
    ['more than 20 hours', times(DAY, '10:00', inDays(32), '10:00'), 422, 'block-time-unfit'],
    ['a time that is none', times(DAY, '24:00', inDays(31), '10:00'), 422, 'invalid-request'],
    [
      'a reason that is not in the list',
      { ...times(DAY, '20:00', inDays(31), '9:00'), reason: 'x' },
      422,
      'invalid-request',
    ],
  ])('%s', async (_, body, status, code) => {
    const before = await stored()
    await expectRefusal(() => retime(body), status, code)
    expect(await stored()).toEqual(before)
  })

  it('the times that it has', async () => {
    const same = await stored()
    const local = (at: Date, zone: string) =>
      at.toLocaleString('sv', { timeZone: zone }).slice(0, 16).split(' ')
    const [d1 = '', t1 = ''] = local(same?.departs_at, 'America/Bogota')
    const [d2 = '', t2 = ''] = local(same?.arrives_at, 'Europe/Madrid')
    await expectRefusal(() => retime(times(d1, t1, d2, t2)), 409, 'flight-unchanged')
  })

  it('a day on which its number flies already', async () => {
    const [own] = await database()`select flight_number from flights.flights where id = ${uuidOf(flight)}`
    const next = inDays(33)
    await scheduleTestFlight({
      origin: 'BOG',
      destination: 'MAD',
      date: next,
      flightNumber: own?.flight_number,
    })
    await expectRefusal(() => retime(times(next, '10:00', inDays(34), '02:00')), 409, 'flight-number-taken')
  })

  it('a flight that has left', async () => {
    await departIn(flight, -1)
    await expectRefusal(() => retime(times(DAY, '20:00', inDays(31), '12:00')), 409, 'flight-departed')
  })

  it('a cancelled one', async () => {
    const path = `/v1/flights/${flight}/cancellation`
    await api.request('POST', path, { role: 'admin', body: CANCEL('refund') })
    const said = await expectRefusal(
      () => retime(times(DAY, '20:00', inDays(31), '12:00')),
      409,
      'flight-not-scheduled',
    )
    expect(said.body.flightStatus).toBe('cancelled')
  })
})
