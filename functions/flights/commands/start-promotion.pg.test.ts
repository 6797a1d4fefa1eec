import { expect, test } from 'vitest'
import { addDays } from '../../../shared/dates.ts'
import { publicId, uuidOf } from '../../../shared/ids.ts'
import { database } from '../../../shared/postgres/client.ts'
import { useApi } from '../../../tests/support/api.ts'
import { today } from '../../../tests/support/dates.ts'

const api = useApi()
const promotion = {
  name: { es: 'Semana de prueba', en: 'Test week' },
  saleFrom: today(),
  saleTo: addDays(today(), 6),
  travelFrom: addDays(today(), 10),
  travelTo: addDays(today(), 90),
}
const start = (change: object = {}) =>
  api.request('POST', '/v1/promotions', { role: 'revenue', body: { ...promotion, ...change } })
const stored = (id: string) =>
  database()`
    select name_es, name_en, rate_basis_points, code, routes, destinations, cabins, sale_from, sale_to, travel_from,
      travel_to, started_by, stopped_at
    from flights.promotions where id = ${uuidOf(id)}`
const count = () => database()`select count(*) as promotions from flights.promotions`

test('without lists and rate it takes 10 % off every flight, by itself', async () => {
  const answer = await start()
  expect(answer).toMatchObject({ status: 201, body: { promotionId: expect.stringMatching(/^prm_/) } })
  expect(await stored(answer.body.promotionId)).toEqual([
    {
      name_es: 'Semana de prueba',
      name_en: 'Test week',
      rate_basis_points: 1000,
      code: null,
      routes: null,
      destinations: null,
      cabins: null,
      sale_from: promotion.saleFrom,
      sale_to: promotion.saleTo,
      travel_from: promotion.travelFrom,
      travel_to: promotion.travelTo,
      started_by: 'staff:local-revenue',
      stopped_at: null,
    },
  ])
})

test('keeps its scope and its code', async () => {
  const scope = { code: 'ISLA15', routes: ['BOG-ADZ', 'MDE-ADZ'], destinations: ['ADZ'], cabins: ['Y', 'C'] }
  const { body } = await start({ ...scope, rateBasisPoints: 1550 })
  expect(await stored(body.promotionId)).toMatchObject([{ ...scope, rate_basis_points: 1550 }])
})

test('a code is taken while a promotion that has it is on sale, and free on other days and when it stops', async () => {
  const first = await start({ code: 'WEEK1' })
  expect(first.status).toBe(201)
  const taken = { status: 409, body: { code: 'promotion-code-taken', errors: [{ pointer: '/code' }] } }
  expect(await start({ code: 'WEEK1', saleFrom: promotion.saleTo })).toMatchObject(taken)
  const later = { saleFrom: addDays(promotion.saleTo, 1), saleTo: addDays(promotion.saleTo, 2) }
  expect(await start({ code: 'WEEK1', ...later })).toMatchObject({ status: 201 })

  const { promotionId } = first.body
  await api.request('POST', `/v1/promotions/${promotionId}/stop`, { role: 'revenue' })
  expect(await start({ code: 'WEEK1' })).toMatchObject({ status: 201 })
})

test('of two that start a code at once, one gets it', async () => {
  const answers = await Promise.all([start({ code: 'RACE' }), start({ code: 'RACE' })])
  expect(answers.map(({ status }) => status).sort()).toEqual([201, 409])
  const running = await database()`select id from flights.promotions where code = 'RACE'`
  const started = answers.find(({ status }) => status === 201)
  expect(running.map(({ id }) => publicId('promotion', id))).toEqual([started?.body.promotionId])
})

test.each([
  [
    'unknown-airport',
    { routes: ['BOG-ADZ', 'XXX-ADZ'], destinations: ['YYY'] },
    [{ pointer: '/routes/1', detail: 'XXX is not known' }, { pointer: '/destinations/0' }],
  ],
  [
    'date-in-past',
    { saleFrom: addDays(today(), -9), saleTo: addDays(today(), -1) },
    [{ pointer: '/saleTo' }],
  ],
  ['invalid-request', { routes: ['BOG-BOG'] }, [{ pointer: '/routes/0' }]],
  ['invalid-request', { routes: [] }, [{ pointer: '/routes' }]],
  ['invalid-request', { cabins: ['F'] }, [{ pointer: '/cabins/0' }]],
  ['invalid-request', { rateBasisPoints: 10_001 }, [{ pointer: '/rateBasisPoints' }]],
  ['invalid-request', { code: 'a' }, [{ pointer: '/code' }]],
  ['invalid-request', { saleTo: addDays(today(), -1) }, [{ pointer: '/saleTo' }]],
  ['invalid-request', { travelTo: addDays(today(), 9) }, [{ pointer: '/travelTo' }]],
])('refuses with %s what is asked by %o, and writes nothing', async (code, change, errors) => {
  const before = await count()
  expect(await start(change)).toMatchObject({ status: 422, body: { code, errors } })
  expect(await count()).toEqual(before)
})
