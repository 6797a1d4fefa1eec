// A process of its own that settles cancelled flights until it is killed or done; started by cancelled-flight.pg.test.ts.
import { once } from 'node:events'
import { schedule } from '../../functions/bookings/schedules/settle-cancelled-flights.ts'
import { connect, disconnect } from '../../shared/postgres/client.ts'
import { configureForTest } from '../support/settings.ts'

const [{ databaseUrl }] = (await once(process, 'message')) as [{ databaseUrl: string }]
configureForTest()
connect(databaseUrl)
process.send?.('settling')
await schedule.run()
await disconnect()
process.disconnect?.()
