import { beforeAll, describe, expect, it } from 'vitest'
import { addDays } from '../../shared/dates.ts'
import { database } from '../../shared/postgres/client.ts'
import { useApi } from '../support/api.ts'
import { today } from '../support/dates.ts'
import { scheduleTestFlight } from '../support/flights.ts'
import { ADULT, orderOf, peopleOf } from '../support/orders.ts'
import { expectRefusal, sameForAll } from '../support/refusal.ts'

const api = useApi()
let flight: string
beforeAll(async () => {
  const date = addDays(today(), 20)
  flight = (await scheduleTestFlight({ origin: 'BOG', destination: 'CTG', date, seats: 180 })).id
})

type Person = { givenNames: string; surnames: string[] }
const book = (person: Person, more: object = {}) =>
  api.request('POST', '/v1/bookings', {
    body: { order: orderOf([flight], [ADULT]), ...peopleOf(1), passengers: [person], ...more },
  })
const open = (locator: string, surname: string) =>
  api.request('POST', '/v1/booking-access', { body: { locator, surname } })

describe('names are kept as they are written', () => {
  it.each<Person>([
    { givenNames: 'María José', surnames: ['Ñáñez', 'Güiza'] },
    { givenNames: 'Sinéad', surnames: ["O'Brien"] },
    { givenNames: 'Seán', surnames: ['O’Brien'] },
    { givenNames: 'Jean-Luc', surnames: ['Muñoz-García', 'D’Ávila'] },
    { givenNames: 'Ana M.', surnames: ['de la Ossa', 'St. Clair'] },
    { givenNames: 'Çağla', surnames: ['Łukasiewicz', 'Đặng'] },
    { givenNames: '美咲', surnames: ['佐藤'] },
    // Letters and marks that names have, in an order that SQL would take for its own.
    { givenNames: 'Bobby', surnames: ["Nadie' OR 'a'-- DROP TABLE bookings"] },
  ])('$givenNames $surnames', async (person) => {
    const { status, body } = await book(person)
    expect(status, JSON.stringify(body)).toBe(201)
    for (const surname of [person.surnames[0] ?? '', person.surnames.join(' ')]) {
      const read = await open(body.locator, surname)
      expect(read.status, surname).toBe(200)
      const [passenger] = read.body.passengers
      expect(bytesOf(passenger)).toEqual(bytesOf(person))
    }
  })

  it('but for composition and outer space', async () => {
    const composed = { givenNames: 'José Ángel', surnames: ['Ñáñez'] }
    const decomposed = {
      givenNames: ` ${composed.givenNames.normalize('NFD')} `,
      surnames: ['Ñáñez'.normalize('NFD')],
    }
    expect(bytesOf(decomposed)).not.toEqual(bytesOf(composed))
    const { body } = await book(decomposed)
    const read = await open(body.locator, 'Ñáñez'.normalize('NFD'))
    expect(bytesOf(read.body.passengers[0])).toEqual(bytesOf(composed))
  })
})

describe('what is no name is refused, where it stands', () => {
  const PERSON = { givenNames: 'Ana', surnames: ['Pérez', 'Gómez'] }
  const BAD = [
    ['an emoji', 'Ana 😀'],
    ['a joined emoji', '👩‍🚀'],
    ['a null character', 'Ana\u0000'],
    ['a bell', 'An\u0007a'],
    ['a line break', 'Ana\nMaría'],
    ['a change of direction', 'Ana\u202E'],
    ['digits', 'Ana 2'],
    ['statements', "Robert'); DROP TABLE bookings.bookings; --"],
    ['markup', '<b>Ana</b>'],
    ['nothing', '   '],
    ['61 letters', 'a'.repeat(61)],
  ]
  it.each(BAD)('%s', async (_, text) => {
    const { contact } = peopleOf(1)
    const at = (pointer: string, person: Person, more = {}) =>
      expectRefusal(() => book(person, more), 422, 'invalid-request', { pointer })
    await at('/passengers/0/givenNames', { ...PERSON, givenNames: text })
    await at('/passengers/0/surnames/1', { ...PERSON, surnames: ['Pérez', text] })
    await at('/contact/name', PERSON, { contact: { ...contact, name: text } })
    await at('/payer/name', PERSON, { payer: { name: text } })
  })
})

describe('a booking is opened by locator and surname together', () => {
  it('and a wrong one of either is answered alike', async () => {
    const { body } = await book({ givenNames: 'Ana', surnames: ['Pérez', 'Gómez'] })
    const { body: other } = await book({ givenNames: 'Luz', surnames: ['Rincón'] })
    const wrong = { locator: body.locator === 'ABC234' ? 'ABC235' : 'ABC234', surname: 'Pérez' }
    const answers = [
      await expectRefusal(() => open(wrong.locator, wrong.surname), 404, 'booking-not-found'),
      await expectRefusal(() => open(body.locator, 'Rincón'), 404, 'booking-not-found'),
      await expectRefusal(() => open(other.locator, 'Pérez'), 404, 'booking-not-found'),
      // The second surname alone opens nothing, nor does what SQL would take for always.
      await expectRefusal(() => open(body.locator, 'Gómez'), 404, 'booking-not-found'),
      await expectRefusal(() => open(body.locator, "' OR '1'='1"), 404, 'booking-not-found'),
      await expectRefusal(() => open(body.locator, '😀'), 404, 'booking-not-found'),
    ]
    const [first, ...others] = answers.map(sameForAll)
    for (const answer of others) expect(answer).toEqual(first)
    const headers = answers.map(({ headers: { 'x-request-id': _, ...rest } }) => rest)
    for (const answer of headers) expect(answer).toEqual(headers[0])
    expect((await open(` ${body.locator.toLowerCase()} `, 'PEREZ')).status).toBe(200)
  })

  it('and a locator that none can be is refused by its field', () =>
    expectRefusal(() => open('0O1IL!', 'Pérez'), 422, 'invalid-request', { pointer: '/locator' }))
})

it('leaves no trace of a name in an event', async () => {
  const { body } = await book({ givenNames: 'Zoraida', surnames: ['Quiñones'] })
  const events = await database()`
    select data::text as told from platform.outbox where subject = ${body.bookingId}`
  expect(events.length).toBe(1)
  for (const { told } of events) expect(told).not.toMatch(/Zoraida|Qui/)
})

const bytesOf = ({ givenNames, surnames }: Person): string[] =>
  [givenNames, ...surnames].map((name) => Buffer.from(name).toString('hex'))
