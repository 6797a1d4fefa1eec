import { describe, expect, test } from 'vitest'
import { addDays } from '../../../shared/dates.ts'
import { publicId, uuidOf } from '../../../shared/ids.ts'
import { database } from '../../../shared/postgres/client.ts'
import { useApi } from '../../../tests/support/api.ts'
import { AGENT, changes, expectConsistent, only } from '../../../tests/support/changes.ts'
import { today } from '../../../tests/support/dates.ts'
import { scheduleTestFlight, type TestFlight } from '../../../tests/support/flights.ts'
import { ADULT, birthDateFor, CABIN_DOG, infant } from '../../../tests/support/orders.ts'
import { expectRefusal } from '../../../tests/support/refusal.ts'

const api = useApi()
const { sell, quote, quoted, make, pay, read, change } = changes(api)
const DATE = addDays(today(), 40)
const BACK = addDays(today(), 47)

const fly = (more: Partial<TestFlight> = {}) =>
  scheduleTestFlight({ origin: 'BOG', destination: 'MDE', date: DATE, ...more })
const flyBack = (more: Partial<TestFlight> = {}) =>
  fly({ origin: 'MDE', destination: 'BOG', date: BACK, ...more })
const to = (...flights: { id: string }[]) => ({ directions: flights.map(({ id }) => ({ flights: [id] })) })

type Line = { kind: string; code: string; amount: number; segment: number; passenger: number | null }
const sum = (lines: Line[]) => lines.reduce((total, { amount }) => total + amount, 0)
const of = (lines: Line[], kind: string) => lines.filter((line) => line.kind === kind)
const amounts = (lines: Line[], kind: string) => of(lines, kind).map(({ code, amount }) => [code, amount])
const passenger = (givenNames: string, birthDate = ADULT) => ({ givenNames, surnames: ['Rueda'], birthDate })

// Fares of BOG-MDE, whose base is 156,000 pesos: B 160 %, M 125 %, Q 95 %, rounded to thousands.
const FARE = { B: 25_000_000, M: 19_500_000, Q: 14_800_000 }
const IVA = 0.19

