import { beforeAll, expect, it } from 'vitest'
import { addDays } from '../../../shared/dates.ts'
import { useApi } from '../../../tests/support/api.ts'
import type { ApiRequest } from '../../../tests/support/client.ts'
import { today } from '../../../tests/support/dates.ts'
import { scheduleTestFlight } from '../../../tests/support/flights.ts'
import { ADULT, expectMade, orderOf, peopleOf, sales } from '../../../tests/support/orders.ts'
import { expectRefusal, sameForAll } from '../../../tests/support/refusal.ts'

const api = useApi()
const PARTNER = { role: 'partner', subject: 'local-partner' } as const
const AGENT = { role: 'agent', subject: 'local-agent' } as const
const get = (locator: string, as: ApiRequest = {}) => api.request('GET', `/v1/bookings/${locator}`, as)

let byPartner: string
let byAgent: string
let byPassenger: string
beforeAll(async () => {
  const date = addDays(today(), 30)
  const { id } = await scheduleTestFlight({ origin: 'BOG', destination: 'ADZ', date })
  const book = async (as: ApiRequest, more: object = {}): Promise<string> => {
    const body = { order: orderOf([id], [ADULT]), ...peopleOf(1), ...more }
    return expectMade(await sales(api).book(body, as)).locator
  }
  byPartner = await book(PARTNER, { account: 'AGENCIA1' })
  byAgent = await book(AGENT, { account: 'MOSTRADOR' })
  byPassenger = await book({})
})

it('gives a partner what it booked, with its version', async () => {
  const { status, headers, body } = await get(byPartner, PARTNER)
  expect(status).toBe(200)
  expect(headers.etag).toBe('"1"')
  expect(body).toMatchObject({ locator: byPartner, version: 1, status: 'confirmed', payBy: null })
  expect((await get(byPartner.toLowerCase(), PARTNER)).body).toEqual(body)
})

it('gives staff any booking', async () => {
  for (const role of ['agent', 'admin'] as const) {
    for (const locator of [byPartner, byAgent, byPassenger]) {
      expect(await get(locator, { role, subject: 'another' })).toMatchObject({
        status: 200,
        body: { locator },
      })
    }
  }
})

it('gives a passenger the one booking that was opened, and no other', async () => {
  const open = await api.request('POST', '/v1/booking-access', {
    key: null,
    body: { locator: byPassenger, surname: 'Ñáñez' },
  })
  const { access, ...booking } = open.body
  const lifetime = Date.parse(access.expiresAt) - Date.now()
  expect(lifetime).toBeGreaterThan(29 * 60_000)
  expect(lifetime).toBeLessThanOrEqual(30 * 60_000)
  const { token } = access
  expect((await get(byPassenger, { token })).body).toEqual(booking)
  // The partner's and the agent's have the same surname in them.
  for (const locator of [byPartner, byAgent, 'ZZZZZ2']) {
    await expectRefusal(() => get(locator, { token }), 404, 'booking-not-found')
  }
})

it("answers a partner alike for another's booking and for none", async () => {
  const theirs = [
    await expectRefusal(() => get(byAgent, PARTNER), 404, 'booking-not-found'),
    await expectRefusal(() => get(byPassenger, PARTNER), 404, 'booking-not-found'),
    await expectRefusal(() => get(byPartner, { role: 'partner', subject: 'x' }), 404, 'booking-not-found'),
  ]
  // A subject of staff's name is no staff.
  const named = { role: 'partner', subject: 'local-agent' } as const
  theirs.push(await expectRefusal(() => get(byAgent, named), 404, 'booking-not-found'))
  const none = await expectRefusal(() => get('ZZZZZ2', PARTNER), 404, 'booking-not-found')
  for (const answer of theirs) expect(sameForAll(answer)).toEqual(sameForAll(none))
})

it('is for passengers, partners, agents and administrators alone', async () => {
  await expectRefusal(() => get(byPassenger), 401, 'token-missing')
  await expectRefusal(() => get(byPassenger, { role: 'revenue' }), 403, 'role-missing')
})

it('refuses what is no locator', () =>
  expectRefusal(() => get('K7M2Q0', AGENT), 422, 'invalid-request', { parameter: 'locator' }))
