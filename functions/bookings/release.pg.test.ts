import { beforeAll, describe, expect, it } from 'vitest'
import { EVENTS } from '../../shared/events/index.ts'
import { uuidOf } from '../../shared/ids.ts'
import { database } from '../../shared/postgres/client.ts'
import { countDeadlocks } from '../../tests/concurrency/deadlocks.ts'
import { useApi } from '../../tests/support/api.ts'
import { cancelling, couponsOf, eventsOf, flightIn, inventory } from '../../tests/support/cancelling.ts'
import { ADULT, expectMade, orderOf, peopleOf, sales } from '../../tests/support/orders.ts'
import { schedule as expireHolds } from './schedules/expire-holds.ts'

const api = useApi()
const { hold } = cancelling(api)
let flight = ''
beforeAll(async () => {
  flight = (await flightIn(30)).id
})

describe('holds that expire', () => {
  it('give back all of theirs together, and tell it', async () => {
    const before = await inventory()
    const [one, other] = [await hold(flight), await hold(flight)]
    await database()`
      update bookings.bookings set pay_by = now() - interval '1 second' where id in (${one.id}, ${other.id})`
    await Promise.all([expireHolds.run(), expireHolds.run()])
    expect(await inventory()).toBe(before)
    for (const held of [one, other]) {
      expect(await couponsOf(held)).toEqual(['refunded'])
      const told = (await eventsOf(held)).at(-1)
      expect(told).toMatchObject({ type: 'bookings.booking-expired.v1', version: 2, data: { released: [1] } })
      const data = EVENTS['bookings.booking-expired.v1'].parse(told?.data)
      expect(data).toEqual(told?.data)
    }
  })

  it('do not wait in a circle with bookings of the same flights the other way round', async () => {
    const out = await flightIn(50)
    const back = await flightIn(52, { origin: 'CTG', destination: 'BOG' })
    const holdOn = async (flights: string[]) => {
      const order = orderOf(flights, [ADULT])
      return uuidOf(expectMade(await sales(api).book({ order, ...peopleOf(1) })).bookingId)
    }
    for (let round = 0; round < 5; round++) {
      const ids = [await holdOn([back.id]), await holdOn([out.id]), await holdOn([out.id, back.id])]
      await database()`
        update bookings.bookings set pay_by = now() - interval '1 second' where id = any (${ids}::uuid[])`
      const order = orderOf([out.id, back.id], [ADULT])
      const [, ...made] = await Promise.all([
        expireHolds.run(),
        sales(api).book({ order, ...peopleOf(1) }),
        sales(api).book({ order, ...peopleOf(1) }),
      ])
      expect(made.map(({ status }) => status)).toEqual([201, 201])
    }
    expect(await countDeadlocks()).toBe(0)
  })
})
