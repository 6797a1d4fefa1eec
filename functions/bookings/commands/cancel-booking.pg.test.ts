import { beforeAll, describe, expect, it } from 'vitest'
import { EVENTS } from '../../../shared/events/index.ts'
import { newUuid, publicId, uuidOf } from '../../../shared/ids.ts'
import { database } from '../../../shared/postgres/client.ts'
import { useApi } from '../../../tests/support/api.ts'
import {
  cancelling,
  couponsOf,
  depart,
  eventsOf,
  flightIn,
  inventory,
} from '../../../tests/support/cancelling.ts'
import { expectMade, sales } from '../../../tests/support/orders.ts'
import { type Held, inCash, paying } from '../../../tests/support/paying.ts'
import { expectRefusal } from '../../../tests/support/refusal.ts'

const api = useApi()
const { hold, payByCard, pay, quote, quoted, cancel, confirmed, wholeParty } = cancelling(api)
const { read } = paying(api)
const AGENT = { role: 'agent' } as const
let flight = ''
beforeAll(async () => {
  flight = (await flightIn(30)).id
})

describe('a booking that is held', () => {
  it('gives nothing back, and its inventory exactly', async () => {
    const { held, before } = await wholeParty()
    expect(await inventory()).not.toBe(before)
    const offer = await quoted(held)
    expect(offer).toMatchObject({ version: 1, refund: 0, retained: 0, lines: [] })
    const { status, headers, body } = await cancel(held, offer.refundQuoteId)
    expect(status).toBe(200)
    expect(headers.etag).toBe('"2"')
    expect(body).toMatchObject({ status: 'cancelled', version: 2, refund: 0 })
    expect(await inventory()).toBe(before)
    expect(new Set(await couponsOf(held))).toEqual(new Set(['refunded']))
    expect(await read(held, '')).toMatchObject({ status: 'cancelled', version: 2 })
    expect(await read(held, 'payments')).toMatchObject({ refunds: [] })
  })

  it('is quoted no longer than it is held', async () => {
    const held = await hold(flight)
    const payBy = new Date(Date.now() + 60_000)
    await database()`update bookings.bookings set pay_by = ${payBy} where id = ${held.id}`
    expect(new Date((await quoted(held)).expiresAt)).toEqual(payBy)
  })

  it('outdates the quote by being paid', async () => {
    const held = await hold(flight)
    const { refundQuoteId } = await quoted(held)
    await payByCard(held)
    await expectRefusal(() => cancel(held, refundQuoteId), 409, 'refund-quote-outdated')
    expect(await couponsOf(held)).toEqual(['open'])
  })
})

