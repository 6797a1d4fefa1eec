import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { addDays } from '../../shared/dates.ts'
import { database } from '../../shared/postgres/client.ts'
import { useApi } from '../support/api.ts'
import { today } from '../support/dates.ts'
import { scheduleTestFlight } from '../support/flights.ts'
import { startTestHost, type TestHost } from '../support/local-host.ts'
import { ADULT, orderOf, peopleOf, sales } from '../support/orders.ts'
import { expectRefusal } from '../support/refusal.ts'

const api = useApi()
const { book, quotedBooking } = sales(api)
const PARTNER = { role: 'partner', subject: 'local-partner' } as const

let flight: string
beforeAll(async () => {
  const date = addDays(today(), 20)
  flight = (await scheduleTestFlight({ origin: 'BOG', destination: 'ADZ', date })).id
})

describe('refuses a request', () => {
  it('whose key was used for another booking', async () => {
    const as = { key: crypto.randomUUID() }
    const body = await quotedBooking(flight)
    expect((await book(body, as)).status).toBe(201)
    const changed = { ...body, ...peopleOf(1, 'Otro') }
    await expectRefusal(() => book(changed, as), 422, 'idempotency-key-reused')
    const direct = { order: orderOf([flight], [ADULT]), ...peopleOf(1) }
    await expectRefusal(() => book(direct, as), 422, 'idempotency-key-reused')
    // Keys belong to a caller: the same one of another is new.
    const theirs = await quotedBooking(flight, PARTNER)
    expect((await book(theirs, { ...PARTNER, ...as })).status).toBe(201)
  })

  it("whose key was used for another of staff's commands", async () => {
    const as = { role: 'revenue', key: crypto.randomUUID() } as const
    const rate = { from: 'USD', to: 'COP', rate: '4100.00', day: today(), source: 'Banco de la República' }
    const first = await api.request('POST', '/v1/exchange-rates', { ...as, body: rate })
    expect(first.status, JSON.stringify(first.body)).toBe(201)
    const changed = { ...rate, rate: '4100.01' }
    await expectRefusal(
      () => api.request('POST', '/v1/exchange-rates', { ...as, body: changed }),
      422,
      'idempotency-key-reused',
    )
    const [{ count } = {}] = await database()`
      select count(*) from flights.exchange_rates where source = 'Banco de la República'`
    expect(count).toBe(1)
  })

  it('without an Idempotency-Key', async () => {
    const body = await quotedBooking(flight)
    const place = { header: 'Idempotency-Key' }
    for (const key of [null, 'short']) {
      await expectRefusal(() => book(body, { key }), 400, 'idempotency-key-missing', place)
    }
  })

  const raw = (rawBody: string, headers = {}) => api.request('POST', '/v1/bookings', { rawBody, headers })

  it('that is not JSON', () => expectRefusal(() => raw('{"quoteId": "quo_'), 400, 'malformed-json'))
  it('of five megabytes', () => expectRefusal(() => raw(FIVE_MEGABYTES), 413, 'body-too-large'))
  it('of another content type', () =>
    expectRefusal(() => raw('quoteId=1', { 'content-type': 'text/plain' }), 415, 'content-type-unsupported'))

  it('with an unknown field, wherever it stands', async () => {
    const { passengers, ...body } = await quotedBooking(flight)
    const changed = {
      ...body,
      contact: { ...body.contact, fax: '1' },
      passengers: passengers.map((passenger) => ({ ...passenger, 'nick/name~': 'Majo' })),
      discount: 100,
    }
    await expectRefusal(
      () => book(changed),
      422,
      'invalid-request',
      { pointer: '/passengers/0/nick~1name~0' },
      { pointer: '/contact/fax' },
      { pointer: '/discount' },
    )
  })

  it('with a role too low, or none', async () => {
    const path = '/v1/destinations/ADZ/taxes'
    const as = (role: 'agent' | 'partner') => () => api.request('POST', path, { role, body: {} })
    await expectRefusal(as('agent'), 403, 'role-missing')
    await expectRefusal(as('partner'), 403, 'role-missing')
    await expectRefusal(() => api.request('POST', path, { body: {} }), 401, 'token-missing')
  })

  it('with a token that has expired, or is none', async () => {
    const expired = await api.issuer().sign({ role: 'partner', expiresIn: '-1 m' })
    const body = await quotedBooking(flight)
    for (const token of [expired, 'a.b.c', 'none']) {
      await expectRefusal(() => book(body, { token }), 401, 'token-invalid')
      await expectRefusal(() => api.request('GET', '/v1/bookings/ABC234', { token }), 401, 'token-invalid')
    }
  })
})

describe('over the network', () => {
  let host: TestHost
  beforeAll(async () => {
    host = await startTestHost(api.database.url)
  })
  afterAll(() => host.stop())

  it('five megabytes are refused before they are read', () =>
    expectRefusal(
      () => host.client.request('POST', '/v1/bookings', { rawBody: FIVE_MEGABYTES }),
      413,
      'body-too-large',
    ))
})

const FIVE_MEGABYTES = JSON.stringify({ quoteId: 'x'.repeat(5 * 1024 * 1024) })
