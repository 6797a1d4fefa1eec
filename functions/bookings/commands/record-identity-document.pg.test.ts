import { beforeAll, describe, expect, it, vi } from 'vitest'
import { log } from '#log'
import { config, configure } from '../../../shared/config.ts'
import { addDays } from '../../../shared/dates.ts'
import { uuidOf } from '../../../shared/ids.ts'
import { database } from '../../../shared/postgres/client.ts'
import { useApi } from '../../../tests/support/api.ts'
import type { ApiRequest } from '../../../tests/support/client.ts'
import { today } from '../../../tests/support/dates.ts'
import { scheduleTestFlight } from '../../../tests/support/flights.ts'
import { ADULT, expectMade, orderOf, peopleOf, sales } from '../../../tests/support/orders.ts'
import { expectRefusal } from '../../../tests/support/refusal.ts'
import { readDocument } from '../document-store.ts'

const api = useApi()
const AGENT = { role: 'agent', subject: 'local-agent' } as const
const PARTNER = { role: 'partner', subject: 'local-partner' } as const
const DATE = addDays(today(), 30)
const CEDULA = { kind: 'CC', number: '1.032.456.789', country: 'CO' }
const PASSPORT = { kind: 'PA', number: 'ax 123456', country: 'CO', expiresOn: addDays(DATE, 400) }

const pathOf = (locator: string, number: number | string) =>
  `/v1/bookings/${locator}/passengers/${number}/document`
const put = (locator: string, number: number | string, body: object, as: ApiRequest = AGENT) =>
  api.request('PUT', pathOf(locator, number), { ...as, body })
const get = (locator: string, number: number, as: ApiRequest = AGENT) =>
  api.request('GET', pathOf(locator, number), as)

type Made = { locator: string; id: string; token: string }
let flight: string
beforeAll(async () => {
  flight = (await scheduleTestFlight({ origin: 'BOG', destination: 'ADZ', date: DATE })).id
})
async function makeBooking(as: ApiRequest = {}, more: object = {}): Promise<Made> {
  const body = { order: orderOf([flight], [ADULT, ADULT]), ...peopleOf(2), ...more }
  const { locator, bookingId } = expectMade(await sales(api).book(body, as))
  const opened = await api.request('POST', '/v1/booking-access', { body: { locator, surname: 'Ñáñez' } })
  return { locator, id: uuidOf(bookingId), token: opened.body.access.token }
}
const stored = async (id: string) => {
  const [keys, documents] = await Promise.all([
    database()`select master_key, wrapped from bookings.data_keys where booking_id = ${id}`,
    database()`select passenger, sealed, blind_index from bookings.identity_documents where booking_id = ${id} order by 1`,
  ])
  return { keys: [...keys], documents: [...documents] }
}

