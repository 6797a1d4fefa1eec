import { log } from '#log'
import { rewrap, type WrappedKey } from '../../../shared/encryption/data-key.ts'
import { masterKeys, missingMasterKey } from '../../../shared/encryption/master-keys.ts'
import { SealBroken } from '../../../shared/encryption/seal.ts'
import { type Transaction, transaction } from '../../../shared/postgres/client.ts'
import { scheduled } from '../../../shared/schedule.ts'
import { rotateDataKeys } from '../../catalog.ts'

/** Data keys that a transaction wraps anew: it holds their rows no longer than that takes. */
const STEP = 500

type Stored = WrappedKey & { bookingId: string }
type Step = { last: string | undefined; rewrapped: number; broken: string[] }

/**
 * Wraps with the current master key every data key that another one wraps. Documents stay as they are sealed, so each
 * is readable at any moment. Rows that another run holds are left to it.
 * @throws Error at the end that names every master key that is missing, and every data key that does not open
 */
export const schedule = scheduled(rotateDataKeys, async () => {
  const { current, byId } = masterKeys()
  const faults: string[] = []
  let rewrapped = 0
  for (const id of await transaction(othersInUse)) {
    if (!byId.has(id)) faults.push(missingMasterKey(id))
    else {
      const wrappedById = await rewrapAll(id)
      rewrapped += wrappedById.rewrapped
      faults.push(...wrappedById.faults)
    }
  }
  log.info({ rewrapped, masterKey: current.id, left: await transaction(othersInUse) }, 'rotated data keys')
  if (faults.length > 0) throw new Error(faults.join('\n'))
})

/** The master keys, but for the current one, that still wrap a data key. */
async function othersInUse(sql: Transaction): Promise<string[]> {
  const used = await sql<{ id: string }[]>`
    select distinct master_key as id from bookings.data_keys where master_key <> ${masterKeys().current.id} order by 1`
  return used.map(({ id }) => id)
}

async function rewrapAll(id: string): Promise<{ rewrapped: number; faults: string[] }> {
  let rewrapped = 0
  const faults: string[] = []
  for (let after: string | undefined = '00000000-0000-0000-0000-000000000000'; after; ) {
    const from: string = after
    const step: Step = await transaction((sql) => rewrapSome(sql, id, from))
    rewrapped += step.rewrapped
    faults.push(...step.broken)
    after = step.last
  }
  return { rewrapped, faults }
}

/** The next data keys that this master key wraps, in the order of their bookings. */
async function rewrapSome(sql: Transaction, id: string, after: string): Promise<Step> {
  const found = await sql<Stored[]>`
    select booking_id as "bookingId", master_key as "masterKey", wrapped from bookings.data_keys
    where master_key = ${id} and booking_id > ${after} order by booking_id limit ${STEP}
    for update skip locked`
  const broken: string[] = []
  const anew = found.flatMap((stored) => {
    try {
      return [{ bookingId: stored.bookingId, ...rewrap(stored, stored.bookingId) }]
    } catch (error) {
      if (!(error instanceof SealBroken)) throw error
      broken.push(error.message)
      return []
    }
  })
  await sql`
    update bookings.data_keys k set master_key = n.master_key, wrapped = decode(n.wrapped, 'hex'), wrapped_at = now()
    from unnest(${anew.map(({ bookingId }) => bookingId)}::uuid[], ${anew.map(({ masterKey }) => masterKey)}::text[],
      ${anew.map(({ wrapped }) => wrapped.toString('hex'))}::text[]) as n (booking_id, master_key, wrapped)
    where k.booking_id = n.booking_id`
  return { last: found.at(-1)?.bookingId, rewrapped: anew.length, broken }
}
