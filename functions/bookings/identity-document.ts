import * as z from 'zod/mini'
import { DateText } from '../../shared/schemas.ts'

/**
 * Identity documents: their kinds, what their numbers look like, and how they are shown. What is refused is a slip of the
 * pen; whether a document exists only its issuer knows.
 */

type Form = { pattern: RegExp; rule: string }
const digits = (from: number, to: number): Form => ({
  pattern: new RegExp(`^\\d{${from},${to}}$`),
  rule: `must have ${from} to ${to} digits`,
})
const signs = (from: number, to: number): Form => ({
  pattern: new RegExp(`^[A-Z0-9]{${from},${to}}$`),
  rule: `must have ${from} to ${to} letters and digits`,
})

/** Numbers as they are compared. All kinds but PA and ID are issued by Colombia. */
const FORMS = {
  /** Cédula de ciudadanía. */
  CC: digits(3, 10),
  /** Cédula de extranjería. */
  CE: digits(3, 10),
  /** Tarjeta de identidad. */
  TI: digits(10, 11),
  /** Registro civil; older ones have letters. */
  RC: signs(8, 11),
  /** Permiso por protección temporal. */
  PPT: digits(5, 15),
  /** Passport. */
  PA: signs(5, 15),
  /** Another country's identity card. */
  ID: signs(4, 20),
  /** Número de identificación tributaria, of a payer. */
  NIT: { pattern: /^\d{6,11}$/, rule: 'must end in a hyphen and its check digit, as 899999068-1' },
} as const satisfies Record<string, Form>
export type DocumentKind = keyof typeof FORMS

const Kind = z.enum(Object.keys(FORMS) as [DocumentKind, ...DocumentKind[]])
const Country = z
  .string()
  .check(z.regex(/^[A-Z]{2}$/, 'must be an ISO 3166 country code, two capital letters'))
/** As people write it, with blanks, full stops and hyphens. */
const DocumentNumber = z
  .string()
  .check(
    z.trim(),
    z.toUpperCase(),
    z.minLength(3),
    z.maxLength(30),
    z.regex(/^[A-Z0-9][A-Z0-9 .-]*$/, 'must hold letters, digits, blanks, full stops and hyphens only'),
  )

/** What identifies somebody; `number` becomes what is compared. */
export const DocumentKey = z.pipe(
  z.strictObject({ kind: Kind, number: DocumentNumber }).check(checkNumber),
  z.transform(({ kind, number }) => ({ kind, number: comparable(number) })),
)
export type DocumentKey = { kind: DocumentKind; number: string }

/** A document as a client sends it. */
export const DocumentToRecord = z
  .strictObject({
    kind: Kind,
    number: DocumentNumber,
    /** The country that issued it. */
    country: Country,
    expiresOn: z.optional(DateText),
  })
  .check(
    checkNumber,
    z.refine(({ kind, country }) => kind === 'PA' || (kind === 'ID') === (country !== 'CO'), {
      error: 'must be CO for a document of Colombia, and another for ID',
      path: ['country'],
    }),
  )

/** A document as it is kept, its number as it is compared. */
export const IdentityDocument = z.object({
  kind: Kind,
  number: z.string(),
  country: z.string(),
  expiresOn: z.nullable(DateText),
})
export type IdentityDocument = z.output<typeof IdentityDocument>

/** The number without what people put between its signs. */
export const comparable = (number: string): string => number.replace(/[ .-]/g, '')

function checkNumber({
  value,
  issues,
}: {
  value: { kind: DocumentKind; number: string }
  issues: unknown[]
}): void {
  const { kind, number } = value
  const { pattern, rule } = FORMS[kind]
  const fits = pattern.test(comparable(number)) && (kind !== 'NIT' || hasCheckDigit(number))
  if (!fits) issues.push({ code: 'custom', message: rule, input: number, path: ['number'] })
}

// Orden Administrativa 4 de 1989 of the DIAN: the digits from the right, each by its prime, modulo 11.
const PRIMES = [3, 7, 13, 17, 19, 23, 29, 37, 41, 43] as const

function hasCheckDigit(number: string): boolean {
  const [, written = '', check] = /^([\d. ]+)-\s*(\d)$/.exec(number) ?? []
  const sum = PRIMES.reduce(
    (total, prime, at) => total + prime * Number(comparable(written).at(-1 - at) ?? 0),
    0,
  )
  const rest = sum % 11
  return Number(check) === (rest < 2 ? rest : 11 - rest)
}

/** The number with stars but for its last signs: four, or a half of a short one. */
export function masked(number: string): string {
  const shown = Math.min(4, Math.floor(number.length / 2))
  return '*'.repeat(number.length - shown) + number.slice(number.length - shown)
}