describe('a document that is recorded', () => {
  it('is read by staff as it is compared, and by a passenger and a partner with stars', async () => {
    const { locator, token } = await makeBooking(PARTNER, { account: 'AGENCIA1' })
    expect(await put(locator, 1, PASSPORT, { token })).toMatchObject({
      status: 200,
      body: { passenger: 1, kind: 'PA' },
    })
    const seen = { kind: 'PA', country: 'CO', expiresOn: PASSPORT.expiresOn, passenger: 1 }
    for (const role of ['agent', 'admin'] as const) {
      expect((await get(locator, 1, { role })).body).toEqual({ ...seen, number: 'AX123456', masked: false })
    }
    for (const as of [{ token }, PARTNER]) {
      expect((await get(locator, 1, as)).body).toEqual({ ...seen, number: '****3456', masked: true })
    }
    await expectRefusal(() => get(locator, 2), 404, 'document-not-recorded')
  })

  it('may be the payer’s, who may have a NIT', async () => {
    const { locator } = await makeBooking()
    expect((await put(locator, 0, { kind: 'NIT', number: '899.999.068-1', country: 'CO' })).status).toBe(200)
    expect((await get(locator, 0)).body).toMatchObject({ kind: 'NIT', number: '8999990681', expiresOn: null })
  })

  it('takes the place of the one before, and is no new version of the booking', async () => {
    const { locator, id } = await makeBooking()
    await put(locator, 1, CEDULA)
    const before = await stored(id)
    await put(locator, 1, PASSPORT)
    expect((await get(locator, 1)).body).toMatchObject({ kind: 'PA', number: 'AX123456' })
    const after = await stored(id)
    expect(after.documents).toHaveLength(1)
    expect(after.keys).toEqual(before.keys)
    expect((await api.request('GET', `/v1/bookings/${locator}`, AGENT)).headers.etag).toBe('"1"')
  })

  it('is one key a booking, made once, also by two at a time', async () => {
    const { locator, id } = await makeBooking()
    const answers = await Promise.all([
      put(locator, 1, CEDULA),
      put(locator, 2, PASSPORT),
      put(locator, 0, CEDULA),
    ])
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    const { keys, documents } = await stored(id)
    expect([keys.length, documents.length]).toEqual([1, 3])
    for (const number of [0, 1, 2]) expect((await get(locator, number)).status).toBe(200)
  })

  it('stands nowhere in the clear, nor in a hash that could be tried out', async () => {
    const { locator, id } = await makeBooking()
    const key = crypto.randomUUID()
    const as = { ...AGENT, key }
    expect((await put(locator, 1, CEDULA, as)).headers['idempotent-replayed']).toBeUndefined()
    const again = await put(locator, 1, CEDULA, as)
    expect(again).toMatchObject({ status: 200, headers: { 'idempotent-replayed': 'true' } })
    expect(again.body).toEqual({ passenger: 1, kind: 'CC' })
    const { documents } = await stored(id)
    for (const part of ['1032456789', '1.032.456.789', 'CC']) {
      expect(documents[0]?.sealed.includes(part)).toBe(false)
    }
    const [remembered] = await database()`
      select digest, answer::text from platform.idempotency_keys where key = ${key}`
    expect(remembered?.answer).not.toContain('6789')
    const asked = JSON.stringify([
      'PUT /v1/bookings/:locator/passengers/:number/document',
      { locator, number: 1 },
      {},
      CEDULA,
    ])
    const plain = await crypto.subtle.digest('SHA-256', Buffer.from(asked))
    expect(Buffer.from(plain).equals(remembered?.digest)).toBe(false)
  })

  it('goes when its passenger leaves the booking', async () => {
    const { locator, id } = await makeBooking()
    await put(locator, 1, CEDULA)
    await put(locator, 2, PASSPORT)
    await database()`update bookings.passengers set removed_at = now() where booking_id = ${id} and number = 2`
    expect((await stored(id)).documents.map(({ passenger }) => passenger)).toEqual([1])
    await expectRefusal(() => get(locator, 2), 404, 'document-not-recorded')
    await expectRefusal(() => put(locator, 2, PASSPORT), 404, 'unknown-passenger')
  })
})

describe('is refused', () => {
  it.each([
    [{ ...CEDULA, kind: 'X' }, '/kind'],
    [{ ...CEDULA, number: '12' }, '/number'],
    [{ ...CEDULA, country: 'VE' }, '/country'],
    [{ ...CEDULA, expiresOn: '2031-13-01' }, '/expiresOn'],
  ])('%j, by its field', async (body, pointer) => {
    const { locator } = await makeBooking()
    await expectRefusal(() => put(locator, 1, body), 422, 'invalid-request', { pointer })
  })

  it.each(['-1', '100', 'one', '1.5'])('for the passenger %s, whom no booking numbers so', async (number) => {
    const { locator } = await makeBooking()
    await expectRefusal(() => put(locator, number, CEDULA), 422, 'invalid-request', { parameter: 'number' })
  })

  it('for a passenger that the booking does not have', async () => {
    const { locator } = await makeBooking()
    await expectRefusal(() => put(locator, 3, CEDULA), 404, 'unknown-passenger')
  })

  it('a NIT of a passenger', async () => {
    const { locator } = await makeBooking()
    const nit = { kind: 'NIT', number: '899999068-1', country: 'CO' }
    await expectRefusal(() => put(locator, 1, nit), 422, 'document-kind-unfit', { pointer: '/kind' })
  })

  it('when it expires before the last flight, but of a payer', async () => {
    const { locator } = await makeBooking()
    const early = { ...PASSPORT, expiresOn: addDays(DATE, -1) }
    await expectRefusal(() => put(locator, 1, early), 422, 'document-expired', { pointer: '/expiresOn' })
    expect((await put(locator, 1, { ...PASSPORT, expiresOn: DATE })).status).toBe(200)
    expect((await put(locator, 0, early)).status).toBe(200)
  })

  it('by another version of the booking', async () => {
    const { locator } = await makeBooking()
    const with_ = (tag: string) => ({ ...AGENT, headers: { 'if-match': tag } })
    await expectRefusal(() => put(locator, 1, CEDULA, with_('"2"')), 412, 'version-stale')
    expect((await put(locator, 1, CEDULA, with_('"1"'))).status).toBe(200)
  })

  it.each(['cancelled', 'expired'])('in a booking that is %s', async (status) => {
    const { locator, id } = await makeBooking()
    await database()`update bookings.bookings set status = ${status}, closed_at = now() where id = ${id}`
    await expectRefusal(() => put(locator, 1, CEDULA), 409, 'booking-closed')
  })

  it('in another’s booking, alike with one that is not there', async () => {
    const [mine, theirs] = [await makeBooking(), await makeBooking(AGENT, { account: 'MOSTRADOR' })]
    await put(theirs.locator, 1, CEDULA)
    for (const as of [{ token: mine.token }, PARTNER]) {
      for (const locator of [theirs.locator, 'ZZZZZ2']) {
        await expectRefusal(() => put(locator, 1, CEDULA, as), 404, 'booking-not-found')
        await expectRefusal(() => get(locator, 1, as), 404, 'booking-not-found')
      }
    }
  })
})

