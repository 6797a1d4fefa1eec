import { describe, expect, it } from 'vitest'
import { normalisedSurname, surnameHash, surnameHashes } from './surname.ts'

const KEY = '0f'.repeat(32)

describe('normalisedSurname', () => {
  it.each([
    ['Ñáñez', 'nanez'],
    ["O'Brien", 'obrien'],
    ['O’Brien', 'obrien'],
    ['García-Márquez', 'garciamarquez'],
    ['  de   la Cruz ', 'delacruz'],
    ['MÜLLER', 'muller'],
    ['N\u0303a\u0301n\u0303ez', 'nanez'],
    ['Núñez', 'nunez'],
  ])('%s is %s', (written, normalised) => {
    expect(normalisedSurname(written)).toBe(normalised)
  })
})

describe('surnameHashes', () => {
  const passengers = [{ surnames: ['Pérez', 'Gómez'] }, { surnames: ['Pérez'] }, { surnames: ['Ñáñez'] }]
  const hashes = surnameHashes(passengers, KEY)

  it('opens by the first surname or both, however typed', () => {
    for (const typed of ['perez', 'PÉREZ GÓMEZ', 'perez-gomez', 'nanez']) {
      expect(hashes).toContain(surnameHash(typed, KEY))
    }
  })

  it('does not open by the second alone, or by part of a surname', () => {
    for (const typed of ['gomez', 'pere', 'perez nanez', ''])
      expect(hashes).not.toContain(surnameHash(typed, KEY))
  })

  it('holds each once', () => {
    expect(hashes).toHaveLength(3)
  })

  it('depends on the key', () => {
    expect(surnameHash('perez', KEY)).not.toBe(surnameHash('perez', '10'.repeat(32)))
  })
})
