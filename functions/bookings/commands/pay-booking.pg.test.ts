import { beforeAll, describe, expect, it } from 'vitest'
import { addDays } from '../../../shared/dates.ts'
import { newUuid } from '../../../shared/ids.ts'
import { database } from '../../../shared/postgres/client.ts'
import { useApi } from '../../../tests/support/api.ts'
import { today } from '../../../tests/support/dates.ts'
import { scheduleTestFlight } from '../../../tests/support/flights.ts'
import { byCard, type Held, inCash, passDeadline, paying, TEST_CARDS } from '../../../tests/support/paying.ts'
import { expectRefusal } from '../../../tests/support/refusal.ts'
import { schedule as expireHolds } from '../schedules/expire-holds.ts'

const api = useApi()
const { hold, pay, read } = paying(api)
let flight = ''
beforeAll(async () => {
  flight = (await scheduleTestFlight({ origin: 'BOG', destination: 'ADZ', date: addDays(today(), 30) })).id
})

const AGENT = { role: 'agent' } as const
const key = () => ({ key: crypto.randomUUID() })
/** What the provider's books hold of a booking's payments. */
const charged = ({ id }: Held) => database()`
  select c.amount, c.outcome from platform.test_card_charges c join bookings.payments p on p.id = c.payment_id
  where p.booking_id = ${id}`
const events = async ({ id }: Held) => {
  const subject = `bkg_${id.replaceAll('-', '')}`
  const rows = await database()`
    select type, version, data from platform.outbox where subject = ${subject} order by id`
  return rows.map(({ type, version, data }) => [type, version, data.version])
}

describe('a card that is good', () => {
  it('confirms the booking, with a receipt, a row of the ledger, of the history and an event', async () => {
    const held = await hold(flight)
    const { status, headers, body } = await pay(held, byCard(held))
    expect(status).toBe(201)
    expect(headers.etag).toBe('"2"')
    expect(body).toMatchObject({
      purpose: 'booking',
      method: 'card',
      amount: held.total,
      status: 'captured',
      givenBack: 0,
      booking: { status: 'confirmed', version: 2 },
    })
    expect(await read(held, '')).toMatchObject({ status: 'confirmed', version: 2, payBy: null })
    expect(await read(held, 'payments')).toMatchObject({
      total: held.total,
      collected: held.total,
      refundsPending: 0,
      balance: held.total,
      payments: [{ paymentId: body.paymentId, status: 'captured' }],
      refunds: [],
    })
    const { documents } = await read(held, 'documents')
    expect(documents).toMatchObject([
      {
        kind: 'receipt',
        paymentId: body.paymentId,
        refundId: null,
        payer: { name: 'María José Ñáñez' },
        total: held.total,
      },
    ])
    const { lines, taxes } = documents[0]
    const sumOf = (all: { amount: number }[]) => all.reduce((sum, { amount }) => sum + amount, 0)
    expect(sumOf(lines)).toBe(held.total)
    expect(taxes.length).toBeGreaterThan(0)
    expect(sumOf(taxes)).toBe(sumOf(lines.filter(({ kind }: { kind: string }) => kind === 'tax')))
    expect(await events(held)).toEqual([
      ['bookings.booking-created.v1', 1, 1],
      ['bookings.booking-confirmed.v1', 2, 2],
    ])
    const history = await database()`
      select version, actor, action from bookings.history where booking_id = ${held.id}`
    expect(history).toMatchObject([{ version: 2, actor: `passenger:${held.id}`, action: 'confirmed' }])
  })

  it('is charged once for one key, however often and at once it is sent', async () => {
    const held = await hold(flight)
    const once = key()
    const first = await pay(held, byCard(held), once)
    const others = await Promise.all([1, 2, 3].map(() => pay(held, byCard(held), once)))
    for (const { status, headers, body } of others) {
      expect({ status, body }).toEqual({ status: 201, body: first.body })
      expect(headers['idempotent-replayed']).toBe('true')
    }
    expect(await charged(held)).toMatchObject([{ amount: held.total }])
  })

  it('is not charged for a booking that is paid', async () => {
    const held = await hold(flight)
    await pay(held, byCard(held))
    await expectRefusal(() => pay(held, byCard(held)), 409, 'already-paid')
    expect(await charged(held)).toHaveLength(1)
  })

  it('is charged by one of several payments at once', async () => {
    const held = await hold(flight)
    const answers = await Promise.all([1, 2, 3, 4].map(() => pay(held, byCard(held))))
    const codes = answers.map(({ status, body }) => body.code ?? status)
    expect(codes.filter((code) => code === 201)).toHaveLength(1)
    for (const code of codes) expect([201, 'payment-under-way', 'already-paid']).toContain(code)
    expect(await charged(held)).toHaveLength(1)
    expect((await read(held, 'payments')).collected).toBe(held.total)
  })

  it('tells of a key that paid something else', async () => {
    const [one, other] = [await hold(flight), await hold(flight)]
    const once = { ...key(), ...AGENT }
    await pay(one, byCard(one), once)
    await expectRefusal(() => pay(other, byCard(other), once), 422, 'idempotency-key-reused')
  })
})

