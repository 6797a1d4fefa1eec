import * as z from 'zod/mini'
import { isDate } from './dates.ts'
import { type IdKind, idPattern } from './ids.ts'
import { CURRENCIES } from './money.ts'

/** The scalar types that requests and answers of every slice are made of. */

export const AirportCode = z
  .string()
  .check(z.regex(/^[A-Z]{3}$/, 'must be an IATA airport code, three capital letters'))
export const DateText = z.string().check(z.refine(isDate, 'must be a calendar date, YYYY-MM-DD'))
export const Instant = z.iso.datetime({ offset: true, error: 'must be an RFC 3339 instant with its offset' })
export const Cabin = z.enum(['Y', 'C'], 'must be Y (economy) or C (business)')
export const BookingClass = z
  .string()
  .check(z.regex(/^[A-Z]$/, 'must be a booking class, one capital letter'))
export const CurrencyCode = z.enum(CURRENCIES, 'must be an ISO 4217 code of the currency table')
/** Money in minor units; what a fare or a fixed tax may be. */
export const MinorUnits = z.int('must be a whole number of minor units').check(z.minimum(0), z.maximum(1e12))
export const BasisPoints = z.int().check(z.minimum(1), z.maximum(10_000))
/** Free text that staff write: a name, a source. */
export const Line = (max: number) =>
  z.string().check(z.trim(), z.minLength(1), z.maxLength(max), z.regex(/^\P{C}*$/u))

/** A public id of one kind, such as `flt_…`. */
export const Id = (kind: IdKind) =>
  z.string().check(z.regex(idPattern(kind), `must be the id of a ${kind}, as the API gave it`))

/** A whole number in a query string. */
export const Count = (minimum: number, maximum: number) =>
  z.coerce
    .number(`must be a whole number from ${minimum} to ${maximum}`)
    .check(z.int(), z.minimum(minimum), z.maximum(maximum))
