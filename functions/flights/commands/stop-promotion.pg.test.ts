import { expect, test } from 'vitest'
import { publicId, uuidOf } from '../../../shared/ids.ts'
import { database } from '../../../shared/postgres/client.ts'
import { useApi } from '../../../tests/support/api.ts'
import { loadTariff } from '../tariff.ts'

const api = useApi()
const stop = (promotion: string) =>
  api.request('POST', `/v1/promotions/${promotion}/stop`, { role: 'revenue' })

test('stops a promotion once: it discounts no more, and a second stop says when the first was', async () => {
  const sql = database()
  const [seeded] = await sql`select id from flights.promotions where code = 'CARIBE10'`
  const promotion = publicId('promotion', seeded?.id)
  const running = async () =>
    (await loadTariff(sql, { airports: ['BOG'] })).promotions.map(({ code }) => code)
  expect(await running()).toContain('CARIBE10')

  const answer = await stop(promotion)
  expect(answer).toMatchObject({ status: 200, body: { promotionId: promotion } })
  const { stoppedAt } = answer.body
  const row = () => sql`select stopped_at, stopped_by from flights.promotions where id = ${uuidOf(promotion)}`
  expect(await row()).toEqual([{ stopped_at: expect.any(Date), stopped_by: 'staff:local-revenue' }])
  expect(Math.abs(Date.parse(stoppedAt) - Date.now())).toBeLessThan(60_000)
  expect(await running()).not.toContain('CARIBE10')

  const before = await row()
  expect(await stop(promotion)).toMatchObject({
    status: 409,
    body: { code: 'promotion-stopped', stoppedAt },
  })
  expect(await row()).toEqual(before)
})

test('refuses a promotion that is not known', async () => {
  expect(await stop('prm_019abcde000070008000000000000001')).toMatchObject({
    status: 404,
    body: { code: 'unknown-promotion' },
  })
})
