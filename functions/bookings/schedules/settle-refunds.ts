import { log } from '#log'
import { cardPayments } from '#payments'
import { database } from '../../../shared/postgres/client.ts'
import { scheduled } from '../../../shared/schedule.ts'
import { settleRefunds } from '../../catalog.ts'

/** Refunds a run asks for at most; the next goes on. */
const MOST = 200
/** Minutes between two tries grow 2, 4, 8… to this. */
const LONGEST_WAIT = 360

type Due = { refundId: string; amount: number; currency: string; paymentReference: string; attempts: number }

/** Takes the next refund to a card that is due; who takes one moves its time, so that nobody else does meanwhile. */
async function takeNext(provider: string): Promise<Due | undefined> {
  const [next] = await database()<Due[]>`
    update bookings.refunds r set asked_at = now(), attempts = r.attempts + 1
    from bookings.payments p
    where p.id = r.payment_id and r.id = (
      select due.id from bookings.refunds due join bookings.payments paid on paid.id = due.payment_id
      where due.status = 'pending' and paid.method = 'card' and paid.provider = ${provider}
        and (due.attempts = 0
          or due.asked_at <= now() - make_interval(mins => least(2 ^ least(due.attempts, 20), ${LONGEST_WAIT})::integer))
      order by due.asked_at limit 1 for update of due skip locked)
    returning r.id as "refundId", r.amount, r.currency, r.attempts, p.reference as "paymentReference"`
  return next
}

/** Has the provider make the refunds to cards; those of cash, transfers and accounts are recorded by staff. */
export const schedule = scheduled(settleRefunds, async () => {
  const cards = cardPayments()
  for (let n = 0; n < MOST; n++) {
    const due = await takeNext(cards.provider)
    if (!due) return
    const { refundId, attempts } = due
    try {
      const outcome = await cards.refund(due)
      if (outcome.type === 'refunded') {
        await database()`select bookings.settle_refund(${refundId}, ${outcome.reference})`
      } else if (outcome.type === 'failed') {
        log.error({ refundId, attempts, reason: outcome.reason }, 'the provider refuses a refund')
      }
    } catch (err) {
      log.error({ refundId, attempts, err }, 'a refund was not settled')
    }
  }
})
