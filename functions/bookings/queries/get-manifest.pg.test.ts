import { beforeAll, expect, it } from 'vitest'
import { uuidOf } from '../../../shared/ids.ts'
import { database } from '../../../shared/postgres/client.ts'
import { useApi } from '../../../tests/support/api.ts'
import { scheduleTestFlight } from '../../../tests/support/flights.ts'
import { bookHeld, inDays } from '../../../tests/support/operations.ts'
import {
  ADULT,
  birthDateFor,
  CABIN_DOG,
  expectMade,
  infant,
  orderOf,
  peopleOf,
  sales,
} from '../../../tests/support/orders.ts'
import { expectRefusal } from '../../../tests/support/refusal.ts'

const api = useApi()
const DAY = inDays(9)
const CHILD = birthDateFor(8, DAY)
let flight: string
const locators: string[] = []
const ask = (of = flight, headers: Record<string, string> = {}) =>
  api.request('GET', `/v1/flights/${of}/manifest`, { role: 'agent', headers })

beforeAll(async () => {
  flight = (await scheduleTestFlight({ origin: 'BOG', destination: 'ADZ', date: DAY })).id
  const book = async (surname: string, birthDates: string[], more: object = {}) => {
    const body = {
      order: orderOf([flight], birthDates, more),
      ...peopleOf(birthDates.length, surname),
      account: 'MOSTRADOR',
    }
    const { locator, bookingId } = expectMade(await sales(api).book(body, { role: 'agent' }))
    locators.push(locator)
    return uuidOf(bookingId)
  }
  await book('Zapata', [ADULT])
  const family = await book('Ñáñez', [ADULT, ADULT, infant(), CHILD], { pets: [CABIN_DOG] })
  await book('Nieto', [ADULT])
  await bookHeld(api, [flight], [ADULT])
  const sql = database()
  await sql`update bookings.passengers set accompanied_by = 2 where booking_id = ${family} and number = 3`
  await sql`
    update bookings.coupons set status = 'checked-in', boarded_at = '2026-12-01T10:00:00Z'
    where booking_id = ${family} and passenger = 1`
  await sql`
    insert into bookings.seats (flight_id, seat, booking_id, passenger)
    values (${uuidOf(flight)}, '4A', ${family}, 1)`
})

it('lists who is on the flight, infants after their adults, with pets and services', async () => {
  const { status, headers, body } = await ask()
  expect(status).toBe(200)
  expect(headers.vary).toContain('Accept')
  expect(body.totals).toEqual({ seated: 5, infants: 1, checkedIn: 1, boarded: 1, petc: 1, avih: 0 })
  const family = locators[1]
  expect(
    body.passengers.map((one: Record<string, unknown>) => [
      one.locator,
      one.passenger,
      one.type,
      one.ssr,
      one.accompaniedBy,
    ]),
  ).toEqual([
    [locators[2], 1, 'ADT', [], null],
    [family, 1, 'ADT', ['PETC'], null],
    [family, 2, 'ADT', ['INFT'], null],
    [family, 3, 'INF', [], 2],
    [family, 4, 'CHD', ['CHLD'], expect.toSatisfy((by) => by === null || by === 1 || by === 2)],
    [locators[0], 1, 'ADT', [], null],
  ])
  expect(body.passengers[1]).toMatchObject({
    surnames: ['Ñáñez'],
    givenNames: 'María José',
    seat: '4A',
    status: 'checked-in',
    boardedAt: '2026-12-01T10:00:00.000Z',
    pets: [{ service: 'PETC', species: 'dog', breed: 'beagle', weightKg: 8 }],
  })
})

it('is CSV for who asks for it, a row a passenger', async () => {
  const { status, headers, body } = await ask(flight, { accept: 'text/csv' })
  expect(status).toBe(200)
  expect(headers['content-type']).toBe('text/csv; charset=utf-8')
  const lines = body.split('\r\n')
  expect(lines).toHaveLength(8)
  expect(lines[0]).toBe(
    'flight,date,locator,passenger,surnames,givenNames,type,birthDate,cabin,class,seat,status,boardedAt,accompaniedBy,ssr,pets',
  )
  expect(lines[2]).toMatch(
    new RegExp(
      `^T9\\d+,${DAY},${locators[1]},1,Ñáñez,María José,ADT,1990-05-17,Y,[A-Z],4A,checked-in,2026-12-01T10:00:00.000Z,,PETC,PETC dog beagle 8 kg$`,
    ),
  )
  // Who takes both gets JSON, and a refusal is one as ever.
  expect((await ask(flight, { accept: 'text/csv, application/json' })).headers['content-type']).toBe(
    'application/json',
  )
  const unknown = 'flt_019abcde000070008000000000000001'
  await expectRefusal(() => ask(unknown, { accept: 'text/csv' }), 404, 'unknown-flight')
})
