import { beforeEach, describe, expect, it } from 'vitest'
import { addDays } from '../../../shared/dates.ts'
import { EVENTS } from '../../../shared/events/index.ts'
import { database } from '../../../shared/postgres/client.ts'
import { useApi } from '../../../tests/support/api.ts'
import { today } from '../../../tests/support/dates.ts'
import { scheduleTestFlight } from '../../../tests/support/flights.ts'
import {
  ADULT,
  CABIN_DOG,
  expectMade,
  infant,
  orderOf,
  peopleOf,
  sales,
} from '../../../tests/support/orders.ts'
import { byCard, passDeadline, paying } from '../../../tests/support/paying.ts'
import { expectRefusal } from '../../../tests/support/refusal.ts'
import { schedule } from './expire-holds.ts'

const api = useApi()
const { hold, pay, read } = paying(api)
const { book } = sales(api)

let flight: { id: string; uuid: string }
beforeEach(async () => {
  flight = await scheduleTestFlight({
    origin: 'BOG',
    destination: 'ADZ',
    date: addDays(today(), 30),
    seats: 30,
  })
})

const sold = async () => {
  const [row] = await database()`
    select i.sold, i.class_sold, s.infant_sold, s.petc_sold
    from flights.cabin_inventory i join flights.service_inventory s on s.flight_id = i.flight_id
    where i.flight_id = ${flight.uuid}`
  return [row?.sold, Math.max(...(row?.class_sold ?? [])), row?.infant_sold, row?.petc_sold]
}

it('gives back seats, laps and pets of a hold that was not paid in time, and tells of it', async () => {
  const order = orderOf([flight.id], [ADULT, infant()], { pets: [CABIN_DOG] })
  const { locator, bookingId } = expectMade(await book({ order, ...peopleOf(2) }))
  const held = { ...(await hold(flight.id)), locator }
  expect(await sold()).toEqual([2, 2, 1, 1])
  await database()`
    update bookings.bookings set pay_by = now() - interval '1 second' where locator = ${locator}`
  await schedule.run()
  expect(await sold()).toEqual([1, 1, 0, 0])
  const path = `/v1/bookings/${held.locator}`
  const { body } = await api.request('GET', path, { role: 'agent' })
  expect(body).toMatchObject({ status: 'expired', version: 2 })
  const coupons: { status: string }[] = body.coupons
  expect(coupons.map(({ status }) => status)).toEqual(['refunded', 'refunded'])
  const [event] = await database()`
    select type, version, data from platform.outbox where subject = ${bookingId} order by id desc limit 1`
  expect(event).toMatchObject({ type: 'bookings.booking-expired.v1', version: 2 })
  expect(EVENTS['bookings.booking-expired.v1'].parse(event?.data)).toEqual(event?.data)
})

it('leaves holds whose time is not over, and bookings that are paid', async () => {
  const [open, paid] = [await hold(flight.id), await hold(flight.id)]
  expect((await pay(paid, byCard(paid))).status).toBe(201)
  await schedule.run()
  expect(await read(open, '')).toMatchObject({ status: 'held', version: 1 })
  expect(await read(paid, '')).toMatchObject({ status: 'confirmed', version: 2 })
})

describe('a backlog', () => {
  it('is ended once, by several places at once, and the seats are on sale again', async () => {
    const many = []
    for (let n = 0; n < 25; n++) many.push(await hold(flight.id))
    await Promise.all(many.map(passDeadline))
    await Promise.all([schedule.run(), schedule.run(), schedule.run()])
    await schedule.run()
    expect(await sold()).toEqual([0, 0, 0, 0])
    const rows = await database()`
      select version, status, (select count(*) from bookings.history h where h.booking_id = b.id) as steps
      from bookings.bookings b where id = any (${many.map(({ id }) => id)}::uuid[])`
    expect(rows).toHaveLength(25)
    for (const row of rows) expect(row).toMatchObject({ version: 2, status: 'expired', steps: 1 })
    await hold(flight.id)
  })
})

it('and a payment at the same time: the one or the other, never both', async () => {
  for (let n = 0; n < 5; n++) {
    const held = await hold(flight.id)
    const [paid] = await Promise.all([pay(held, byCard(held)), passDeadline(held).then(() => schedule.run())])
    const { status } = await read(held, '')
    const { collected, refundsPending } = await read(held, 'payments')
    if (paid.status === 409) expect([status, collected]).toEqual(['expired', 0])
    else if (status === 'confirmed') expect([collected, refundsPending]).toEqual([held.total, 0])
    else expect([status, collected, refundsPending]).toEqual(['expired', held.total, held.total])
  }
})

it('leaves nothing to be paid', async () => {
  const held = await hold(flight.id)
  await passDeadline(held)
  await schedule.run()
  await expectRefusal(() => pay(held, byCard(held)), 409, 'hold-expired')
})
