/** Letters and digits that are not mistaken for each other: no 0, O, 1, I or L. */
const ALPHABET = 'ABCDEFGHJKMNPQRSTUVWXYZ23456789'

/**
 * A PNR locator: six characters, each equally likely.
 * @param randomBytes a cryptographic source of bytes, such as node:crypto's
 */
export function newLocator(randomBytes: (count: number) => Uint8Array): string {
  let locator = ''
  while (locator.length < 6) {
    for (const byte of randomBytes(12)) {
      // Bytes past the last whole multiple of the alphabet would favour its first characters.
      if (byte < 256 - (256 % ALPHABET.length) && locator.length < 6) {
        locator += ALPHABET.charAt(byte % ALPHABET.length)
      }
    }
  }
  return locator
}
