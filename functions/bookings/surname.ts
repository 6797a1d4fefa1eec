import { createHmac, createSecretKey, type KeyObject } from 'node:crypto'

/** A surname as people type it: without case, accents, apostrophes, hyphens or doubled spaces. */
export const normalisedSurname = (surname: string): string =>
  surname
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}]+/gu, ' ')
    .trim()
    .replaceAll(' ', '')

/** The keyed hash (HMAC-SHA-256) under which a surname is found, in hex. `key` is hex too. */
export const surnameHash = (surname: string, key: string): string =>
  createHmac('sha256', secretOf(key)).update(normalisedSurname(surname)).digest('hex')

let secret: { hex: string; key: KeyObject } | undefined

// Kept: to make it anew for every hash cost a booking more than the hashing.
function secretOf(hex: string): KeyObject {
  if (secret?.hex !== hex) secret = { hex, key: createSecretKey(hex, 'hex') }
  return secret.key
}

/** What opens a booking: each passenger's first surname, and both together, once each. */
export const surnameHashes = (
  passengers: readonly { surnames: readonly string[] }[],
  key: string,
): string[] => [
  ...new Set(
    passengers.flatMap(({ surnames }) => [
      surnameHash(surnames[0] ?? '', key),
      surnameHash(surnames.join(' '), key),
    ]),
  ),
]
