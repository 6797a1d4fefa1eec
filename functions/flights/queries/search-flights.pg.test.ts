import { beforeAll, describe, expect, it } from 'vitest'
import { addDays } from '../../../shared/dates.ts'
import { uuidOf } from '../../../shared/ids.ts'
import { database } from '../../../shared/postgres/client.ts'
import { useApi } from '../../../tests/support/api.ts'
import { today } from '../../../tests/support/dates.ts'
import { scheduleTestFlight, type TestFlight } from '../../../tests/support/flights.ts'
import { ADULT, expectMade, orderOf, peopleOf, sales } from '../../../tests/support/orders.ts'

const api = useApi()
const DATE = addDays(today(), 30)
const NEXT = addDays(DATE, 1)

type Found = { flightId: string; departsAt: string; arrivesAt: string; dayChange: number; seatsLeft: number }
const search = async (query: Record<string, string | number>) => {
  const text = Object.entries(query).map(([name, value]) => `${name}=${value}`)
  const answer = await api.request('GET', `/v1/flights?${text.join('&')}`)
  expect(answer.status, JSON.stringify(answer.body)).toBe(200)
  return answer
}
const fly = async (flight: Partial<TestFlight> & { origin: string; destination: string }) =>
  (await scheduleTestFlight({ date: DATE, ...flight })).id
const idsOf = (flights: Found[]) => flights.map(({ flightId }) => flightId)

describe('pages', () => {
  const market = { origin: 'BOG', destination: 'CLO' }
  let inOrder: string[]
  beforeAll(async () => {
    // Four leave in the same minute, so that pages end between flights that only their ids tell apart.
    const times = ['09:00', '07:00', '07:00', '07:00', '07:00', '06:10', '21:30']
    const flights = await Promise.all(
      times.map(async (time) => ({ time, id: await fly({ ...market, time }) })),
    )
    flights.push({ time: '99:99', id: await fly({ ...market, date: NEXT, time: '05:00' }) })
    inOrder = flights
      .map(({ time, id }) => `${time} ${id}`)
      .sort()
      .map((key) => key.slice(6))
  })
  const query = { ...market, date: DATE, dateTo: NEXT }

  it.each([1, 2, 3, 8, 50])('of %i give each flight once, in order of departure', async (limit) => {
    const found: string[] = []
    let pages = 0
    for (let cursor: string | null = ''; cursor !== null; pages++) {
      const { body } = await search({ ...query, limit, ...(cursor && { cursor }) })
      found.push(...idsOf(body.outbound.flights))
      cursor = body.outbound.nextCursor
    }
    expect(found).toEqual(inOrder)
    expect(pages).toBe(Math.ceil(inOrder.length / limit))
  })

  it('are linked, and a link is the same search further on', async () => {
    const found: string[] = []
    let path = `/v1/flights?${new URLSearchParams({ ...query, limit: '3', adults: '2' })}`
    for (;;) {
      const { body, headers } = await api.request('GET', path)
      found.push(...idsOf(body.outbound.flights))
      // Two adults' seats in a promotional fare: the party goes from page to page.
      expect(body.outbound.flights[0].priceFrom.fare * 2).toBeLessThan(
        body.outbound.flights[0].priceFrom.total,
      )
      if (!headers.link) break
      path = headers.link.match(/^<(\/v1\/flights\?[^>]+)>; rel="next"$/)?.[1] ?? 'no link'
    }
    expect(found).toEqual(inOrder)
  })

  it('of the way back have a cursor of their own', async () => {
    const home = { origin: 'CLO', destination: 'BOG', date: addDays(DATE, 7) }
    const back = [await fly({ ...home, time: '06:00' }), await fly({ ...home, time: '08:00' })]
    const both = { ...query, returnDate: home.date, limit: 1 }
    const first = await search(both)
    expect(idsOf(first.body.inbound.flights)).toEqual(back.slice(0, 1))
    const links = [...(first.headers.link ?? '').matchAll(/<([^>]+)>; rel="next"/g)].map(([, to]) => to ?? '')
    const [onward, homeward] = await Promise.all(links.map((link) => api.request('GET', link)))
    expect(idsOf(onward?.body.outbound.flights)).toEqual(inOrder.slice(1, 2))
    expect(idsOf(onward?.body.inbound.flights)).toEqual(back.slice(0, 1))
    expect(idsOf(homeward?.body.outbound.flights)).toEqual(inOrder.slice(0, 1))
    expect(idsOf(homeward?.body.inbound.flights)).toEqual(back.slice(1))
    const { nextCursor } = first.body.inbound
    const second = await search({ ...both, returnCursor: nextCursor })
    expect(idsOf(second.body.inbound.flights)).toEqual(back.slice(1))
    expect(second.body.inbound.nextCursor).toBeNull()
    expect(idsOf(second.body.outbound.flights)).toEqual(inOrder.slice(0, 1))
  })
})

