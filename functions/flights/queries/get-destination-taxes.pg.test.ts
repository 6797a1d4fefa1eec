import { beforeAll, describe, expect, it } from 'vitest'
import { seedSchedule } from '../../../infra/postgres/seed/load.ts'
import { database, transaction } from '../../../shared/postgres/client.ts'
import { useApi } from '../../../tests/support/api.ts'
import { today } from '../../../tests/support/dates.ts'
import { expectRefusal } from '../../../tests/support/refusal.ts'

const api = useApi()
// Series without flights: the usual origin is read from them.
beforeAll(() => transaction((sql) => seedSchedule(sql, { days: 0 })))

const ask = (destination: string, query = '') =>
  api.request('GET', `/v1/destinations/${destination}/taxes?${query}`)
const taxesOf = async (destination: string, query = '') => {
  const answer = await ask(destination, query)
  expect(answer.status, JSON.stringify(answer.body)).toBe(200)
  return answer.body
}
type Charge = { code: string; count: number; amount: number; collected: string }
const chargesOf = (party: { charges: Charge[] }) =>
  Object.fromEntries(party.charges.map(({ code, count, amount }) => [code, [count, amount]]))

describe('«¿Cuánto pagaría de impuestos si viajo a San Andrés con mi mascota?»', () => {
  it('is answered by the taxes in the ticket and at the counter, and the fee for the pet apart', async () => {
    const answer = await taxesOf('ADZ', 'petsInCabin=1')
    expect(answer).toMatchObject({ destination: 'ADZ', city: 'San Andrés', origin: 'BOG', date: today() })
    expect(answer.party).toMatchObject({
      currency: 'COP',
      inTicket: 2_700_000 + 3_500_000,
      atCounter: 15_300_000,
      total: 2_700_000 + 3_500_000 + 15_300_000,
      petFees: 15_000_000,
    })
    expect(answer.party.charges).toMatchObject([
      { code: 'CO', count: 1, amount: 2_700_000, collected: 'ticket' },
      { code: 'PM', count: 1, amount: 3_500_000, collected: 'ticket' },
      { code: 'SA', count: 1, amount: 15_300_000, collected: 'counter' },
    ])
    const byCode = Object.fromEntries(answer.taxes.map((tax: { code: string }) => [tax.code, tax]))
    expect(byCode.SA).toMatchObject({
      name: { es: 'Tarjeta de turismo de San Andrés 2026' },
      charge: { basis: 'fixed', amount: 15_300_000, currency: 'COP' },
      sample: false,
    })
    expect(byCode.SA.source).toContain('Decreto 0010')
    expect(byCode.PM).toMatchObject({ chargedPer: 'pet', sample: true })
    // IVA is not charged on tickets to the island.
    expect(byCode.YS).toBeUndefined()
  })

  it('costs a pet in the hold another fee, and the same tax', async () => {
    const { party } = await taxesOf('ADZ', 'petsInHold=1&petsInCabin=2')
    expect(chargesOf(party).PM).toEqual([3, 10_500_000])
    expect(party.petFees).toBe(2 * 15_000_000 + 25_000_000)
  })
})

describe('the tourist card of San Andrés', () => {
  it.each([
    ['2025-03-01', 14_600_000],
    ['2025-12-31', 14_600_000],
    ['2026-01-01', 15_300_000],
    [today(), 15_300_000],
  ])('on %s costs %i', async (date, amount) => {
    const { party, taxes } = await taxesOf('ADZ', `date=${date}&origin=BOG`)
    expect(chargesOf(party).SA).toEqual([1, amount])
    expect(taxes.filter(({ code }: { code: string }) => code === 'SA')).toHaveLength(1)
    expect(party.atCounter).toBe(amount)
  })

  it('is paid from seven years on, and by no resident', async () => {
    const ages = await taxesOf('ADZ', 'origin=BOG&ages=34,12,7,6,1')
    expect(chargesOf(ages.party).SA).toEqual([3, 3 * 15_300_000])
    // The airport's fee from two years on.
    expect(chargesOf(ages.party).CO).toEqual([4, 4 * 2_700_000])
    const residents = await taxesOf('ADZ', 'origin=BOG&ages=34,12&residency=ADZ')
    expect(chargesOf(residents.party).SA).toBeUndefined()
    expect(residents.party).toMatchObject({ atCounter: 0, inTicket: 2 * 2_700_000 })
    // The rule is in force all the same.
    expect(residents.taxes.map(({ code }: { code: string }) => code)).toContain('SA')
  })
})

describe('other places', () => {
  it('takes percentages of the cheapest fare that is filed, less its promotion', async () => {
    const { party, taxes } = await taxesOf('CTG', 'origin=BOG')
    expect(party.assumedFare).toBeGreaterThan(0)
    expect(chargesOf(party)).toEqual({
      YS: [1, Math.round((party.assumedFare * 19) / 100)],
      CO: [1, 2_700_000],
    })
    const iva = taxes.find(({ code }: { code: string }) => code === 'YS')
    expect(iva.charge).toEqual({ basis: 'percentage', rateBasisPoints: 1900, base: 'net-fare' })
    const promoted = await taxesOf('ADZ', 'origin=BOG')
    const [fare] = await database()`
      select min(amount) as cheapest from flights.fares where origin = 'BOG' and destination = 'ADZ'`
    expect(promoted.party.assumedFare * 10).toBe(fare?.cheapest * 9)
  })

  it('converts a tax of another currency at the stored rate', async () => {
    const { party } = await taxesOf('BOG', 'origin=MIA')
    // US$ 15 at 4,050 pesos.
    expect(chargesOf(party).TU).toEqual([1, 6_075_000])
  })

  it('asks for nothing between airports that have no rule', async () => {
    const { party } = await taxesOf('MAD', 'origin=JFK')
    expect(party).toMatchObject({ charges: [], total: 0, assumedFare: null, petFees: 0 })
  })

  it.each([
    ['PVA', 'ADZ'],
    ['BSC', 'EOH'],
    ['ADZ', 'BOG'],
  ])('to %s the usual origin is %s', async (destination, origin) => {
    expect((await taxesOf(destination)).origin).toBe(origin)
  })
})

it('refuses an airport that it does not know, and ages that are none', async () => {
  const parameter = (name: string) => ({ parameter: name })
  await expectRefusal(() => ask('XXX'), 422, 'unknown-airport', parameter('destination'))
  await expectRefusal(() => ask('XXX', 'origin=BOG'), 422, 'unknown-airport', parameter('destination'))
  await expectRefusal(() => ask('ADZ', 'origin=XXX'), 422, 'unknown-airport', parameter('origin'))
  await expectRefusal(() => ask('ADZ', 'origin=ADZ'), 422, 'invalid-request', parameter('origin'))
  for (const ages of ['', 'x', '34,,12', '121', '-1']) {
    await expectRefusal(() => ask('ADZ', `ages=${ages}`), 422, 'invalid-request', parameter('ages'))
  }
  await expectRefusal(() => ask('ADZ', 'petsInCabin=10'), 422, 'invalid-request', parameter('petsInCabin'))
  await expectRefusal(() => ask('ADZ', 'mascotas=1'), 422, 'invalid-request', parameter('mascotas'))
})
