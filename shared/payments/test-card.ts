import { database } from '../postgres/client.ts'
import type { CardPayments, Charge, ChargeOutcome, Found, Refund, RefundOutcome } from './port.ts'

type Behaviour = { captures: boolean; answers: boolean; reason?: string }

/** What each number does; any other is declined. They pass the check digit. */
export const TEST_CARDS = {
  success: '4242424242424242',
  declined: '4000000000000002',
  noFunds: '4000000000009995',
  /** The money is taken, and the answer is lost. */
  timeOutCaptured: '4000000000004004',
  /** Neither the request nor the answer arrives. */
  timeOutLost: '4000000000005001',
} as const

const BEHAVIOURS: Record<string, Behaviour> = {
  [TEST_CARDS.success]: { captures: true, answers: true },
  [TEST_CARDS.declined]: { captures: false, answers: true, reason: 'card_declined' },
  [TEST_CARDS.noFunds]: { captures: false, answers: true, reason: 'insufficient_funds' },
  [TEST_CARDS.timeOutCaptured]: { captures: true, answers: false },
}

/**
 * The embedded default: a provider that moves no money and keeps its books in PostgreSQL, so that what it says later is
 * what happened. Each statement stands alone, outside any transaction of ours, as another's books would.
 */
export const testCard: CardPayments = {
  provider: 'test-card',
  takes: 'number',
  async charge(asked) {
    const number = 'number' in asked.card ? asked.card.number : ''
    if (number === TEST_CARDS.timeOutLost) return { type: 'unknown' }
    const behaviour = BEHAVIOURS[number] ?? { captures: false, answers: true, reason: 'unknown_test_card' }
    const { isFirst, outcome } = await enter(asked, behaviour)
    return isFirst && !behaviour.answers ? { type: 'unknown' } : outcome
  },
  find: ({ paymentId }) => look(paymentId),
  async abandon({ paymentId }) {
    // What is not there is closed, so that a charge that is still on its way finds it declined.
    await database()`
      insert into platform.test_card_charges (payment_id, reference, outcome, reason)
      values (${paymentId}, ${referenceOf(paymentId)}, 'declined', 'abandoned')
      on conflict do nothing`
    const found = await look(paymentId)
    return found.type === 'captured' || found.type === 'declined' ? found : { type: 'unknown' }
  },
  refund: giveBack,
  readNotice: () => undefined,
}

const referenceOf = (paymentId: string): string => `test_${paymentId.replaceAll('-', '')}`

/** Enters a charge, or finds what was entered under its id. */
async function enter(
  { paymentId, amount, currency }: Charge,
  { captures, reason }: Behaviour,
): Promise<{ isFirst: boolean; outcome: ChargeOutcome }> {
  const entered = await database()`
    insert into platform.test_card_charges (payment_id, reference, amount, currency, outcome, reason)
    values (${paymentId}, ${referenceOf(paymentId)}, ${amount}, ${currency},
      ${captures ? 'captured' : 'declined'}, ${reason ?? null})
    on conflict do nothing returning payment_id`
  const found = await look(paymentId)
  return {
    isFirst: entered.length === 1,
    outcome: found.type === 'absent' ? { type: 'unknown' } : found,
  }
}

async function look(paymentId: string): Promise<Found> {
  const [charge] = await database()<{ reference: string; outcome: string; reason: string | null }[]>`
    select reference, outcome, reason from platform.test_card_charges where payment_id = ${paymentId}`
  if (!charge) return { type: 'absent' }
  return charge.outcome === 'captured'
    ? { type: 'captured', reference: charge.reference }
    : { type: 'declined', reason: charge.reason ?? 'card_declined' }
}

/** Gives back no more than is left of the charge; its row is locked, so that two refunds see each other. */
async function giveBack({ refundId, paymentReference, amount, currency }: Refund): Promise<RefundOutcome> {
  return database().begin(async (sql): Promise<RefundOutcome> => {
    const [charge] = await sql<{ amount: number }[]>`
      select amount from platform.test_card_charges
      where reference = ${paymentReference} and currency = ${currency} and outcome = 'captured' for update`
    if (!charge) return { type: 'failed', reason: 'charge_unknown' }
    const before = await sql<{ refund_id: string; reference: string; amount: number }[]>`
      select refund_id, reference, amount from platform.test_card_refunds where payment_reference = ${paymentReference}`
    const same = before.find((one) => one.refund_id === refundId)
    if (same) return { type: 'refunded', reference: same.reference }
    const left = before.reduce((rest, one) => rest - one.amount, charge.amount)
    if (amount > left) return { type: 'failed', reason: 'amount_too_large' }
    const reference = `${referenceOf(refundId)}_r`
    await sql`
      insert into platform.test_card_refunds (refund_id, payment_reference, reference, amount)
      values (${refundId}, ${paymentReference}, ${reference}, ${amount})`
    return { type: 'refunded', reference }
  }) as Promise<RefundOutcome>
}
