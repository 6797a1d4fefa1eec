import { log } from '#log'
import { cardPayments } from '#payments'
import type { CardPayments } from '../../../shared/payments/port.ts'
import { database } from '../../../shared/postgres/client.ts'
import { scheduled } from '../../../shared/schedule.ts'
import { reconcilePayments } from '../../catalog.ts'
import { settlePayment } from '../payment.ts'

/** A charge is answered within 30 s; after this nobody waits for it any more. */
const ASK_AGAIN = '2 minutes'
/** Until then a cardholder may still be at it, and a request on its way. */
const GIVE_UP_MS = 30 * 60_000
/** Payments a run asks for at most; the next goes on. */
const MOST = 200

type Pending = { paymentId: string; reference: string | null; createdAt: Date }

/** Takes the next pending payment; who takes one moves its time, so that nobody else does meanwhile. */
async function takeNext(provider: string): Promise<Pending | undefined> {
  const [next] = await database()<Pending[]>`
    update bookings.payments set asked_at = now()
    where id = (
      select id from bookings.payments
      where status = 'pending' and provider = ${provider} and asked_at <= now() - ${ASK_AGAIN}::interval
      order by asked_at limit 1 for update skip locked)
    returning id as "paymentId", reference, created_at as "createdAt"`
  return next
}

async function reconcile(cards: CardPayments, pending: Pending): Promise<void> {
  const { paymentId } = pending
  let outcome = await cards.find(pending)
  const isDecided = outcome.type === 'captured' || outcome.type === 'declined'
  if (!isDecided && Date.now() - pending.createdAt.getTime() >= GIVE_UP_MS)
    outcome = await cards.abandon(pending)
  if (outcome.type !== 'captured' && outcome.type !== 'declined') return
  const became = await settlePayment(paymentId, outcome)
  log.info({ paymentId, outcome: outcome.type, became }, 'settled a payment whose outcome was not known')
}

/** Asks the provider for the outcome of every payment that is pending, and gives up what nobody finishes. */
export const schedule = scheduled(reconcilePayments, async () => {
  const cards = cardPayments()
  for (let n = 0; n < MOST; n++) {
    const pending = await takeNext(cards.provider)
    if (!pending) return
    try {
      await reconcile(cards, pending)
    } catch (err) {
      log.error({ paymentId: pending.paymentId, err }, 'a payment was not reconciled')
    }
  }
})