describe('a card that is declined', () => {
  it.each([
    ['declined', 'card_declined'],
    ['noFunds', 'insufficient_funds'],
  ] as const)('%s: tells why, keeps the hold, and leaves room for another card', async (card, reason) => {
    const held = await hold(flight)
    const once = key()
    const { body } = await expectRefusal(() => pay(held, byCard(held, card), once), 402, 'payment-declined')
    expect(body.reason).toBe(reason)
    const again = await pay(held, byCard(held, card), once)
    expect([again.status, again.headers['idempotent-replayed']]).toEqual([402, 'true'])
    expect(await read(held, '')).toMatchObject({ status: 'held', version: 1 })
    expect(await read(held, 'payments')).toMatchObject({
      collected: 0,
      payments: [{ status: 'declined', reason }],
    })
    expect((await read(held, 'documents')).documents).toEqual([])
    expect((await pay(held, byCard(held))).status).toBe(201)
  })
})

describe('a provider that does not answer', () => {
  it.each(['timeOutCaptured', 'timeOutLost'] as const)(
    '%s: is pending, and no second payment begins',
    async (card) => {
      const held = await hold(flight)
      const { status, body } = await pay(held, byCard(held, card))
      expect([status, body.status, body.booking]).toEqual([202, 'pending', { status: 'held', version: 1 }])
      await expectRefusal(() => pay(held, byCard(held)), 409, 'payment-under-way')
      await expectRefusal(() => pay(held, inCash(held, newUuid()), AGENT), 409, 'payment-under-way')
    },
  )

  it('tells a repeat of the request how the payment stands by then', async () => {
    const held = await hold(flight)
    const once = key()
    expect((await pay(held, byCard(held, 'timeOutCaptured'), once)).status).toBe(202)
    const again = await pay(held, byCard(held, 'timeOutCaptured'), once)
    expect(again.headers['idempotent-replayed']).toBe('true')
    expect([again.status, again.body.booking.status]).toEqual([201, 'confirmed'])
    expect(await charged(held)).toHaveLength(1)
  })
})

