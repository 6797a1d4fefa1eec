import { describe, expect, it } from 'vitest'
import { database } from '../../../shared/postgres/client.ts'
import { useApi } from '../../../tests/support/api.ts'
import { ADMIN, AGENT, erasing } from '../../../tests/support/erasing.ts'
import { expectRefusal } from '../../../tests/support/refusal.ts'

const { makeBooking, fly, makeFlown, erase } = erasing(useApi())
const refusedBecause = async (locator: string, because: string) => {
  const { body } = await expectRefusal(() => erase(locator), 409, 'erasure-too-early')
  expect(body.because).toBe(because)
}

describe('is refused', () => {
  it('while the booking is held', async () => {
    const made = await makeBooking('')
    await fly(made)
    await refusedBecause(made.locator, 'held')
  })

  it.each(['open', 'checked-in', 'flown', 'no-show'])(
    'while a flight is to come whose coupon is %s',
    async (status) => {
      const { locator, id } = await makeBooking()
      await database()`update bookings.coupons set status = ${status} where booking_id = ${id} and number = 1`
      await database()`update bookings.coupons set status = 'refunded' where booking_id = ${id} and number = 2`
      await refusedBecause(locator, 'flight-to-come')
    },
  )

  it('while the flight is in the air', async () => {
    const made = await makeFlown()
    await database()`update flights.flights set arrives_at = now() + interval '5 minutes' where id = ${made.flight}`
    await refusedBecause(made.locator, 'flight-to-come')
  })

  it('while the outcome of a payment is not known', async () => {
    const { locator, id } = await makeFlown()
    await database()`
      insert into bookings.payments (id, booking_id, purpose, method, provider, amount, currency, paid_by)
      values (gen_random_uuid(), ${id}, 'booking', 'card', 'test', 1, 'COP', 'public')`
    await refusedBecause(locator, 'money-pending')
  })

  it('while money is to be given back', async () => {
    const { locator, id } = await makeFlown()
    await database()`
      insert into bookings.refunds (id, booking_id, payment_id, amount, currency, reason)
      select gen_random_uuid(), booking_id, id, 1, currency, 'cancelled' from bookings.payments where booking_id = ${id}`
    await refusedBecause(locator, 'money-pending')
  })

  it('for another version, a locator that is not there, and everybody but administrators', async () => {
    const { locator } = await makeFlown()
    await expectRefusal(
      () => erase(locator, { ...ADMIN, headers: { 'if-match': '"2"' } }),
      412,
      'version-stale',
    )
    await expectRefusal(() => erase('ZZZZZ2'), 404, 'booking-not-found')
    await expectRefusal(() => erase(locator, AGENT), 403, 'role-missing')
    expect((await erase(locator, { ...ADMIN, headers: { 'if-match': '"1"' } })).status).toBe(200)
  })
})

describe('what is append-only stays so', () => {
  const refused = { code: '23001', message: expect.stringMatching(/append-only$/) }

  it('history and money, after an erasure too', async () => {
    const { locator, id } = await makeFlown()
    await erase(locator)
    const sql = database()
    await expect(sql`update bookings.history set actor = 'x' where booking_id = ${id}`).rejects.toMatchObject(
      refused,
    )
    await expect(sql`delete from bookings.history where booking_id = ${id}`).rejects.toMatchObject(refused)
    await expect(sql`update bookings.money set amount = 1 where booking_id = ${id}`).rejects.toMatchObject(
      refused,
    )
    await expect(sql`delete from bookings.money where booking_id = ${id}`).rejects.toMatchObject(refused)
  })

  it('documents, but for a payer who is erased', async () => {
    const { id } = await makeFlown()
    const sql = database()
    const erased = sql.json({ name: 'ERASED' })
    await expect(sql`delete from bookings.documents where booking_id = ${id}`).rejects.toMatchObject(refused)
    await expect(
      sql`update bookings.documents set payer = ${sql.json({ name: 'Another' })} where booking_id = ${id}`,
    ).rejects.toMatchObject(refused)
    await expect(sql`update bookings.documents set total = 1 where booking_id = ${id}`).rejects.toMatchObject(
      refused,
    )
    await expect(
      sql`update bookings.documents set payer = ${erased}, total = total + 1 where booking_id = ${id}`,
    ).rejects.toMatchObject(refused)
    await sql`update bookings.documents set payer = ${erased} where booking_id = ${id}`
  })
})