describe('other flights', () => {
  test('of a dearer class cost the difference and the fee, and inventory is swapped', async () => {
    const [from, next] = [await fly({ limits: only('Q') }), await fly({ limits: only('M') })]
    const sold = await sell([from.id], [ADULT])
    const offer = await change(sold, to(next))
    const more = (FARE.M - FARE.Q) * (1 + IVA)
    expect(offer).toMatchObject({ fee: 12_000_000, due: more + 12_000_000, total: sold.total + offer.due })
    expect(sum(offer.lines)).toBe(offer.due)
    expect(amounts(offer.lines, 'fee')).toEqual([['CHG', 12_000_000]])
    const booking = await read(sold)
    expect(booking).toMatchObject({
      ...{ version: 2, status: 'confirmed', total: offer.total },
      segments: [{ flightId: next.id, bookingClass: 'M' }],
      coupons: [{ status: 'exchanged' }, { status: 'open', segment: 1 }],
    })
    expect(sum(booking.lines)).toBe(booking.total)
  })

  test('of a cheaper class give back what is refundable, less the fee', async () => {
    const [from, next] = [await fly({ limits: only('B') }), await fly({ limits: only('Q') })]
    const sold = await sell([from.id], [ADULT])
    const offer = await quoted(sold, to(next))
    expect(offer.due).toBe((FARE.Q - FARE.B) * (1 + IVA) + 6_000_000)
    const answer = await make(sold, offer.changeId)
    expect(answer).toMatchObject({ status: 200, body: { due: offer.due, total: offer.total, version: 2 } })
    expect(answer.headers.etag).toBe('"2"')
    expect(
      await database()`
        select amount, reason, status from bookings.refunds where booking_id = ${uuidOf(sold.bookingId)}`,
    ).toEqual([{ amount: -offer.due, reason: 'changed', status: 'pending' }])
    await expectConsistent()
  })

  test('keep what is left of a fare that is not refundable, and give its tax back', async () => {
    const [from, next] = [await fly({ limits: only('M') }), await fly({ limits: only('Q') })]
    const sold = await sell([from.id], [ADULT])
    const offer = await change(sold, to(next))
    expect(amounts(offer.lines, 'fee')).toEqual([
      ['CHG', 9_000_000],
      ['RES', FARE.M - FARE.Q],
    ])
    expect(offer.due).toBe(9_000_000 - (FARE.M - FARE.Q) * IVA)
    // Fees of a change stay through the next one.
    const last = await fly({ limits: only('Q') })
    await change(sold, to(last))
    const { lines } = await read(sold)
    expect(amounts(lines, 'fee')).toEqual([
      ['CHG', 9_000_000],
      ['RES', FARE.M - FARE.Q],
      ['CHG', 12_000_000],
    ])
  })

  test('are refused by a fare that is not changeable, and by flights that do not join', async () => {
    const [from, next, back] = [await fly({ limits: only('L') }), await fly(), await flyBack()]
    const sold = await sell([from.id], [ADULT])
    await expectRefusal(() => quote(sold, to(next)), 409, 'fare-not-changeable')
    const held = await sell([from.id, back.id], [ADULT], { held: true })
    const wrong = await fly({ origin: 'CTG', destination: 'BOG' })
    const places = { pointer: '/directions/1/flights/0' }
    await expectRefusal(() => quote(held, to(from, wrong)), 422, 'itinerary-broken', places)
    await expectRefusal(() => quote(held, to(next)), 422, 'itinerary-broken', { pointer: '/directions' })
    const nowhere = { id: publicId('flight', crypto.randomUUID()) }
    await expectRefusal(() => quote(held, to(nowhere, back)), 404, 'unknown-flight')
  })

  test('of one direction leave the other as it was sold', async () => {
    const flights = [await fly({ limits: only('Q') }), await flyBack({ limits: only('B') })] as const
    const sold = await sell([flights[0].id, flights[1].id], [ADULT, birthDateFor(8, DATE)])
    await change(sold, { seats: [{ passenger: 2, segment: 1, seat: '8B' }] })
    const before = await read(sold)
    const next = await flyBack({ date: addDays(BACK, 1), limits: only('B') })
    // Today's fare is another; the way out keeps the old one.
    await api.request('POST', '/v1/fares', { role: 'admin', body: fare('MDE', 'BOG', 'B', 30_000_000) })
    await api.request('POST', '/v1/fares', { role: 'admin', body: fare('BOG', 'MDE', 'Q', 99_000_000) })
    const offer = await change(sold, to(flights[0], next))
    const after = await read(sold)
    const first = (lines: Line[]) => lines.filter(({ segment }) => segment === 1)
    expect(first(after.lines)).toEqual(first(before.lines))
    expect(offer.lines.every(({ segment }: Line) => segment === 2)).toBe(true)
    expect(
      of(after.lines, 'fare')
        .filter(({ segment }) => segment === 2)
        .map(({ amount }) => amount),
    ).toEqual([30_000_000, 20_000_000])
    expect(after.segments[0]).toEqual(before.segments[0])
    expect(after.seats).toEqual([{ passenger: 2, segment: 1, seat: '8B' }])
    expect(after.coupons.map(({ status }: { status: string }) => status)).toEqual([
      'open',
      'open',
      'exchanged',
      'exchanged',
      'open',
      'open',
    ])
    await api.request('POST', '/v1/fares', { role: 'admin', body: fare('BOG', 'MDE', 'Q', FARE.Q) })
    await api.request('POST', '/v1/fares', { role: 'admin', body: fare('MDE', 'BOG', 'B', FARE.B) })
  })

  test('with a stop renumber the way back', async () => {
    const [from, back] = [await fly({ limits: only('Q') }), await flyBack({ limits: only('Q') })]
    const sold = await sell([from.id, back.id], [ADULT])
    const first = await fly({ destination: 'CTG', time: '06:00', limits: only('Q') })
    const second = await fly({ origin: 'CTG', time: '09:00', limits: only('Q') })
    const before = await read(sold)
    await change(sold, { directions: [{ flights: [first.id, second.id] }, { flights: [back.id] }] })
    const after = await read(sold)
    const backLines = (lines: Line[], number: number) =>
      lines.filter(({ segment }) => segment === number).map(({ segment: _, ...line }) => line)
    expect(backLines(after.lines, 3)).toEqual(backLines(before.lines, 2))
    expect(after.coupons.filter(({ status }: { status: string }) => status === 'open')).toMatchObject([
      { segment: 3 },
      { segment: 1 },
      { segment: 2 },
    ])
  })
})

