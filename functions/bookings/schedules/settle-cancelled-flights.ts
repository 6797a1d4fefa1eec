import { log } from '#log'
import { publicId } from '../../../shared/ids.ts'
import { database, transaction } from '../../../shared/postgres/client.ts'
import { scheduled } from '../../../shared/schedule.ts'
import { settleCancelledFlights } from '../../catalog.ts'
import { type Settlement, settleNext } from '../settle.ts'

/** How often a long settlement says how far it is, in bookings. */
const SAY_EVERY = 25

/**
 * Rebooks or refunds everybody on cancelled flights, a booking a commit. Wherever it is stopped, the next run goes on;
 * several may run at once, and none takes a booking that another has.
 */
export const schedule = scheduled(settleCancelledFlights, async () => {
  const open = await database()<Settlement[]>`
    select flight_id as "flightId", event_id as "eventId", remedy from bookings.flight_settlements
    where finished_at is null order by started_at, flight_id`
  for (const settlement of open) await settle(settlement)
})

async function settle(settlement: Settlement): Promise<void> {
  const flightId = publicId('flight', settlement.flightId)
  const done = { rebooked: 0, refunded: 0 }
  // One that fails is told and passed over, and does not keep the others waiting; the next run tries it again.
  const failed: string[] = []
  for (;;) {
    let taken: string | undefined
    try {
      const settled = await transaction((sql) =>
        settleNext(sql, settlement, failed, (bookingId) => {
          taken = bookingId
        }),
      )
      if (!settled) break
      done[settled.answer]++
      if ((done.rebooked + done.refunded) % SAY_EVERY === 0) {
        log.info({ flightId, ...done, failed: failed.length }, 'settling a cancelled flight')
      }
    } catch (err) {
      if (taken === undefined) throw err
      log.error({ err, flightId, bookingId: publicId('booking', taken) }, 'a booking was not settled')
      failed.push(taken)
    }
  }
  const finished = await database()`
    update bookings.flight_settlements s set finished_at = now()
    where s.flight_id = ${settlement.flightId} and s.finished_at is null and not exists (
      select from bookings.disruptions d
      where d.flight_id = s.flight_id and d.event_id = s.event_id and d.answer is null)
    returning s.flight_id`
  const end = { flightId, ...done, failed: failed.length, finished: finished.length > 0 }
  log.info(end, finished.length > 0 ? 'settled a cancelled flight' : 'a cancelled flight is not settled yet')
}
