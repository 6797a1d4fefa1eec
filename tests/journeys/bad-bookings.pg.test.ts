import { beforeAll, describe, expect, it } from 'vitest'
import { addDays } from '../../shared/dates.ts'
import { uuidOf } from '../../shared/ids.ts'
import { database } from '../../shared/postgres/client.ts'
import { useApi } from '../support/api.ts'
import { today } from '../support/dates.ts'
import { scheduleTestFlight, type TestFlight } from '../support/flights.ts'
import { ADULT, orderOf, peopleOf, sales } from '../support/orders.ts'
import { expectRefusal, sameForAll } from '../support/refusal.ts'

const api = useApi()
const { quote, book, quotedBooking } = sales(api)
const DATE = addDays(today(), 20)
const PARTNER = { role: 'partner', subject: 'local-partner' } as const

const fly = async (flight: Partial<TestFlight> = {}) =>
  (await scheduleTestFlight({ origin: 'BOG', destination: 'ADZ', date: DATE, ...flight })).id

let flight: string
beforeAll(async () => {
  flight = await fly()
})

describe('refuses to book a quote', () => {
  it('after it expired', async () => {
    const body = await quotedBooking(flight)
    await database()`
      update bookings.quotes set expires_at = now() - interval '1 second' where id = ${uuidOf(body.quoteId)}`
    const as = { key: crypto.randomUUID() }
    const first = await expectRefusal(() => book(body, as), 409, 'quote-expired')
    const again = await expectRefusal(() => book(body, as), 409, 'quote-expired')
    expect(sameForAll(again)).toEqual(sameForAll(first))
    expect(again.headers['idempotent-replayed']).toBe('true')
  })

  it('twice; but a repeat of the first gets its success', async () => {
    const body = await quotedBooking(flight)
    const as = { key: crypto.randomUUID() }
    const first = await book(body, as)
    expect(first.status).toBe(201)
    await expectRefusal(() => book(body), 409, 'quote-used')
    const again = await book(body, as)
    expect(again).toMatchObject({ status: 201, headers: { 'idempotent-replayed': 'true' } })
    expect(again.body).toEqual(first.body)
  })

  it('that was never given', () =>
    expectRefusal(() => book({ quoteId: `quo_${'0'.repeat(32)}`, ...peopleOf(1) }), 404, 'unknown-quote'))

  it("that is another caller's", async () => {
    const body = await quotedBooking(flight, PARTNER)
    await expectRefusal(() => book(body), 404, 'unknown-quote')
    await expectRefusal(() => book(body, { ...PARTNER, subject: 'another' }), 404, 'unknown-quote')
    expect((await book(body, PARTNER)).status).toBe(201)
  })

  it('for other passengers than it has', async () => {
    const { quoteId } = await quotedBooking(flight)
    await expectRefusal(() => book({ quoteId, ...peopleOf(2) }), 409, 'passengers-mismatch')
  })

  it('when the last seats went to another', async () => {
    const small = await fly({ seats: 1 })
    const [one, other] = [await quotedBooking(small), await quotedBooking(small)]
    expect((await book(one)).status).toBe(201)
    const answer = await expectRefusal(() => book(other), 409, 'sold-out')
    expect(answer.body.flightId).toBe(small)
  })

  it('when its class was sold or closed meanwhile', async () => {
    const narrow = await fly({ limits: [180, 180, 180, 180, 1] })
    const [one, other, last] = [
      await quotedBooking(narrow),
      await quotedBooking(narrow),
      await quotedBooking(narrow),
    ]
    expect((await book(one)).status).toBe(201)
    await expectRefusal(() => book(other), 409, 'class-sold-out')
    const limits = ['Y', 'B', 'M', 'Q', 'L'].map((bookingClass) => {
      return { bookingClass, limit: bookingClass === 'L' ? 0 : 180 }
    })
    const path = `/v1/flights/${narrow}/class-limits`
    const change = await api.request('PUT', path, { role: 'revenue', body: { cabin: 'Y', limits } })
    expect(change.status, JSON.stringify(change.body)).toBe(200)
    await expectRefusal(() => book(last), 409, 'class-closed')
  })

  it('when the flight has left meanwhile', async () => {
    const leaving = await fly()
    const body = await quotedBooking(leaving)
    await database()`
      update flights.cabin_inventory set sales_close_at = now() where flight_id = ${uuidOf(leaving)}`
    const answer = await expectRefusal(() => book(body), 409, 'flight-not-bookable')
    expect(answer.body.flightId).toBe(leaving)
  })

  it('on an account of another partner, or as nobody', async () => {
    const as = { ...PARTNER, subject: 'another' }
    const theirs = { ...(await quotedBooking(flight, as)), account: 'AGENCIA1' }
    await expectRefusal(() => book(theirs, as), 409, 'account-unusable')
    const nobodys = { ...(await quotedBooking(flight)), account: 'AGENCIA1' }
    await expectRefusal(() => book(nobodys), 409, 'account-unusable')
    const unknown = { ...(await quotedBooking(flight, PARTNER)), account: 'NINGUNA' }
    await expectRefusal(() => book(unknown, PARTNER), 409, 'account-unusable')
  })
})

