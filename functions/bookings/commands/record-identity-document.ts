import * as z from 'zod/mini'
import { command } from '../../../shared/http/command.ts'
import { problem } from '../../../shared/http/problem.ts'
import type { Transaction } from '../../../shared/postgres/client.ts'
import { Count } from '../../../shared/schemas.ts'
import { recordIdentityDocument } from '../../catalog.ts'
import { storeDocument } from '../document-store.ts'
import { findBooking } from '../find-booking.ts'
import { comparable, DocumentToRecord, IdentityDocument } from '../identity-document.ts'
import { Locator } from '../models.ts'
import { BOOKING_PROBLEMS } from '../problems.ts'

type Holder = {
  version: number
  status: string
  isErased: boolean
  isThere: boolean
  lastDeparture: string
}

/** Locks the booking, so that nothing is recorded beside an erasure, and tells what a document must fit. */
async function lockHolder(sql: Transaction, booking: string, passenger: number): Promise<Holder | undefined> {
  await sql`select id from bookings.bookings where id = ${booking} for update`
  // A statement of its own, which sees what the lock waited for.
  const [holder] = await sql<Holder[]>`
    select b.version, b.status,
      exists (select from bookings.history h where h.booking_id = b.id and h.action = 'erased') as "isErased",
      ${passenger} = 0 or exists (
        select from bookings.passengers p
        where p.booking_id = b.id and p.number = ${passenger} and p.removed_at is null) as "isThere",
      (select max(s ->> 'departureDate') from jsonb_array_elements(q.itinerary) s) as "lastDeparture"
    from bookings.bookings b join bookings.quotes q on q.id = b.quote_id where b.id = ${booking}`
  return holder
}

export const route = command(
  recordIdentityDocument,
  {
    description:
      'Records the document of a passenger, or of the payer under number 0, in place of one recorded before. It is kept encrypted, apart from the booking, and is no new version of it. CC, CE, TI, RC, PPT and NIT are of Colombia; PA is a passport, ID another country’s identity card.',
    params: z.strictObject({ locator: Locator, number: Count(0, 99) }),
    body: DocumentToRecord,
    success: {
      status: 200,
      description: 'The document is recorded',
      // Kept under the Idempotency-Key, so it says nothing of the document but this.
      schema: z.object({ passenger: z.int(), kind: IdentityDocument.shape.kind }),
    },
    problems: [
      BOOKING_PROBLEMS['booking-not-found'],
      BOOKING_PROBLEMS['unknown-passenger'],
      BOOKING_PROBLEMS['version-stale'],
      BOOKING_PROBLEMS['booking-closed'],
      BOOKING_PROBLEMS['booking-erased'],
      BOOKING_PROBLEMS['document-kind-unfit'],
      BOOKING_PROBLEMS['document-expired'],
    ],
    example: {
      params: { locator: 'K7M2QX', number: '1' },
      body: { kind: 'PA', number: 'AX 123456', country: 'CO', expiresOn: '2034-05-20' },
    },
  },
  async (sql, { caller, params, body, ifMatch }) => {
    const { locator, number: passenger } = params
    const booking = await findBooking(locator, caller, sql)
    const holder = booking && (await lockHolder(sql, booking.id, passenger))
    if (!holder) return problem(BOOKING_PROBLEMS['booking-not-found'])
    if (ifMatch !== null && ifMatch !== holder.version) return problem(BOOKING_PROBLEMS['version-stale'])
    if (holder.isErased) return problem(BOOKING_PROBLEMS['booking-erased'])
    if (holder.status === 'cancelled' || holder.status === 'expired') {
      return problem(BOOKING_PROBLEMS['booking-closed'])
    }
    if (!holder.isThere) return problem(BOOKING_PROBLEMS['unknown-passenger'])
    const { kind, number, country, expiresOn = null } = body
    const travels = passenger > 0
    if (travels && kind === 'NIT') {
      const detail = 'must be the document of a person'
      return problem(BOOKING_PROBLEMS['document-kind-unfit'], { errors: [{ pointer: '/kind', detail }] })
    }
    if (travels && expiresOn !== null && expiresOn < holder.lastDeparture) {
      const detail = `must not be before ${holder.lastDeparture}`
      return problem(BOOKING_PROBLEMS['document-expired'], { errors: [{ pointer: '/expiresOn', detail }] })
    }
    await storeDocument(sql, booking.id, passenger, { kind, number: comparable(number), country, expiresOn })
    return { status: 200, body: { passenger, kind } }
  },
)
