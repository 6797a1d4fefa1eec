import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { newLocator } from './locator.ts'

it('draws six characters that are not mistaken for each other', () => {
  for (let n = 0; n < 2000; n++) expect(newLocator(randomBytes)).toMatch(/^[A-HJKMNP-Z2-9]{6}$/)
})

it('passes over bytes that would favour some characters', () => {
  // 31 characters go 8 times into 256: bytes from 248 on have no place.
  const bytes = [255, 248, 0, 30, 31, 61, 247, 1, 250, 2, 3, 4]
  expect(newLocator(() => Uint8Array.from(bytes))).toBe('A9A99B')
})

it('draws each character about equally often', () => {
  const counts = new Map<string, number>()
  for (let n = 0; n < 20_000; n++) {
    for (const character of newLocator(randomBytes)) counts.set(character, (counts.get(character) ?? 0) + 1)
  }
  expect(counts.size).toBe(31)
  const expected = (20_000 * 6) / 31
  const chiSquared = [...counts.values()].reduce((total, n) => total + (n - expected) ** 2 / expected, 0)
  // 30 degrees of freedom: above 80 with a probability of one in 500,000.
  expect(chiSquared).toBeLessThan(80)
})