const fare = (origin: string, destination: string, bookingClass: string, amount: number) => ({
  ...{
    origin,
    destination,
    cabin: 'Y',
    bookingClass,
    fareBasis: `${bookingClass}TEST`,
    amount,
    currency: 'COP',
  },
  ...{ promotional: false, refundable: true, changeable: true, changeFee: 6_000_000, saleFrom: today() },
})

describe('a held booking', () => {
  test('is changed at no charge and then pays its new total', async () => {
    const [from, next] = [await fly({ limits: only('L') }), await fly({ limits: only('M') })]
    const sold = await sell([from.id], [ADULT], { held: true })
    const offer = await change(sold, to(next))
    expect(offer).toMatchObject({ due: 0, fee: 0 })
    expect(offer.total).toBe(sold.total + sum(offer.lines))
    const body = { method: 'cash', currency: 'COP', reference: crypto.randomUUID() }
    const path = `/v1/bookings/${sold.locator}/payments`
    await expectRefusal(
      () => api.request('POST', path, { ...AGENT, body: { ...body, amount: sold.total } }),
      409,
      'amount-mismatch',
    )
    expect(
      (await api.request('POST', path, { ...AGENT, body: { ...body, amount: offer.total } })).status,
    ).toBe(201)
    expect(await read(sold)).toMatchObject({ status: 'confirmed', total: offer.total, version: 3 })
    await expectConsistent()
  })

  test('ends with the sale of its new first flight', async () => {
    const [from, next] = [await fly(), await fly({ time: '11:00' })]
    const sold = await sell([from.id], [ADULT], { held: true })
    const offer = await quoted(sold, to(next))
    await database()`
      update flights.cabin_inventory set sales_close_at = now() + interval '9 minutes' where flight_id = ${next.uuid}`
    expect((await make(sold, offer.changeId)).status).toBe(200)
    const [{ minutes } = { minutes: 0 }] = await database()<{ minutes: number }[]>`
      select round(extract(epoch from pay_by - now()) / 60)::integer as minutes
      from bookings.bookings where locator = ${sold.locator}`
    expect(minutes).toBe(9)
  })
})