describe('cash and transfers', () => {
  it.each(['cash', 'transfer'])('%s is recorded by staff, and confirms at once', async (method) => {
    const held = await hold(flight)
    const { status, body } = await pay(held, { ...inCash(held, ' caja  7/2041 '), method }, AGENT)
    expect([status, body.booking.status]).toEqual([201, 'confirmed'])
    expect(body).toMatchObject({ method, reference: 'CAJA 7/2041', status: 'captured' })
    expect((await read(held, 'payments')).collected).toBe(held.total)
    expect((await read(held, 'documents')).documents).toMatchObject([{ kind: 'receipt' }])
  })

  it('pay once with one reference, of each kind', async () => {
    const [one, other] = [await hold(flight), await hold(flight)]
    const reference = `R-${newUuid()}`
    expect((await pay(one, inCash(one, reference), AGENT)).status).toBe(201)
    await expectRefusal(
      () => pay(other, inCash(other, reference.toLowerCase()), AGENT),
      409,
      'reference-used',
    )
    expect((await pay(other, { ...inCash(other, reference), method: 'transfer' }, AGENT)).status).toBe(201)
  })

  it('pay once with one reference that two desks record at once', async () => {
    const two = [await hold(flight), await hold(flight)]
    const reference = `R-${newUuid()}`
    const answers = await Promise.all(two.map((held) => pay(held, inCash(held, reference), AGENT)))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([201, 409])
    expect(answers.find(({ status }) => status === 409)?.body.code).toBe('reference-used')
  })

  it('are not recorded by passengers', async () => {
    const held = await hold(flight)
    await expectRefusal(() => pay(held, inCash(held, 'mine')), 403, 'payment-method-forbidden')
  })
})

describe('is refused', () => {
  let held: Held
  beforeAll(async () => {
    held = await hold(flight)
  })

  it.each([
    ['less', { amount: -1 }],
    ['more', { amount: 1 }],
  ])('%s than is due', async (_, { amount }) => {
    const { body } = await expectRefusal(
      () => pay(held, { ...byCard(held), amount: held.total + amount }),
      409,
      'amount-mismatch',
    )
    expect([body.due, body.currency]).toEqual([held.total, held.currency])
  })

  it('another currency', () =>
    expectRefusal(() => pay(held, { ...byCard(held), currency: 'USD' }), 409, 'amount-mismatch'))

  it('a stale version', () =>
    expectRefusal(() => pay(held, byCard(held), { headers: { 'if-match': '"7"' } }), 412, 'version-stale'))

  it('a change that there is not', () =>
    expectRefusal(
      () => pay(held, { ...byCard(held), changeId: `chg_${'0'.repeat(32)}` }),
      404,
      'unknown-change',
    ))

  it('a card in the way of another provider', () =>
    expectRefusal(() => pay(held, { ...byCard(held), card: { token: 'pm_1' } }), 422, 'card-details-unfit'))

  it.each<[object, string[]]>([
    [{ card: undefined }, ['/card']],
    [{ method: 'cash' }, ['/card', '/reference']],
    [{ reference: 'x' }, ['/reference']],
    [{ card: {} }, ['/card/token']],
    [{ card: { number: TEST_CARDS.success, token: 'pm_1' } }, ['/card/token']],
    [{ card: { number: '4242 4242' } }, ['/card/number']],
    [{ amount: 0 }, ['/amount']],
    [{ amount: 1.5 }, ['/amount']],
    [{ currency: 'COPS' }, ['/currency']],
  ])('%j', async (change, pointers) => {
    const places = pointers.map((pointer) => ({ pointer }))
    await expectRefusal(() => pay(held, { ...byCard(held), ...change }), 422, 'invalid-request', ...places)
  })

  it("another passenger's booking", async () => {
    const other = await hold(flight)
    await expectRefusal(() => pay({ ...held, token: other.token }, byCard(held)), 404, 'booking-not-found')
    for (const what of ['payments', 'documents']) {
      const path = `/v1/bookings/${held.locator}/${what}`
      await expectRefusal(() => api.request('GET', path, { token: other.token }), 404, 'booking-not-found')
    }
  })

  it('a hold whose time is over, before and after it was ended', async () => {
    const late = await hold(flight)
    await passDeadline(late)
    await expectRefusal(() => pay(late, byCard(late)), 409, 'hold-expired')
    await expireHolds.run()
    await expectRefusal(() => pay(late, byCard(late)), 409, 'hold-expired')
    expect(await charged(late)).toEqual([])
  })

  it('and after all that can be paid', async () => {
    expect((await pay(held, byCard(held), { headers: { 'if-match': '"1"' } })).status).toBe(201)
  })
})
