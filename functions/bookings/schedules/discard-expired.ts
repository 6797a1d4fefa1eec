import { log } from '#log'
import { database } from '../../../shared/postgres/client.ts'
import { scheduled } from '../../../shared/schedule.ts'
import { discardExpired } from '../../catalog.ts'

/** Rows a statement deletes at most: a long backlog is taken in steps that hold few locks. */
const STEP = 5000
/** How far back it looks: booked quotes are kept for ever, and are not to be passed over again in every run. */
const REACH = '30 days'

/**
 * Discards what nobody can use any more: a day after their expiry changes that were not made, quotes that no booking
 * names or named, and refund quotes; a day after their use idempotency keys.
 */
export const schedule = scheduled(discardExpired, async () => {
  const sql = database()
  // A payment whose outcome comes late still asks for what it was to pay.
  const changes = await inSteps(
    () => sql`
      delete from bookings.changes where id in (
        select c.id from bookings.changes c
        where c.applied_at is null and c.expires_at < now() - interval '1 day'
          and not exists (select from bookings.payments p where p.change_id = c.id)
        limit ${STEP})`,
  )
  const quotes = await inSteps(
    () => sql`
      delete from bookings.quotes where id in (
        select q.id from bookings.quotes q
        where q.expires_at between now() - ${REACH}::interval and now() - interval '1 day'
          and not exists (select from bookings.bookings b where b.quote_id = q.id)
          and not exists (select from bookings.history h where h.quote_id = q.id)
          and not exists (select from bookings.changes c where c.quote_id = q.id)
        limit ${STEP})`,
  )
  const refundQuotes = await inSteps(
    () => sql`
      delete from bookings.refund_quotes where id in (
        select id from bookings.refund_quotes where expires_at < now() - interval '1 day' limit ${STEP})`,
  )
  const keys = await inSteps(
    () => sql`
      delete from platform.idempotency_keys where (caller, key) in (
        select caller, key from platform.idempotency_keys where created_at < now() - interval '1 day' limit ${STEP})`,
  )
  log.info({ changes, quotes, refundQuotes, keys }, 'discarded what had expired')
})

async function inSteps(deleteSome: () => PromiseLike<{ count: number }>): Promise<number> {
  let total = 0
  for (;;) {
    const { count } = await deleteSome()
    total += count
    if (count < STEP) return total
  }
}
