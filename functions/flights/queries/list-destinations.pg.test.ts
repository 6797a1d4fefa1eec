import { expect, it } from 'vitest'
import { addDays } from '../../../shared/dates.ts'
import { database } from '../../../shared/postgres/client.ts'
import { useApi } from '../../../tests/support/api.ts'
import { today } from '../../../tests/support/dates.ts'
import { scheduleTestFlight } from '../../../tests/support/flights.ts'

const api = useApi()
const DATE = addDays(today(), 30)
const list = async () => {
  const { status, body } = await api.request('GET', '/v1/destinations')
  expect(status).toBe(200)
  return body.destinations
}

it('lists the airports with a coming flight to them, by city, and from where', async () => {
  expect(await list()).toEqual([])
  const fly = (origin: string, destination: string, date = DATE) =>
    scheduleTestFlight({ origin, destination, date })
  await fly('MDE', 'ADZ')
  await fly('BOG', 'ADZ')
  await fly('BOG', 'ADZ', addDays(DATE, 1))
  await fly('ADZ', 'BOG')
  await fly('BOG', 'CLO', addDays(today(), -2))
  const { uuid } = await fly('BOG', 'SMR')
  await database()`update flights.flights set status = 'cancelled' where id = ${uuid}`

  const listed = await list()
  expect(listed).toEqual([
    {
      code: 'BOG',
      name: 'Aeropuerto Internacional El Dorado',
      city: 'Bogotá',
      cityCode: 'BOG',
      countryCode: 'CO',
      timeZone: 'America/Bogota',
      from: ['ADZ'],
    },
    expect.objectContaining({ code: 'ADZ', city: 'San Andrés', from: ['BOG', 'MDE'] }),
  ])
})