describe('people', () => {
  test('a corrected name opens the booking, and the wrong one does not any more', async () => {
    const { id } = await fly()
    const sold = await sell([id], [ADULT], { surname: 'Peres' })
    const open = (surname: string) =>
      api.request('POST', '/v1/booking-access', { body: { locator: sold.locator, surname } })
    expect((await open('Peres')).status).toBe(200)
    const name = { passenger: 1, givenNames: 'Ana', surnames: ['Pérez', 'Ñáñez'] }
    expect(await change(sold, { names: [name] })).toMatchObject({ due: 0, lines: [] })
    expect(await open('perez')).toMatchObject({
      status: 200,
      body: { passengers: [{ number: 1, givenNames: 'Ana', surnames: ['Pérez', 'Ñáñez'] }] },
    })
    expect((await open('Pérez Ñáñez')).status).toBe(200)
    await expectRefusal(() => open('Peres'), 404, 'booking-not-found')
  })

  test('are added at today’s price, removed by the fare’s conditions, and never numbered twice', async () => {
    const [out, back] = [await fly({ limits: only('B') }), await flyBack({ limits: only('Q') })]
    const sold = await sell([out.id, back.id], [ADULT, ADULT])
    const before = await read(sold)
    const added = await change(sold, { addPassengers: [passenger('Ana'), passenger('Leo', infant())] })
    expect(added.fee).toBe(0)
    expect(added.passengers).toMatchObject([
      { number: 1 },
      { number: 2 },
      { number: 3, type: 'ADT', accompaniedBy: null },
      { number: 4, type: 'INF', candies: true, accompaniedBy: 1 },
    ])
    const both = await read(sold)
    expect(both.lines.slice(0, before.lines.length)).toEqual(before.lines)
    expect(sum(both.lines)).toBe(both.total)

    // B returns, Q stays with the airline; the airport's fee of each way is not refundable.
    const removed = await change(sold, { removePassengers: [1] })
    const kept = of(removed.lines, 'fee')
    expect(kept.map(({ passenger: whose, code }) => [whose, code])).toContainEqual([1, 'RES'])
    expect(kept.find(({ amount }) => amount === FARE.Q)).toMatchObject({ segment: 2 })
    expect(kept.find(({ amount }) => amount === FARE.B)).toBeUndefined()
    expect(removed.due).toBeLessThan(0)
    const after = await read(sold)
    expect(after.passengers).toMatchObject([
      { number: 2, accompaniedBy: null },
      { number: 3 },
      { number: 4, accompaniedBy: 2 },
    ])
    expect(after.coupons.filter(({ passenger: whose }: Line) => whose === 1)).toMatchObject([
      { status: 'refunded' },
      { status: 'refunded' },
    ])

    await change(sold, { removePassengers: [4] })
    const again = await change(sold, { addPassengers: [passenger('Eva')] })
    expect(again.passengers.map(({ number }: { number: number }) => number)).toEqual([2, 3, 5])
    expect((await read(sold)).passengers.map(({ givenNames }: { givenNames: string }) => givenNames)).toEqual(
      ['María José', 'Ana', 'Eva'],
    )
  })

  test('a party keeps its rules', async () => {
    const [out, back] = [await fly(), await flyBack()]
    const boy = birthDateFor(9, DATE)
    const sold = await sell([out.id, back.id], [ADULT, boy, infant()], { held: true })
    const add = (...birthDates: string[]) => ({
      addPassengers: birthDates.map((date) => passenger('Ana', date)),
    })
    await expectRefusal(() => quote(sold, add(infant())), 422, 'too-many-infants')
    await expectRefusal(() => quote(sold, add(ADULT, addDays(today(), 3))), 422, 'birth-date-in-future', {
      pointer: '/addPassengers/1/birthDate',
    })
    await expectRefusal(() => quote(sold, add(...Array<string>(8).fill(ADULT))), 422, 'too-many-passengers')
    await expectRefusal(() => quote(sold, { removePassengers: [1] }), 422, 'infant-without-adult')
    await expectRefusal(() => quote(sold, { removePassengers: [1, 3] }), 422, 'minor-unaccompanied')
    await expectRefusal(() => quote(sold, { removePassengers: [1, 2, 3] }), 422, 'nobody-left')
    await expectRefusal(() => quote(sold, { removePassengers: [7] }), 422, 'not-travelling', {
      pointer: '/removePassengers/0',
    })
    await expectRefusal(
      () => quote(sold, { names: [{ passenger: 4, givenNames: 'A', surnames: ['B'] }] }),
      422,
      'not-travelling',
    )
    expect((await quote(sold, {})).body).toMatchObject({ code: 'invalid-request' })
  })

  test('an infant who turns two before a later flight has a seat there', async () => {
    const [out, back] = [await fly({ limits: only('M') }), await flyBack({ limits: only('M') })]
    const birth = addDays(birthDateFor(2, BACK), 3)
    const sold = await sell([out.id, back.id], [ADULT, birth])
    const later = await flyBack({ date: addDays(BACK, 5), limits: only('M') })
    await change(sold, to(out, later))
    const { coupons, passengers } = await read(sold)
    expect(passengers[1]).toMatchObject({ type: 'INF', accompaniedBy: 1 })
    expect(coupons.filter(({ status }: { status: string }) => status === 'open')).toMatchObject([
      { passenger: 1, segment: 1, type: 'ADT' },
      { passenger: 2, segment: 1, type: 'INF' },
      { passenger: 1, segment: 2, type: 'ADT' },
      { passenger: 2, segment: 2, type: 'CHD' },
    ])
  })

  test('pets come and go, on every flight', async () => {
    const [out, back] = [await fly({ petc: 1 }), await flyBack({ limits: only('L', 1), seats: 1 })]
    const sold = await sell([out.id, back.id], [ADULT])
    const added = await change(sold, { addPets: [CABIN_DOG] })
    expect(amounts(added.lines, 'pet-fee')).toEqual([
      ['PETC', 15_000_000],
      ['PETC', 15_000_000],
    ])
    expect(added).toMatchObject({ due: 30_000_000, pets: [{ number: 1 }] })
    await expectRefusal(() => quote(sold, { addPets: [CABIN_DOG] }), 409, 'pets-full')
    await expectRefusal(
      () => quote(sold, { addPets: [{ ...CABIN_DOG, weightKg: 30 }] }),
      422,
      'pet-too-heavy',
      {
        pointer: '/addPets/0/weightKg',
      },
    )
    await expectRefusal(() => quote(sold, { removePets: [2] }), 422, 'unknown-pet')
    const removed = await change(sold, { removePets: [1], addPets: [CABIN_DOG] })
    expect(removed).toMatchObject({ due: 0, pets: [{ number: 2 }] })
    expect(await change(sold, { removePets: [2] })).toMatchObject({ due: -30_000_000 })
    expect(await change(sold, { addPets: [{ service: 'AVIH', species: 'cat', weightKg: 6 }] })).toMatchObject(
      {
        pets: [{ number: 3 }],
      },
    )
  })
})

