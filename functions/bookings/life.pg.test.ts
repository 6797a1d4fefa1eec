import { beforeAll, describe, expect, it } from 'vitest'
import { addDays } from '../../shared/dates.ts'
import { newUuid, publicId, uuidOf } from '../../shared/ids.ts'
import { database } from '../../shared/postgres/client.ts'
import { useApi } from '../../tests/support/api.ts'
import { today } from '../../tests/support/dates.ts'
import { scheduleTestFlight } from '../../tests/support/flights.ts'
import { ADULT, expectMade, orderOf, sales } from '../../tests/support/orders.ts'
import { type Held, inCash, passDeadline, paying } from '../../tests/support/paying.ts'
import {
  BOOKING_STATES,
  BOOKING_STEPS,
  type BookingState,
  type BookingStep,
  COUPON_STATES,
  COUPON_STEPS,
  type CouponState,
  type CouponStep,
  stepBooking,
  stepCoupon,
} from './life.ts'
import { schedule as expireHolds } from './schedules/expire-holds.ts'

/** Every state × step of the tables is driven through what acts in the database, so that the two cannot part. */

const api = useApi()
const { hold, pay } = paying(api)
const AGENT = { role: 'agent' } as const
const day = addDays(today(), 30)
let flight: { id: string; uuid: string }
let other: { id: string; uuid: string }
beforeAll(async () => {
  flight = await scheduleTestFlight({ origin: 'BOG', destination: 'CTG', date: day })
  other = await scheduleTestFlight({ origin: 'BOG', destination: 'CTG', date: addDays(day, 1) })
})

const payInCash = (held: Held) => pay(held, inCash(held, newUuid()), AGENT)
const expire = async (held: Held) => {
  await passDeadline(held)
  await expireHolds.run()
}

/** Cancels past the refund's rules: what is asked here is what state the booking must be in. */
async function cancel(held: Held): Promise<string | null> {
  const refundQuoteId = newUuid()
  await database()`
    insert into bookings.refund_quotes (id, booking_id, booking_version, expires_at, currency, refund, lines)
    select ${refundQuoteId}, id, version, now() + interval '1 hour', ${held.currency}, 0, '[]'
    from bookings.bookings where id = ${held.id}`
  const path = `/v1/bookings/${held.locator}/cancellation`
  const body = { refundQuoteId: publicId('refundQuote', refundQuoteId) }
  return codeOf(await api.request('POST', path, { ...AGENT, body }))
}

/** Moves the booking to the other flight, by a change that costs nothing. */
async function change({ id, currency }: Held): Promise<string | null> {
  const sql = database()
  const { quoteId } = expectMade(await sales(api).quote(orderOf([other.id], [ADULT])))
  const changeId = newUuid()
  await sql`
    insert into bookings.changes (id, booking_id, booking_version, quote_id, expires_at, currency, due, lines, passengers,
      seats, surname_hashes)
    select ${changeId}, b.id, b.version, ${uuidOf(quoteId)}, now() + interval '1 hour', ${currency}, 0, '[]',
      (select jsonb_agg(jsonb_build_object('number', p.number, 'type', p.type, 'givenNames', p.given_names,
        'surnames', to_jsonb(p.surnames), 'birthDate', p.birth_date)) from bookings.passengers p where p.booking_id = b.id),
      '[]', b.surname_hashes
    from bookings.bookings b where b.id = ${id}`
  const [made] = await sql<{ refusal: string | null }[]>`
    select bookings.apply_change(${changeId}, 'test', ${newUuid()}, null) as refusal`
  return made?.refusal ?? null
}

const codeOf = ({ status, body }: { status: number; body: { code?: string } }): string | null =>
  status < 300 ? null : String(body.code)

const stateOf = async ({ id }: Held) => {
  const [row] = await database()<{ status: BookingState; version: number }[]>`
    select status, version from bookings.bookings where id = ${id}`
  return row
}

