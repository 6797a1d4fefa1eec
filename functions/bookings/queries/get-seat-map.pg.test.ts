import { describe, expect, test } from 'vitest'
import { addDays } from '../../../shared/dates.ts'
import { publicId, uuidOf } from '../../../shared/ids.ts'
import { database, transaction } from '../../../shared/postgres/client.ts'
import { useApi } from '../../../tests/support/api.ts'
import { changes, expectConsistent, only } from '../../../tests/support/changes.ts'
import type { ApiAnswer } from '../../../tests/support/client.ts'
import { today } from '../../../tests/support/dates.ts'
import { scheduleTestFlight, type TestFlight } from '../../../tests/support/flights.ts'
import { ADULT, birthDateFor, CABIN_DOG, infant } from '../../../tests/support/orders.ts'
import { expectRefusal } from '../../../tests/support/refusal.ts'

const api = useApi()
const { sell, quote, quoted, make, read, change } = changes(api)
const DATE = addDays(today(), 30)
const fly = (more: Partial<TestFlight> = {}) =>
  scheduleTestFlight({ origin: 'BOG', destination: 'MDE', date: DATE, ...more })
const map = async (flight: { id: string }) =>
  (await api.request('GET', `/v1/flights/${flight.id}/seats`)).body as {
    aircraftType: string
    cabins: {
      cabin: string
      seats: { seat: string; exitRow: boolean; free: boolean; fee: number; position: string }[]
    }[]
  }
const seatOf = async (flight: { id: string }, seat: string) =>
  (await map(flight)).cabins.flatMap(({ seats }) => seats).find((one) => one.seat === seat)
const sit = (...seats: (readonly [passenger: number, seat: string, segment?: number])[]) => ({
  seats: seats.map(([passenger, seat, segment = 1]) => ({ passenger, segment, seat })),
})
const seatFees = (lines: { kind: string; amount: number }[]) =>
  lines.filter(({ kind }) => kind === 'seat-fee').map(({ amount }) => amount)

describe('the seat map', () => {
  test('has every seat of the aircraft, cabin by cabin, with what it costs', async () => {
    const flight = await fly({ business: { seats: 12 }, seats: 141 })
    const { aircraftType, cabins } = await map(flight)
    expect(aircraftType).toBe('32N')
    expect(cabins.map(({ cabin, seats }) => [cabin, seats.length])).toEqual([
      ['C', 12],
      ['Y', 141],
    ])
    const free = { free: true }
    expect(cabins[0]?.seats[0]).toMatchObject({ seat: '1A', position: 'window', fee: 0, ...free })
    expect(await seatOf(flight, '4B')).toMatchObject({ position: 'middle', fee: 1_500_000, exitRow: false })
    expect(await seatOf(flight, '4C')).toMatchObject({ position: 'aisle', fee: 2_500_000 })
    expect(await seatOf(flight, '12B')).toMatchObject({ exitRow: true, fee: 6_000_000 })
    const nowhere = publicId('flight', crypto.randomUUID())
    await expectRefusal(() => api.request('GET', `/v1/flights/${nowhere}/seats`), 404, 'unknown-flight')
  })
})