describe('seats that run out', () => {
  test('a sold-out flight is refused when quoted', async () => {
    const [from, next] = [await fly(), await fly({ seats: 2 })]
    await sell([next.id], [ADULT])
    const sold = await sell([from.id], [ADULT, ADULT], { held: true })
    await expectRefusal(() => quote(sold, to(next)), 409, 'sold-out')
    await expectRefusal(
      () => quote(sold, { addPassengers: Array(7).fill(passenger('Ana')), ...to(next) }),
      409,
      'sold-out',
    )
  })

  test('and when made: all stays as it was, and what was paid is given back', async () => {
    const [from, next] = [await fly({ limits: only('Q') }), await fly({ limits: only('Q', 2), seats: 2 })]
    const held = await sell([from.id], [ADULT], { held: true })
    const paid = await sell([from.id], [ADULT])
    const offers = [await quoted(held, to(next)), await quoted(paid, to(next))] as const
    await sell([next.id], [ADULT, ADULT])
    const before = [await read(held), await read(paid)]
    await expectRefusal(() => make(held, offers[0].changeId), 409, 'sold-out')
    const answer = await pay(paid, offers[1])
    expect(answer).toMatchObject({ status: 201, body: { givenBack: offers[1].due } })
    expect([await read(held), await read(paid)]).toEqual(before)
    await expectConsistent()
  })

  test('the party’s own seats are free to it: a class that it fills, a flight that it shares', async () => {
    const first = await fly({ destination: 'CTG', time: '06:00', seats: 2, limits: only('Q', 2) })
    const second = await fly({ origin: 'CTG', time: '09:00', limits: only('Q') })
    const other = await fly({ origin: 'CTG', time: '12:00', limits: only('Q') })
    const sold = await sell([first.id], [ADULT, ADULT], { held: true })
    const both = (last: { id: string }) => ({ directions: [{ flights: [first.id, last.id] }] })
    await change(sold, both(second))
    await change(sold, both(other))
    const { coupons } = await read(sold)
    expect(coupons.map(({ status }: { status: string }) => status)).toEqual([
      'open',
      'open',
      'exchanged',
      'exchanged',
      'open',
      'open',
    ])
    // Who joins flies in the class of the others.
    await expectRefusal(() => quote(sold, { addPassengers: [passenger('Ana')] }), 409, 'class-sold-out')
  })

  test('of many who want the last seats, as many get them as there are', async () => {
    const [from, next] = [await fly(), await fly({ seats: 3, limits: only('Q', 3) })]
    const held = []
    for (let at = 0; at < 8; at++) held.push(await sell([from.id], [ADULT], { held: true }))
    const offers = await Promise.all(
      held.map(async (sold) => ({ sold, offer: await quoted(sold, to(next)) })),
    )
    const answers = await Promise.all(offers.map(({ sold, offer }) => make(sold, offer.changeId)))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 200, 200, 409, 409, 409, 409, 409])
    for (const { status, body } of answers) if (status === 409) expect(body.code).toBe('sold-out')
    await expectConsistent()
  })

  test('of many who change one booking, one does', async () => {
    const [from, next] = [await fly(), await fly()]
    const sold = await sell([from.id], [ADULT], { held: true })
    const { changeId } = await quoted(sold, to(next))
    const others = [
      await quoted(sold, { addPets: [CABIN_DOG] }),
      await quoted(sold, { addPassengers: [passenger('Ana')] }),
    ]
    const ids = [changeId, changeId, ...others.map((one) => one.changeId)]
    const answers = await Promise.all(ids.map((id) => make(sold, id)))
    expect(answers.map(({ status, body }) => (status === 200 ? 'changed' : body.code)).toSorted()).toEqual([
      'change-outdated',
      'change-outdated',
      'change-outdated',
      'changed',
    ])
    await expectConsistent()
  })

  test('two who swap flights with each other both do', async () => {
    const full = { seats: 8, limits: only('Q', 8) }
    const flights = [await fly(full), await fly(full)] as const
    const pairs = await Promise.all(
      Array.from({ length: 8 }, async (_, at) => {
        const [from, next] = at % 2 === 0 ? flights : [flights[1], flights[0]]
        const sold = await sell([from.id], [ADULT], { held: true })
        return { sold, offer: await quoted(sold, { ...to(next) }) }
      }),
    )
    const answers = await Promise.all(pairs.map(({ sold, offer }) => make(sold, offer.changeId)))
    expect(answers.map(({ status }) => status)).toEqual(Array(8).fill(200))
    await expectConsistent()
  })
})