describe('what is sealed', () => {
  const documentOf = async () => {
    const made = await makeBooking()
    await put(made.locator, 1, CEDULA)
    await put(made.locator, 2, PASSPORT)
    return made
  }

  it('opens at no other passenger of the booking', async () => {
    const { id } = await documentOf()
    await database()`
      update bookings.identity_documents d set sealed = o.sealed from bookings.identity_documents o
      where d.booking_id = ${id} and o.booking_id = ${id} and d.passenger <> o.passenger`
    await expect(readDocument(id, 1)).rejects.toThrow('passenger 1 of booking')
    await expect(readDocument(id, 2)).rejects.toThrow('does not open')
  })

  it('opens in no other booking, with or without its data key', async () => {
    const [one, other] = [await documentOf(), await documentOf()]
    const move = (table: 'data_keys' | 'identity_documents') =>
      table === 'data_keys'
        ? database()`
          update bookings.data_keys d set wrapped = o.wrapped from bookings.data_keys o
          where d.booking_id = ${one.id} and o.booking_id = ${other.id}`
        : database()`
          update bookings.identity_documents d set sealed = o.sealed from bookings.identity_documents o
          where d.booking_id = ${one.id} and o.booking_id = ${other.id} and d.passenger = o.passenger`
    await move('identity_documents')
    await expect(readDocument(one.id, 1)).rejects.toThrow('does not open')
    await move('data_keys')
    await expect(readDocument(one.id, 1)).rejects.toThrow('data key of')
    expect(await readDocument(other.id, 1)).toMatchObject({ number: '1032456789' })
  })

  it('does not open without its master key or with another of that id, and the client learns no more of it', async () => {
    const { locator, id } = await documentOf()
    const before = config().DOCUMENT_KEYS
    const told = vi.spyOn(log, 'error').mockImplementation(() => {})
    try {
      configure({ DOCUMENT_KEYS: `other:${'22'.repeat(32)}` })
      await expect(readDocument(id, 1)).rejects.toThrow('DOCUMENT_KEYS lacks the master key test')
      const answer = await get(locator, 1)
      expect(answer).toMatchObject({ status: 500, body: { code: 'internal-error' } })
      expect(JSON.stringify(answer.body)).not.toContain('DOCUMENT_KEYS')
      expect(told.mock.calls).toMatchObject([
        [
          { err: { message: expect.stringContaining('add test:<its 64 hex digits> again') } },
          'request failed',
        ],
      ])
      configure({ DOCUMENT_KEYS: `test:${'22'.repeat(32)}` })
      await expect(readDocument(id, 1)).rejects.toThrow('under test does not open')
    } finally {
      told.mockRestore()
      configure({ DOCUMENT_KEYS: before })
    }
    expect((await get(locator, 1)).status).toBe(200)
  })
})