describe.each(BOOKING_STATES)('a booking that is %s', (state) => {
  async function inState(): Promise<Held> {
    const held = await hold(flight.id)
    if (state === 'confirmed') expectMade(await payInCash(held))
    if (state === 'cancelled') await cancel(held)
    if (state === 'expired') await expire(held)
    expect((await stateOf(held))?.status).toBe(state)
    return held
  }
  const act: Record<BookingStep, (held: Held) => Promise<string | null>> = {
    confirm: async (held) => codeOf(await payInCash(held)),
    expire: async (held) => {
      await expire(held)
      return (await stateOf(held))?.status === 'expired' && state === 'held' ? null : 'not-held'
    },
    cancel,
    change,
  }

  it.each(BOOKING_STEPS)('%s', async (step) => {
    const held = await inState()
    const before = await stateOf(held)
    const refusal = await act[step](held)
    const after = await stateOf(held)
    const expected = stepBooking(state, step)
    expect(refusal).toBe(expected.type === 'refused' ? expected.why : null)
    expect(after?.status).toBe(expected.type === 'becomes' ? expected.state : state)
    expect((after?.version ?? 0) - (before?.version ?? 0)).toBe(expected.type === 'becomes' ? 1 : 0)
  })

  it('gives money that comes too late back, and stays as it is', async () => {
    if (state === 'held') return
    const held = await inState()
    const id = newUuid()
    const sql = database()
    await sql`
      insert into bookings.payments (id, booking_id, purpose, method, provider, amount, currency, paid_by)
      values (${id}, ${held.id}, 'booking', 'card', 'test-card', ${held.total}, ${held.currency}, 'test')`
    const before = await stateOf(held)
    const [settled] = await sql<{ outcome: string }[]>`
      select bookings.settle_payment(${id}, 'captured', 'ref', null, ${newUuid()}) as outcome`
    expect(settled?.outcome).toBe('given-back')
    expect(await stateOf(held)).toEqual(before)
  })
})

describe.each(COUPON_STATES)('a coupon that is %s', (state) => {
  /** A paid booking of one coupon, tomorrow, when check-in is open. */
  async function inState(): Promise<{ held: Held; on: { id: string; uuid: string } }> {
    const on = await scheduleTestFlight({
      origin: 'BOG',
      destination: 'CTG',
      date: addDays(today(), 1),
      time: '23:00',
    })
    const held = await hold(on.id)
    expectMade(await payInCash(held))
    await database()`update bookings.coupons set status = ${state} where booking_id = ${held.id}`
    return { held, on }
  }
  const couponOf = async ({ id }: Held, on: string): Promise<CouponState | undefined> => {
    const [row] = await database()<{ status: CouponState }[]>`
      select status from bookings.coupons where booking_id = ${id} and flight_id = ${on}`
    return row?.status
  }
  const board = ({ locator }: Held, on: string) =>
    api.request('POST', `/v1/flights/${on}/boarding`, { ...AGENT, body: { locator, passenger: 1 } })
  const close = (on: string) => database()`select bookings.use_coupons(${on})`
  const act: Record<CouponStep, (held: Held, on: { id: string; uuid: string }) => Promise<unknown>> = {
    'check-in': ({ locator }) =>
      api.request('POST', `/v1/bookings/${locator}/check-in`, {
        ...AGENT,
        body: { passengers: [1], segment: 1 },
      }),
    // Without having boarded nobody flies.
    fly: async (held, on) => {
      if ((await board(held, on.id)).status < 300) await close(on.uuid)
    },
    miss: (_, on) => close(on.uuid),
    exchange: change,
    refund: cancel,
  }

  it.each(COUPON_STEPS)('%s', async (step) => {
    const { held, on } = await inState()
    await act[step](held, on)
    const expected = stepCoupon(state, step)
    expect(await couponOf(held, on.uuid)).toBe(expected.type === 'becomes' ? expected.state : state)
  })
})
