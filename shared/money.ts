/**
 * Money is a whole number of minor units (centavos, cents) and an ISO 4217 code. Products are formed in BigInt, so
 * that no step of a price is a floating-point number.
 */
export type Money = { amount: number; currency: string }

/** Digits after the decimal mark, ISO 4217 list one (2024-06). A currency that is not listed is not sold in. */
const EXPONENTS: Record<string, number> = {
  ARS: 2,
  AUD: 2,
  BRL: 2,
  CAD: 2,
  CHF: 2,
  CLP: 0,
  COP: 2,
  CRC: 2,
  DOP: 2,
  EUR: 2,
  GBP: 2,
  GTQ: 2,
  JPY: 0,
  MXN: 2,
  PAB: 2,
  PEN: 2,
  PYG: 0,
  USD: 2,
  UYU: 2,
}
export const CURRENCIES = Object.keys(EXPONENTS)

/** @throws RangeError for a currency that is not in the table. */
export function exponentOf(currency: string): number {
  const exponent = Object.hasOwn(EXPONENTS, currency) ? EXPONENTS[currency] : undefined
  if (exponent === undefined)
    throw new RangeError(`${currency} is not in the currency table of shared/money.ts`)
  return exponent
}

/** amount × numerator ÷ denominator, rounded half away from zero to a whole unit, once. */
export function timesRatio(amount: number, numerator: number | bigint, denominator: number | bigint): number {
  const product = BigInt(amount) * BigInt(numerator)
  const divisor = BigInt(denominator)
  const sign = product < 0n === divisor < 0n ? 1n : -1n
  const magnitude = (x: bigint) => (x < 0n ? -x : x)
  const rounded = (2n * magnitude(product) + magnitude(divisor)) / (2n * magnitude(divisor))
  return toSafe(sign * rounded)
}

/** A share in basis points (1900 is 19 %), rounded half-up to the minor unit. */
export const share = (amount: number, basisPoints: number): number => timesRatio(amount, basisPoints, 10_000)

/**
 * Converts minor units at a rate in millionths of a major unit of `to` for one major unit of `from`, rounded half-up.
 */
export function convert(money: Money, to: string, rateMillionths: number): Money {
  const shift = exponentOf(to) - exponentOf(money.currency)
  const numerator = BigInt(rateMillionths) * 10n ** BigInt(Math.max(shift, 0))
  const denominator = 1_000_000n * 10n ** BigInt(Math.max(-shift, 0))
  return { amount: timesRatio(money.amount, numerator, denominator), currency: to }
}

export const sum = (amounts: Iterable<number>): number => {
  let total = 0n
  for (const amount of amounts) total += BigInt(amount)
  return toSafe(total)
}

function toSafe(value: bigint): number {
  if (value > BigInt(Number.MAX_SAFE_INTEGER) || value < -BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new RangeError(`${value} minor units is more than a safe integer holds`)
  }
  return Number(value)
}