describe('refuses to book at a price that changed', () => {
  /** Books an order at a total that is no longer its price, then takes the new one. */
  async function expectNewPrice(order: object, expectedTotal: number, difference: number): Promise<void> {
    const people = peopleOf(1)
    const as = { key: crypto.randomUUID() }
    const ask = () => book({ order, expectedTotal, ...people }, as)
    const { body: first } = await expectRefusal(ask, 409, 'price-changed')
    expect(first).toMatchObject({ total: expectedTotal + difference, currency: 'COP' })
    expect(Date.parse(first.expiresAt)).toBeGreaterThan(Date.now())
    const { requestId: _, ...same } = first
    expect((await expectRefusal(ask, 409, 'price-changed')).body).toMatchObject(same)

    const taken = await book({ quoteId: first.quoteId, ...people })
    expect(taken).toMatchObject({ status: 201, body: { status: 'held', total: first.total } })
  }

  it('because a fare did', async () => {
    const order = orderOf([await fly({ origin: 'CTG' })], [ADULT], { bookingClass: 'M' })
    const { total, lines } = (await quote(order)).body
    const filed = lines.find(({ kind }: { kind: string }) => kind === 'fare')
    const fare = {
      origin: 'CTG',
      destination: 'ADZ',
      cabin: 'Y',
      bookingClass: 'M',
      fareBasis: filed.code,
      amount: filed.amount + 1_000_000,
      currency: 'COP',
      promotional: false,
      refundable: false,
      changeable: true,
      changeFee: 9_000_000,
      saleFrom: today(),
    }
    expect((await api.request('POST', '/v1/fares', { role: 'revenue', body: fare })).status).toBe(201)
    // One promotion of 10 % is on the way to San Andrés, and no IVA.
    await expectNewPrice(order, total, 900_000)
  })

  it('because a promotion stopped', async () => {
    const order = orderOf([await fly({ origin: 'BOG', destination: 'LET' })], [ADULT])
    const promotion = {
      name: { es: 'Leticia', en: 'Leticia' },
      rateBasisPoints: 2000,
      destinations: ['LET'],
      saleFrom: today(),
      saleTo: today(),
      travelFrom: today(),
      travelTo: addDays(DATE, 1),
    }
    const started = await api.request('POST', '/v1/promotions', { role: 'revenue', body: promotion })
    expect(started.status, JSON.stringify(started.body)).toBe(201)
    const { total, lines } = (await quote(order)).body
    const amountOf = (wanted: string) =>
      lines.find(({ kind, code }: { kind: string; code: string }) => kind === wanted || code === wanted)
        .amount
    const path = `/v1/promotions/${started.body.promotionId}/stop`
    expect((await api.request('POST', path, { role: 'revenue' })).status).toBe(200)
    // The discount goes, and IVA is charged on it.
    expect(amountOf('discount') * 5).toBe(-amountOf('fare'))
    expect(amountOf('YS') * 100).toBe((amountOf('fare') + amountOf('discount')) * 19)
    await expectNewPrice(order, total, (-amountOf('discount') * 119) / 100)
  })
})
