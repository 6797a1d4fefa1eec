import { v7 } from 'uuid'

/** What each kind of thing is called in its public id: a prefix and a UUIDv7 in hex, `bkg_0199…`. */
const PREFIXES = {
  airline: 'air',
  booking: 'bkg',
  change: 'chg',
  disruption: 'dis',
  event: 'evt',
  fare: 'far',
  flight: 'flt',
  payment: 'pay',
  policy: 'pol',
  promotion: 'prm',
  quote: 'quo',
  rate: 'fxr',
  refund: 'rfd',
  refundQuote: 'rfq',
  series: 'ser',
  tax: 'tax',
} as const
export type IdKind = keyof typeof PREFIXES

/** A new UUIDv7 (RFC 9562): sorts by the time it was made, so that indexes grow at their end. */
export const newUuid = (): string => v7()

/** The public form of a stored UUID. */
export const publicId = (kind: IdKind, uuid: string): string =>
  `${PREFIXES[kind]}_${uuid.replaceAll('-', '')}`

export const idPattern = (kind: IdKind): RegExp => new RegExp(`^${PREFIXES[kind]}_[0-9a-f]{32}$`)

/** The UUID inside a public id whose form was checked. PostgreSQL reads it without dashes too. */
export function uuidOf(id: string): string {
  const hex = id.slice(id.indexOf('_') + 1)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
