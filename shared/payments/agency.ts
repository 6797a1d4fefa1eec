/** How money reaches staff, and where its reference is unique: a cash receipt's number, a bank's for a transfer. */
const PLACES = { cash: 'desk', transfer: 'bank' } as const
export type AgencyMethod = keyof typeof PLACES

/**
 * Money that staff took. Nobody is asked: the reference that they record is the proof, so that the payment is captured
 * in the call that begins it, and its refund when they record that they paid it back.
 */
export const agencyPayment = (method: AgencyMethod, reference: string) => ({
  provider: PLACES[method],
  // References are compared as people read them.
  reference: reference.normalize('NFC').replace(/\s+/g, ' ').trim().toUpperCase(),
})