describe('a chosen seat', () => {
  test('costs its fee before payment and after, is taken, and is in the booking', async () => {
    const flight = await fly({ limits: only('M') })
    const held = await sell([flight.id], [ADULT, ADULT], { held: true })
    const offer = await change(held, sit([1, '7A'], [2, '7B']))
    expect(offer).toMatchObject({ due: 0, total: held.total + 4_000_000 })
    const booking = await read(held)
    expect(booking).toMatchObject({
      total: offer.total,
      seats: [{ passenger: 1, segment: 1, seat: '7A' }, { seat: '7B' }],
    })
    expect(await seatOf(flight, '7A')).toMatchObject({ free: false })

    const paid = await sell([flight.id], [ADULT])
    expect(await change(paid, sit([1, '8A']))).toMatchObject({ due: 2_500_000, fee: 0 })
    // To a cheaper seat: the difference goes back; to none that costs the same, nothing.
    const cheaper = await change(paid, sit([1, '8B']))
    expect(cheaper.due).toBe(-1_000_000)
    expect(seatFees(cheaper.lines)).toEqual([1_500_000, -2_500_000])
    expect(await change(paid, sit([1, '9B']))).toMatchObject({ due: 0 })
    expect(await change(paid, sit([1, '9B']))).toMatchObject({ due: 0, lines: [] })
    expect(await seatOf(flight, '8B')).toMatchObject({ free: true })
  })

  test('goes with its flight and with its passenger, and its fee goes back', async () => {
    const [from, next] = [await fly({ limits: only('B') }), await fly({ limits: only('B') })]
    const sold = await sell([from.id], [ADULT, ADULT])
    await change(sold, sit([1, '7A'], [2, '7C']))
    const removed = await change(sold, { removePassengers: [2] })
    expect(seatFees(removed.lines)).toEqual([-2_500_000])
    expect(await seatOf(from, '7C')).toMatchObject({ free: true })
    const moved = await change(sold, { directions: [{ flights: [next.id] }] })
    expect(seatFees(moved.lines)).toEqual([-2_500_000])
    expect(await read(sold)).toMatchObject({ seats: [] })
    expect(await seatOf(from, '7A')).toMatchObject({ free: true })
    const both = await change(sold, { directions: [{ flights: [from.id] }], ...sit([1, '10F']) })
    expect(both.seats).toEqual([{ passenger: 1, segment: 1, seat: '10F' }])
    expect(await seatOf(from, '10F')).toMatchObject({ free: false })
  })

  test('may be swapped within a booking, and is one passenger’s', async () => {
    const flight = await fly()
    const sold = await sell([flight.id], [ADULT, ADULT], { held: true })
    await change(sold, sit([1, '7A'], [2, '7B']))
    await expectRefusal(() => quote(sold, sit([1, '7B'])), 409, 'seat-taken', { pointer: '/seats/0/seat' })
    await change(sold, sit([1, '7B'], [2, '7A']))
    expect((await read(sold)).seats).toEqual([
      { passenger: 1, segment: 1, seat: '7B' },
      { passenger: 2, segment: 1, seat: '7A' },
    ])
  })

  test('is refused when it is no seat of the cabin, of nobody, or another has it', async () => {
    const flight = await fly({ business: { seats: 12 }, seats: 141 })
    const sold = await sell([flight.id], [ADULT, infant()], { held: true })
    const other = await sell([flight.id], [ADULT], { held: true })
    await change(other, sit([1, '9A']))
    const place = (member: string) => ({ pointer: `/seats/0/${member}` })
    for (const seat of ['1A', '99A', '27D'])
      await expectRefusal(() => quote(sold, sit([1, seat])), 422, 'unknown-seat', place('seat'))
    await expectRefusal(() => quote(sold, sit([1, '9A'])), 409, 'seat-taken', place('seat'))
    await expectRefusal(() => quote(sold, sit([2, '9B'])), 422, 'lap-infant-seat', place('passenger'))
    await expectRefusal(() => quote(sold, sit([3, '9B'])), 422, 'not-travelling', place('passenger'))
    await expectRefusal(() => quote(sold, sit([1, '9B', 2])), 422, 'unknown-segment', place('segment'))
    expect((await quote(sold, sit([1, 'A9']))).body.code).toBe('invalid-request')
  })

  test('in business is free and of business', async () => {
    const flight = await fly({ business: { seats: 12 }, seats: 141, destination: 'MAD' })
    const sold = await sell([flight.id], [ADULT], { held: true, cabin: 'C' })
    expect(await change(sold, sit([1, '1A']))).toMatchObject({ total: sold.total, lines: [] })
    await expectRefusal(() => quote(sold, sit([1, '7A'])), 422, 'unknown-seat')
  })
})

test('exit rows are for who may sit there, also after who travels has changed', async () => {
  const flight = await fly({ limits: only('M') })
  const sold = await sell([flight.id], [ADULT, birthDateFor(14, DATE), birthDateFor(15, DATE)], {
    held: true,
  })
  const refused = await expectRefusal(() => quote(sold, sit([2, '12A'])), 422, 'exit-row-unfit')
  expect(refused.body.limit).toBe(15)
  await change(sold, sit([1, '12B'], [3, '12A']))
  await expectRefusal(() => quote(sold, { addPets: [CABIN_DOG] }), 422, 'exit-row-unfit')
  const child = { givenNames: 'Leo', surnames: ['Rueda'], birthDate: infant() }
  await expectRefusal(() => quote(sold, { addPassengers: [child] }), 422, 'exit-row-unfit')
  await change(sold, { addPassengers: [child], ...sit([1, '14B']) })
  await change(sold, { removePassengers: [4] })
  await change(sold, sit([1, '12B']))
})