describe('a date is local to the origin', () => {
  it.each([
    ['MAD', 'BOG', '+01:00|+02:00'],
    ['BOG', 'MAD', '-05:00'],
    ['JFK', 'BOG', '-05:00|-04:00'],
    ['SCL', 'BOG', '-03:00|-04:00'],
  ])('%s–%s', async (origin, destination, offsets) => {
    const market = { origin, destination }
    const first = await fly({ ...market, time: '00:10', blockMinutes: 600 })
    const last = await fly({ ...market, time: '23:30', blockMinutes: 600 })
    const next = await fly({ ...market, date: NEXT, time: '00:10', blockMinutes: 600 })
    const on = async (date: string): Promise<Found[]> =>
      (await search({ ...market, date })).body.outbound.flights
    expect(idsOf(await on(DATE))).toEqual([first, last])
    expect(idsOf(await on(NEXT))).toEqual([next])
    expect(await on(addDays(DATE, -1))).toEqual([])
    const [, late] = await on(DATE)
    expect(late?.departsAt).toMatch(new RegExp(`^${DATE}T23:30:00(${offsets.replaceAll('+', '\\+')})$`))
    expect(late?.arrivesAt.slice(0, 10)).toBe(addDays(DATE, late?.dayChange ?? 0))
    expect(Date.parse(late?.arrivesAt ?? '') - Date.parse(late?.departsAt ?? '')).toBe(600 * 60_000)
  })
})

describe('what a flight shows', () => {
  it.each([
    ['one adult', { adults: 1 }, {}],
    ['a family', { adults: 2, children: 2, infants: 1 }, {}],
    ['nine who do not fit the cheapest class', { adults: 7, children: 2 }, {}],
    [
      'a family at a fare that is not promotional',
      { adults: 2, children: 1 },
      { limits: [40, 40, 40, 40, 0] },
    ],
    ['two in business', { adults: 2, cabin: 'C' }, { business: { seats: 12 }, destination: 'JFK' }],
  ])('is what a quote says: %s', async (_, party, flight) => {
    const { destination = 'ADZ', ...given }: Partial<TestFlight> = flight
    const market = { origin: 'BOG', destination, date: DATE }
    const id = await fly({ seats: 40, ...market, time: '12:34', ...given })
    const { body } = await search({ ...market, ...party })
    const found = body.outbound.flights.find(({ flightId }: Found) => flightId === id)
    const { adults, children = 0, infants = 0 } = party as Record<string, number>
    const born = (count: number, age: number) =>
      Array<string>(count).fill(`${Number(DATE.slice(0, 4)) - age}-01-01`)
    const birthDates = [...born(adults ?? 0, 30), ...born(children, 8), ...born(infants, 1)]
    const cabin = 'cabin' in party ? { cabin: party.cabin } : {}
    const quote = expectMade(await sales(api).quote(orderOf([id], birthDates, cabin)))
    expect(found.priceFrom).toMatchObject({
      currency: quote.currency,
      total: quote.total,
      bookingClass: quote.segments[0].bookingClass,
      fareBasis: quote.segments[0].fareBasis,
      fare: quote.lines[0].amount,
      dueAtCounter: quote.counter.reduce((sum: number, { amount }: { amount: number }) => sum + amount, 0),
    })
    const discounts = quote.lines.filter(({ kind }: { kind: string }) => kind === 'discount')
    expect(found.priceFrom.promotion === null).toBe(discounts.length === 0)
  })

  it('follows what is sold: seats left, the next class, and null when the party finds none', async () => {
    const market = { origin: 'BOG', destination: 'LET' }
    const flight = await fly({ ...market, seats: 4, limits: [4, 4, 4, 4, 1] })
    const shown = async (party = {}) =>
      (await search({ ...market, date: DATE, ...party })).body.outbound.flights[0]
    expect(await shown()).toMatchObject({ seatsLeft: 4, priceFrom: { bookingClass: 'L' } })
    expect(await shown({ adults: 2 })).toMatchObject({ seatsLeft: 4, priceFrom: { bookingClass: 'Q' } })
    const book = (count: number) => {
      const order = orderOf([flight], Array<string>(count).fill(ADULT))
      return sales(api)
        .book({ order, ...peopleOf(count) })
        .then(expectMade)
    }
    await book(1)
    expect(await shown()).toMatchObject({ seatsLeft: 3, priceFrom: { bookingClass: 'Q' } })
    expect(await shown({ adults: 4 })).toMatchObject({ seatsLeft: 3, priceFrom: null })
    await book(3)
    expect(await shown()).toMatchObject({ flightId: flight, seatsLeft: 0, priceFrom: null })
  })

  it('has no price for an infant more than it takes, nor in a cabin that it has not', async () => {
    const market = { origin: 'BOG', destination: 'RCH' }
    await fly({ ...market, infants: 1 })
    const shown = async (party: object) =>
      (await search({ ...market, date: DATE, ...party })).body.outbound.flights[0]
    expect((await shown({ adults: 2, infants: 1 })).priceFrom).not.toBeNull()
    expect((await shown({ adults: 2, infants: 2 })).priceFrom).toBeNull()
    expect(await shown({ cabin: 'C' })).toMatchObject({ seatsLeft: 0, priceFrom: null })
  })

  it('is nothing once it has left or was cancelled, and no price once its sale is closed', async () => {
    const market = { origin: 'BOG', destination: 'PSO' }
    const [gone, cancelled, closed, open] = [
      await fly({ ...market, time: '07:00' }),
      await fly({ ...market, time: '08:00' }),
      await fly({ ...market, time: '09:00', salesCloseMinutes: 40 * 1440 }),
      await fly({ ...market, time: '10:00' }),
    ]
    const sql = database()
    await sql`
      update flights.flights set departs_at = now() - interval '1 minute', departure_date = current_date
      where id = ${uuidOf(gone)}`
    await sql`update flights.flights set status = 'cancelled' where id = ${uuidOf(cancelled)}`
    const { body } = await search({ ...market, date: today(), dateTo: NEXT })
    expect(idsOf(body.outbound.flights)).toEqual([closed, open])
    expect(body.outbound.flights).toMatchObject([{ seatsLeft: 0, priceFrom: null }, { seatsLeft: 180 }])
  })
})
