import { config } from '../config.ts'

/** A key that wraps other keys, under the id that stands beside what it wrapped. */
export type MasterKey = { id: string; key: Buffer }

/** The configured master keys by their ids; the first is the current one, which wraps whatever is new. */
export function masterKeys(): { current: MasterKey; byId: ReadonlyMap<string, MasterKey> } {
  const keys = config()
    .DOCUMENT_KEYS.split(',')
    .map((one): MasterKey => {
      const [id = '', hex = ''] = one.split(':')
      return { id, key: Buffer.from(hex, 'hex') }
    })
  const [current] = keys
  if (!current) throw new Error('DOCUMENT_KEYS names no key')
  return { current, byId: new Map(keys.map((one) => [one.id, one])) }
}

/** The configured master key with this id. @throws Error that says what to configure, when there is none */
export function masterKey(id: string): MasterKey {
  const found = masterKeys().byId.get(id)
  if (!found) throw new Error(missingMasterKey(id))
  return found
}

/** What an operator is told. */
export const missingMasterKey = (id: string): string =>
  `DOCUMENT_KEYS lacks the master key ${id}, which wraps data keys in the database: add ${id}:<its 64 hex digits> again, ` +
  'and drop it only when rotate-data-keys tells that nothing is left under it.'