/** Until so many sessions of this database wait for a lock. */
async function waiting(count: number): Promise<void> {
  await expect
    .poll(async () => {
      const [row] = await database()`
        select count(*)::integer as waiting from pg_stat_activity
        where datname = current_database() and wait_event_type = 'Lock'`
      return row?.waiting
    })
    .toBe(count)
}

describe('a seat taken in between', () => {
  test('leaves all as it was, and gives back what was paid for it', async () => {
    const flight = await fly()
    const held = await sell([flight.id], [ADULT], { held: true })
    const paid = await sell([flight.id], [ADULT])
    const offers = [await quoted(held, sit([1, '7A'])), await quoted(paid, sit([1, '7A']))] as const
    await change(await sell([flight.id], [ADULT], { held: true }), sit([1, '7A']))
    const before = [await read(held), await read(paid)]
    await expectRefusal(() => make(held, offers[0].changeId), 409, 'seat-taken')
    const answer = await api.request('POST', `/v1/bookings/${paid.locator}/payments`, {
      role: 'agent',
      body: {
        ...{ method: 'cash', amount: offers[1].due, currency: 'COP' },
        ...{ changeId: offers[1].changeId, reference: crypto.randomUUID() },
      },
    })
    expect(answer).toMatchObject({ status: 201, body: { givenBack: offers[1].due } })
    expect([await read(held), await read(paid)]).toEqual(before)
    await expectConsistent()
  })

  test('goes to one of many who ask for it at once', async () => {
    const flight = await fly()
    const offers = []
    for (let at = 0; at < 8; at++) {
      const sold = await sell([flight.id], [ADULT], { held: true })
      offers.push({ sold, offer: await quoted(sold, sit([1, '7A'])) })
    }
    const answers = await Promise.all(offers.map(({ sold, offer }) => make(sold, offer.changeId)))
    expect(answers.map(({ status, body }) => (status === 200 ? 'changed' : body.code)).toSorted()).toEqual([
      'changed',
      ...Array(7).fill('seat-taken'),
    ])
  })

  test('that another wants to leave is still taken, and neither waits for the other', async () => {
    const flight = await fly()
    const two = await sell([flight.id], [ADULT, ADULT], { held: true })
    const one = await sell([flight.id], [ADULT], { held: true })
    const third = await sell([flight.id], [ADULT], { held: true })
    await change(two, sit([1, '20A']))
    await change(one, sit([1, '20B']))
    // Quoted as if both seats were free.
    const sql = database()
    const aside =
      await sql`delete from bookings.seats where seat in ('20A', '20B') returning flight_id, seat, booking_id, passenger`
    const offers = [
      await quoted(two, sit([1, '20B'], [2, '10A'])),
      await quoted(one, sit([1, '20A'])),
    ] as const
    await sql`insert into bookings.seats ${sql(aside as never)}`

    // A seat that comes first and is being taken just now holds the one back half-way, until the other is there too.
    let asked: Promise<ApiAnswer[]> | undefined
    await transaction(async (other) => {
      await other`
        insert into bookings.seats (flight_id, seat, booking_id, passenger)
        values (${flight.uuid}, '10A', ${uuidOf(third.bookingId)}, 1)`
      asked = Promise.all([
        make(two, offers[0].changeId),
        waiting(1).then(() => make(one, offers[1].changeId)),
      ])
      await waiting(2)
      await other`delete from bookings.seats where seat = '10A'`
    })
    const answers = (await asked) ?? []
    expect(answers.map(({ body }) => body.code)).toEqual(['seat-taken', 'seat-taken'])
    await expectConsistent()
  })

  test('is not one of the aircraft that flies by then', async () => {
    const [from, next] = [await fly(), await fly()]
    const sold = await sell([from.id], [ADULT], { held: true })
    const { changeId } = await quoted(sold, { directions: [{ flights: [next.id] }], ...sit([1, '29A']) })
    await database()`update flights.flights set aircraft_type = '319' where id = ${uuidOf(next.id)}`
    await expectRefusal(() => make(sold, changeId), 409, 'change-outdated')
  })
})
