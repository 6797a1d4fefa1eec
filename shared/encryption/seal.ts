import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

/** Bytes of a key of AES-256. */
export const KEY_BYTES = 32
// GCM's own sizes (NIST SP 800-38D, 8.2.1): a nonce of 96 random bits, good for 2^32 texts under one key, and a whole tag.
const NONCE_BYTES = 12
const TAG_BYTES = 16
const CIPHER = 'aes-256-gcm'
const OPTIONS = { authTagLength: TAG_BYTES }
/** The layout below, so that another can be told from it one day. */
const LAYOUT = 1

/**
 * Encrypts under AES-256-GCM: layout, nonce, ciphertext, tag.
 * @param place where the text belongs; it opens nowhere else
 */
export function seal(key: Buffer, text: Buffer, place: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(CIPHER, key, nonce, OPTIONS).setAAD(Buffer.from(place))
  const ciphertext = Buffer.concat([cipher.update(text), cipher.final()])
  return Buffer.concat([Buffer.of(LAYOUT), nonce, ciphertext, cipher.getAuthTag()])
}

/**
 * What was sealed.
 * @throws SealBroken when the key or the place is another one, or a byte was changed
 */
export function unseal(key: Buffer, sealed: Buffer, place: string): Buffer {
  const nonce = sealed.subarray(1, 1 + NONCE_BYTES)
  const ciphertext = sealed.subarray(1 + NONCE_BYTES, -TAG_BYTES)
  if (sealed[0] !== LAYOUT || sealed.length < 1 + NONCE_BYTES + TAG_BYTES) throw new SealBroken(place)
  const decipher = createDecipheriv(CIPHER, key, nonce, OPTIONS)
    .setAAD(Buffer.from(place))
    .setAuthTag(sealed.subarray(-TAG_BYTES))
  try {
    return Buffer.concat([decipher.update(ciphertext), decipher.final()])
  } catch (cause) {
    throw new SealBroken(place, { cause })
  }
}

/** The tag does not fit. It names the place, which holds no secret, and nothing of the text. */
export class SealBroken extends Error {
  constructor(place: string, options?: ErrorOptions) {
    super(
      `what is sealed at ${place} does not open: it was moved or changed, or its key is another one`,
      options,
    )
    this.name = 'SealBroken'
  }
}