describe('what may not be made', () => {
  test('another version, another booking’s change, an old one, a closed booking', async () => {
    const [from, next] = [await fly(), await fly()]
    const sold = await sell([from.id], [ADULT], { held: true })
    const other = await sell([from.id], [ADULT], { held: true })
    const { changeId } = await quoted(sold, to(next))
    const stale = { headers: { 'if-match': '"7"' } }
    await expectRefusal(() => quote(sold, to(next), stale), 412, 'version-stale')
    await expectRefusal(() => make(sold, changeId, stale), 412, 'version-stale')
    await expectRefusal(() => make(other, changeId), 404, 'unknown-change')
    await expectRefusal(() => quote({ ...sold, locator: 'ZZZZZZ' }, to(next)), 404, 'booking-not-found')
    const stranger = { role: 'partner', subject: 'somebody' } as const
    await expectRefusal(() => quote(sold, to(next), stranger), 404, 'booking-not-found')
    await expectRefusal(() => make(sold, changeId, stranger), 404, 'booking-not-found')
    await database()`update bookings.changes set expires_at = now() where id = ${uuidOf(changeId)}`
    await expectRefusal(() => make(sold, changeId), 409, 'change-expired')
    const fresh = await quoted(sold, to(next))
    expect((await make(sold, fresh.changeId, { headers: { 'if-match': '"1"' } })).status).toBe(200)
    await expectRefusal(() => make(sold, fresh.changeId), 409, 'change-outdated')
    await database()`update bookings.bookings set status = 'expired' where id = ${uuidOf(other.bookingId)}`
    await expectRefusal(() => quote(other, to(next)), 409, 'booking-closed')
    await expectRefusal(() => make(other, changeId), 409, 'booking-closed')
    await database()`update bookings.bookings set status = 'held' where id = ${uuidOf(other.bookingId)}`
  })

  test('what costs something is not made without its payment', async () => {
    const [from, next] = [await fly({ limits: only('Q') }), await fly({ limits: only('M') })]
    const sold = await sell([from.id], [ADULT])
    const { changeId, due, currency } = await quoted(sold, to(next))
    const refused = await expectRefusal(() => make(sold, changeId), 402, 'payment-needed')
    expect(refused.body).toMatchObject({ due, currency })
  })

  test('a repeat is answered as the first was', async () => {
    const [from, next] = [await fly(), await fly()]
    const sold = await sell([from.id], [ADULT], { held: true })
    const { changeId } = await quoted(sold, to(next))
    const key = crypto.randomUUID()
    const first = await make(sold, changeId, { key })
    const again = await make(sold, changeId, { key })
    expect([again.status, again.body]).toEqual([200, first.body])
    expect(again.headers['idempotent-replayed']).toBe('true')
    expect((await read(sold)).version).toBe(2)
    const { body } = await make(sold, publicId('change', crypto.randomUUID()), { key })
    expect(body.code).toBe('idempotency-key-reused')
  })

  test('a flight that has left, is closed, cancelled, or whose passenger is checked in', async () => {
    const [from, back, next] = [
      await fly({ limits: only('M') }),
      await flyBack({ limits: only('M') }),
      await fly(),
    ]
    const sold = await sell([from.id, back.id], [ADULT, ADULT])
    const coupons = (status: string, segment: number) => database()`
      update bookings.coupons set status = ${status}
      where booking_id = ${uuidOf(sold.bookingId)} and segment = ${segment} and passenger = 1`
    await coupons('checked-in', 1)
    await expectRefusal(() => quote(sold, to(next, back)), 409, 'coupon-used')
    await expectRefusal(() => quote(sold, { removePassengers: [1] }), 409, 'coupon-used')
    const chosen = (number: number, segment: number) => ({
      seats: [{ passenger: number, segment, seat: '9A' }],
    })
    await expectRefusal(() => quote(sold, chosen(1, 1)), 409, 'coupon-used')
    expect((await quote(sold, chosen(2, 1))).status).toBe(201)
    await coupons('open', 1)
    const late = await quoted(sold, { removePassengers: [1] })
    const other = await flyBack({ date: addDays(BACK, 2), limits: only('M') })
    await database()`
      update flights.flights set departs_at = now() - interval '2 hours', arrives_at = now() - interval '1 hour'
      where id = ${from.uuid}`
    await expectRefusal(() => quote(sold, to(next, back)), 409, 'flight-departed')
    await expectRefusal(() => quote(sold, { removePassengers: [1] }), 409, 'flight-departed')
    await expectRefusal(() => quote(sold, { addPets: [CABIN_DOG] }), 409, 'flight-departed')
    await expectRefusal(() => quote(sold, chosen(2, 1)), 409, 'flight-departed')
    await expectRefusal(() => make(sold, late.changeId), 409, 'flight-departed')
    // The way back is still to be flown.
    await coupons('flown', 1)
    await change(sold, to(from, other))
    await database()`update flights.flights set status = 'cancelled' where id = ${other.uuid}`
    await expectRefusal(() => quote(sold, to(from, back)), 409, 'disruption-with-airline')
  })
})

test('the event tells what is held now and what was held before', async () => {
  const [from, next] = [await fly({ limits: only('M') }), await fly({ limits: only('Q') })]
  const sold = await sell([from.id], [ADULT])
  const offer = await change(sold, to(next))
  const [event] = await database()`
    select type, version, data from platform.outbox where type = 'bookings.booking-changed.v1'
      and subject = ${sold.bookingId}`
  expect(event).toMatchObject({
    version: 2,
    data: {
      ...{ bookingId: sold.bookingId, version: 2, confirmed: true, due: offer.due, total: offer.total },
      flights: [{ flightId: next.id, bookingClass: 'Q', seats: 1 }],
      before: { total: sold.total, flights: [{ flightId: from.id, bookingClass: 'M' }] },
    },
  })
  expect(
    await database()`
      select version, actor, action, detail from bookings.history where booking_id = ${uuidOf(sold.bookingId)}`,
  ).toMatchObject([{ version: 2, action: 'changed', detail: { due: offer.due } }])
})
