import { blindIndex } from '../../shared/encryption/blind-index.ts'
import { newDataKey, openDataKey, type WrappedKey } from '../../shared/encryption/data-key.ts'
import { seal, unseal } from '../../shared/encryption/seal.ts'
import { database, type Transaction } from '../../shared/postgres/client.ts'
import type { DocumentKey, IdentityDocument } from './identity-document.ts'

/** Where documents are kept: each sealed by its booking's data key, at the place of its passenger. 0 is the payer. */

/** Documents are padded to this many bytes, so that a ciphertext does not tell how long a number is. */
const PADDED = 128

const placeOf = (booking: string, passenger: number): string =>
  `identity document of passenger ${passenger} of booking ${booking}`

/** Under which a document is found again: the same for the same kind and number. */
export const indexOf = ({ kind, number }: DocumentKey): Buffer =>
  blindIndex('identity documents', `${kind} ${number}`)

/** Records or replaces a passenger's document. The caller holds the booking's row. */
export async function storeDocument(
  sql: Transaction,
  booking: string,
  passenger: number,
  document: IdentityDocument,
): Promise<void> {
  const text = Buffer.from(JSON.stringify(document).padEnd(PADDED))
  const sealed = seal(await dataKeyOf(sql, booking), text, placeOf(booking, passenger))
  await sql`
    insert into bookings.identity_documents (booking_id, passenger, sealed, blind_index)
    values (${booking}, ${passenger}, ${sealed}, ${indexOf(document)})
    on conflict (booking_id, passenger) do update set sealed = excluded.sealed, blind_index = excluded.blind_index`
}

/** The booking's data key, made when it has none. */
async function dataKeyOf(sql: Transaction, booking: string): Promise<Buffer> {
  const [stored] = await sql<WrappedKey[]>`
    select master_key as "masterKey", wrapped from bookings.data_keys where booking_id = ${booking}`
  if (stored) return openDataKey(stored, booking)
  const made = newDataKey(booking)
  await sql`
    insert into bookings.data_keys (booking_id, master_key, wrapped)
    values (${booking}, ${made.stored.masterKey}, ${made.stored.wrapped})`
  return made.key
}

/** The document of a passenger, or undefined when none is recorded. */
export async function readDocument(
  booking: string,
  passenger: number,
): Promise<IdentityDocument | undefined> {
  const [found] = await database()<(WrappedKey & { sealed: Buffer })[]>`
    select k.master_key as "masterKey", k.wrapped, d.sealed
    from bookings.identity_documents d join bookings.data_keys k using (booking_id)
    where d.booking_id = ${booking} and d.passenger = ${passenger}`
  if (!found) return undefined
  return JSON.parse(unseal(openDataKey(found, booking), found.sealed, placeOf(booking, passenger)).toString())
}
