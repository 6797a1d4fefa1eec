import type { Money } from '../money.ts'

/** How a card is told: by its number, to the test card alone; by the token that a provider's form made of it. */
export type CardDetails = { number: string } | { token: string }

export type Charge = Money & {
  /** Ours, a UUID: the same charge asked twice is made once. */
  paymentId: string
  card: CardDetails
  /** What stands on the cardholder's statement and in the provider's books: the locator, nobody's name. */
  description: string
}

/** A payment as its row remembers it, for a provider to be asked about. */
export type Asked = { paymentId: string; reference: string | null; createdAt: Date }

export type Captured = { type: 'captured'; reference: string }
export type Declined = { type: 'declined'; reason: string }
/** The cardholder's bank asks something of the cardholder; the client goes on with the secret. */
export type ActionRequired = { type: 'action-required'; reference: string; clientSecret: string }
/** Nobody knows yet: it was asked and not answered, or the provider has not decided. */
export type Unknown = { type: 'unknown' }

export type ChargeOutcome = Captured | Declined | ActionRequired | Unknown
/** `absent`: the provider was reached and has no such payment. */
export type Found = ChargeOutcome | { type: 'absent' }

export type Refund = Money & {
  /** Ours, a UUID: the same refund asked twice is made once. */
  refundId: string
  /** The captured payment's. */
  paymentReference: string
}
export type RefundOutcome =
  | { type: 'refunded'; reference: string }
  | { type: 'failed'; reason: string }
  | Unknown

/** What a provider sends of itself about a payment of ours. */
export type Notice = { paymentId: string; outcome: Captured | Declined }

/**
 * A provider that takes cards. Nothing here throws for what a provider or the network does: what is not known is
 * `unknown`, and is asked again. Adapters answer alike; a contract test holds them to it.
 */
export type CardPayments = {
  /** Kept with each payment: only its own adapter can be asked about it. */
  provider: string
  takes: 'number' | 'token'
  charge: (charge: Charge) => Promise<ChargeOutcome>
  find: (asked: Asked) => Promise<Found>
  /** Ends a payment that nobody finishes; it may have been captured in the meantime. */
  abandon: (asked: Asked) => Promise<Captured | Declined | Unknown>
  refund: (refund: Refund) => Promise<RefundOutcome>
  /** Reads a notice whose signature holds: undefined when it does not, null when it is about nothing of ours. */
  readNotice: (text: string, signature: string) => Notice | null | undefined
}