describe('a booking that is paid', () => {
  it('gives back what the quote says, line by line, and its inventory exactly', async () => {
    const { held, before } = await wholeParty()
    await payByCard(held)
    const offer = await quoted(held)
    const lines: {
      paid: number
      amount: number
      retained: number
      kind: string
      ground: string
      source: string
    }[] = offer.lines
    const total = (of: (line: (typeof lines)[number]) => number) =>
      lines.reduce((sum, line) => sum + of(line), 0)
    expect(total(({ paid }) => paid)).toBe(held.total)
    expect(total(({ amount }) => amount)).toBe(offer.refund)
    expect(total(({ retained }) => retained)).toBe(offer.retained)
    expect(offer.refund + offer.retained).toBe(held.total)
    // Bought just now at a distance, 40 days before a domestic flight.
    expect(new Set(lines.filter(({ kind }) => kind === 'fare').map(({ ground }) => ground))).toEqual(
      new Set(['retracto']),
    )
    expect(lines.find(({ kind }) => kind === 'fare')?.source).toContain('RAC 3')
    expect(offer.grounds.retracto.es).toBe('Derecho de retracto')
    const life = new Date(offer.expiresAt).getTime() - Date.now()
    expect(life).toBeGreaterThan(19 * 60_000)
    expect(life).toBeLessThanOrEqual(20 * 60_000)

    expect((await cancel(held, offer.refundQuoteId)).body).toMatchObject({ version: 3, refund: offer.refund })
    expect(await inventory()).toBe(before)
    expect(new Set(await couponsOf(held))).toEqual(new Set(['refunded']))
    expect(await read(held, 'payments')).toMatchObject({
      refundsPending: offer.refund,
      balance: offer.retained,
      refunds: [{ amount: offer.refund, reason: 'cancelled', status: 'pending' }],
    })
    const [kept] = await database()`select lines from bookings.refunds where booking_id = ${held.id}`
    expect(kept?.lines).toEqual(offer.lines)
  })

  it('tells an event that its schema parses whole', async () => {
    const { held } = await wholeParty()
    await payByCard(held)
    const offer = await quoted(held)
    await cancel(held, offer.refundQuoteId)
    const told = (await eventsOf(held)).at(-1)
    expect(told).toMatchObject({ type: 'bookings.booking-cancelled.v1', version: 3 })
    const data = EVENTS['bookings.booking-cancelled.v1'].parse(told?.data)
    expect(data).toEqual(told?.data)
    expect(data).toMatchObject({
      bookingId: publicId('booking', held.id),
      version: 3,
      confirmed: true,
      released: [1, 2],
      refund: offer.refund,
      refunded: offer.lines,
      total: held.total,
    })
  })

  it('is no distance sale when staff sold it', async () => {
    const booked = await sales(api).book(await sales(api).quotedBooking(flight, AGENT), AGENT)
    const { bookingId, locator, total, currency } = expectMade(booked)
    const held: Held = { id: uuidOf(bookingId), locator, total, currency, token: '' }
    expectMade(await pay(held, inCash(held, newUuid()), AGENT))
    const { grounds } = expectMade(await quote(held, AGENT))
    expect(Object.keys(grounds)).not.toContain('retracto')
  })

  it('flown in part, gives back what is ahead alone', async () => {
    const { held, before, flights } = await wholeParty()
    await payByCard(held)
    const [flown] = flights
    const sold = await inventory({ flight: flown })
    await database()`
      update bookings.coupons set status = 'flown' where booking_id = ${held.id} and flight_id = ${flown}`
    await depart(flown)
    const offer = await quoted(held)
    const ofFlown: { segment: number; amount: number; ground: string }[] = offer.lines.filter(
      ({ segment }: { segment: number }) => segment === 1,
    )
    expect(ofFlown.every(({ amount, ground }) => amount === 0 && ground === 'departed')).toBe(true)
    expect(offer.refund).toBeGreaterThan(0)
    await cancel(held, offer.refundQuoteId)
    expect(await couponsOf(held)).toEqual(['flown', 'flown', 'flown', 'refunded', 'refunded', 'refunded'])
    expect(await inventory({ flight: flown })).toBe(sold)
    const others = JSON.parse(before).filter((row: { flight_id: string }) => row.flight_id !== flown)
    expect(JSON.parse(await inventory({ but: flown }))).toEqual(others)
    expect((await eventsOf(held)).at(-1)?.data).toMatchObject({ released: [2] })
  })
})

describe('one key', () => {
  it('cancels once and replays', async () => {
    const held = await confirmed(flight)
    const { refundQuoteId } = await quoted(held)
    const key = crypto.randomUUID()
    const first = await cancel(held, refundQuoteId, { key })
    const again = await cancel(held, refundQuoteId, { key })
    expect(again.body).toEqual(first.body)
    expect(again.headers['idempotent-replayed']).toBe('true')
    expect(await eventsOf(held)).toHaveLength(3)
    const other = publicId('refundQuote', newUuid())
    await expectRefusal(() => cancel(held, other, { key }), 422, 'idempotency-key-reused')
  })

  it('replays a refusal', async () => {
    const held = await confirmed(flight)
    const key = crypto.randomUUID()
    const missing = publicId('refundQuote', newUuid())
    await expectRefusal(() => cancel(held, missing, { key }), 404, 'unknown-refund-quote')
    const again = await expectRefusal(() => cancel(held, missing, { key }), 404, 'unknown-refund-quote')
    expect(again.headers['idempotent-replayed']).toBe('true')
  })
})

it('is cancelled once by two at once, and its inventory returned once', async () => {
  const { held, before } = await wholeParty()
  await payByCard(held)
  const [one, other] = [await quoted(held), await quoted(held)]
  const answers = await Promise.all([cancel(held, one.refundQuoteId), cancel(held, other.refundQuoteId)])
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
  expect(answers.find(({ status }) => status === 409)?.body.code).toBe('booking-closed')
  expect(await inventory()).toBe(before)
  const refunds = await database()`select amount from bookings.refunds where booking_id = ${held.id}`
  expect(refunds).toMatchObject([{ amount: one.refund }])
})
