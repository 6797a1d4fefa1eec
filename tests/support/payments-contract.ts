import { describe, expect, it } from 'vitest'
import type { CardDetails, CardPayments, Charge } from '../../shared/payments/port.ts'

/** The cards of an adapter, by what they do. */
export type ContractCards = Record<'success' | 'declined' | 'timeOutCaptured' | 'timeOutLost', CardDetails>

/** What every adapter that takes cards must do. */
export function paymentsContract(name: string, open: () => CardPayments, cards: ContractCards): void {
  describe(`${name} keeps the contract of card payments`, () => {
    const chargeOf = (card: CardDetails, amount = 25_000_00): Charge => ({
      paymentId: crypto.randomUUID(),
      amount,
      currency: 'COP',
      card,
      description: 'K7M2QX',
    })
    const asked = ({ paymentId }: Charge) => ({ paymentId, reference: null, createdAt: new Date() })
    const captured = { type: 'captured', reference: expect.stringMatching(/^\w{8,}$/) }

    it('captures once, however often and at once it is asked', async () => {
      const charge = chargeOf(cards.success)
      const first = await open().charge(charge)
      expect(first).toEqual(captured)
      const others = await Promise.all([
        open().charge(charge),
        open().charge(charge),
        open().find(asked(charge)),
      ])
      expect(others).toEqual([first, first, first])
    })

    it('tells two payments apart', async () => {
      const [one, other] = [chargeOf(cards.success), chargeOf(cards.success)]
      const outcomes = await Promise.all([open().charge(one), open().charge(other)])
      expect(outcomes).toEqual([captured, captured])
      expect(outcomes[0]).not.toEqual(outcomes[1])
      expect(await open().find(asked(other))).toEqual(outcomes[1])
    })

    it('tells a decline with its reason, and stays with it', async () => {
      const charge = chargeOf(cards.declined)
      const declined = { type: 'declined', reason: expect.stringMatching(/^[a-z_]+$/) }
      expect(await open().charge(charge)).toEqual(declined)
      expect(await open().charge(charge)).toEqual(declined)
      expect(await open().find(asked(charge))).toEqual(declined)
      expect(await open().abandon(asked(charge))).toEqual(declined)
    })

    it('does not guess when the answer is lost: the money was taken, and is found', async () => {
      const charge = chargeOf(cards.timeOutCaptured)
      expect(await open().charge(charge)).toEqual({ type: 'unknown' })
      const found = await open().find(asked(charge))
      expect(found).toEqual(captured)
      expect(await open().abandon(asked(charge))).toEqual(found)
      expect(await open().charge(charge)).toEqual(found)
    })

    it('does not guess when the request is lost: it is absent until it is given up', async () => {
      const charge = chargeOf(cards.timeOutLost)
      expect(await open().charge(charge)).toEqual({ type: 'unknown' })
      expect(await open().find(asked(charge))).toEqual({ type: 'absent' })
      expect(await open().abandon(asked(charge))).toMatchObject({ type: 'declined' })
    })

    it('knows nothing of a payment that it was never asked for', async () => {
      expect(await open().find(asked(chargeOf(cards.success)))).toEqual({ type: 'absent' })
    })

    describe('refunds', () => {
      const paid = async () => {
        const outcome = await open().charge(chargeOf(cards.success, 1000))
        if (outcome.type !== 'captured') throw new Error(outcome.type)
        return outcome.reference
      }
      const refundOf = (paymentReference: string, amount: number) => ({
        refundId: crypto.randomUUID(),
        paymentReference,
        amount,
        currency: 'COP',
      })

      it('gives back once, however often it is asked', async () => {
        const refund = refundOf(await paid(), 600)
        const first = await open().refund(refund)
        expect(first).toMatchObject({ type: 'refunded', reference: expect.stringMatching(/^\w{8,}$/) })
        expect(await open().refund(refund)).toEqual(first)
        // Had it been given back twice, nothing would be left for this one.
        const rest = refundOf(refund.paymentReference, 400)
        expect(await open().refund(rest)).toMatchObject({ type: 'refunded' })
      })

      it('gives back no more than was taken', async () => {
        const reference = await paid()
        expect(await open().refund(refundOf(reference, 1001))).toMatchObject({ type: 'failed' })
        expect(await open().refund(refundOf(reference, 600))).toMatchObject({ type: 'refunded' })
        expect(await open().refund(refundOf(reference, 401))).toMatchObject({ type: 'failed' })
      })

      it('gives back nothing of a payment that is not there', async () => {
        expect(await open().refund(refundOf('pi_00000000', 1))).toMatchObject({ type: 'failed' })
      })
    })
  })
}
