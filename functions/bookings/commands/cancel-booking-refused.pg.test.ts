import { beforeAll, describe, expect, it } from 'vitest'
import { newUuid, publicId, uuidOf } from '../../../shared/ids.ts'
import { database } from '../../../shared/postgres/client.ts'
import { useApi } from '../../../tests/support/api.ts'
import { cancelling, depart, flightIn } from '../../../tests/support/cancelling.ts'
import { expectMade } from '../../../tests/support/orders.ts'
import { expectRefusal } from '../../../tests/support/refusal.ts'

const api = useApi()
const { quote, quoted, cancel, confirmed } = cancelling(api)
const AGENT = { role: 'agent' } as const
let flight = ''
beforeAll(async () => {
  flight = (await flightIn(30)).id
})

describe('is refused', () => {
  it('a quote that the booking has not, and another booking’s', async () => {
    const [held, other] = [await confirmed(flight), await confirmed(flight)]
    const foreign = (await quoted(other)).refundQuoteId
    await expectRefusal(() => cancel(held, foreign), 404, 'unknown-refund-quote')
    await expectRefusal(() => cancel(held, publicId('refundQuote', newUuid())), 404, 'unknown-refund-quote')
  })

  it('a quote past its deadline', async () => {
    const held = await confirmed(flight)
    const { refundQuoteId } = await quoted(held)
    await database()`update bookings.refund_quotes set expires_at = now() where id = ${uuidOf(refundQuoteId)}`
    await expectRefusal(() => cancel(held, refundQuoteId), 409, 'refund-quote-expired')
  })

  it('a booking that is cancelled or has expired', async () => {
    const held = await confirmed(flight)
    const { refundQuoteId } = await quoted(held)
    await cancel(held, refundQuoteId)
    await expectRefusal(() => cancel(held, refundQuoteId), 409, 'booking-closed')
    await expectRefusal(() => quote(held), 409, 'booking-closed')
  })

  it('a booking all of whose flights have left', async () => {
    const { id, uuid } = await flightIn(31)
    const held = await confirmed(id)
    const { refundQuoteId } = await quoted(held)
    await depart(uuid)
    await expectRefusal(() => quote(held), 409, 'departed')
    await expectRefusal(() => cancel(held, refundQuoteId), 409, 'departed')
  })

  it('a booking on a flight that the airline cancelled: it is being settled', async () => {
    const { id } = await flightIn(32)
    const held = await confirmed(id)
    await database()`update flights.flights set status = 'cancelled' where id = ${uuidOf(id)}`
    await expectRefusal(() => quote(held), 409, 'disruption-with-airline')
  })

  it('a stale version', async () => {
    const held = await confirmed(flight)
    const stale = { headers: { 'if-match': '"1"' } }
    const now = { headers: { 'if-match': '"2"' } }
    await expectRefusal(() => quote(held, { token: held.token, ...stale }), 412, 'version-stale')
    const { refundQuoteId } = expectMade(await quote(held, { token: held.token, ...now }))
    await expectRefusal(() => cancel(held, refundQuoteId, stale), 412, 'version-stale')
    expect((await cancel(held, refundQuoteId, now)).status).toBe(200)
  })

  it('another passenger, and a partner that did not make it: as if there were none', async () => {
    const [held, other] = [await confirmed(flight), await confirmed(flight)]
    const { refundQuoteId } = await quoted(held)
    for (const as of [{ token: other.token }, { role: 'partner' } as const]) {
      await expectRefusal(() => quote(held, as), 404, 'booking-not-found')
      await expectRefusal(() => cancel(held, refundQuoteId, as), 404, 'booking-not-found')
    }
    expect((await cancel(held, refundQuoteId, AGENT)).status).toBe(200)
  })
})
