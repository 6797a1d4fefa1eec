import { afterAll, beforeAll, expect, it } from 'vitest'
import { seedReference, seedSchedule } from '../../infra/postgres/seed/load.ts'
import { uuidOf } from '../../shared/ids.ts'
import { database, transaction } from '../../shared/postgres/client.ts'
import { useDatabase } from '../support/database.ts'
import { startTestHost, type TestHost } from '../support/local-host.ts'
import { mainJourney } from './main-journey.ts'

const { url } = useDatabase()
let host: TestHost

beforeAll(async () => {
  await transaction(async (sql) => {
    await seedReference(sql)
    await seedSchedule(sql, { days: 13 })
  })
  host = await startTestHost(url)
})
afterAll(() => host?.stop())

it('searches, quotes, books and reads back over HTTP, and tells what happened in the same commit', async () => {
  const { held, confirmed } = await mainJourney(host.client)

  const eventsOf = (bookingId: string) => database()`
    select o.type, o.version, o.data ->> 'bookingId' as about, (o.data ->> 'total')::bigint = q.total as "sameTotal",
      o.xmin = b.xmin as "sameCommit", o.data::text ~ 'Restrepo|Ñáñez|maria@' as "namesPeople"
    from platform.outbox o join bookings.bookings b on b.id = ${uuidOf(bookingId)}
    join bookings.quotes q on q.id = b.quote_id
    where o.subject = ${bookingId} order by o.id`
  const told = (bookingId: string, type: string) => {
    return { type, version: 1, about: bookingId, sameTotal: true, sameCommit: true, namesPeople: false }
  }
  expect(await eventsOf(held)).toEqual([told(held, 'bookings.booking-created.v1')])
  expect(await eventsOf(confirmed)).toEqual([
    told(confirmed, 'bookings.booking-created.v1'),
    told(confirmed, 'bookings.booking-confirmed.v1'),
  ])
})
