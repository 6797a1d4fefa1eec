import { expect, test } from 'vitest'
import { idempotencyKey } from './idempotency-key.ts'
import { Refusal } from './problem.ts'

test('a key is taken as given, or without the quotes of a structured field', () => {
  expect(idempotencyKey('8f14e45f-ceea-4e7d')).toBe('8f14e45f-ceea-4e7d')
  expect(idempotencyKey('"8f14e45f-ceea-4e7d"')).toBe('8f14e45f-ceea-4e7d')
  expect(idempotencyKey('k'.repeat(8))).toHaveLength(8)
  expect(idempotencyKey('k'.repeat(128))).toHaveLength(128)
})

test.each([
  ['missing', undefined],
  ['empty', ''],
  ['empty between quotes', '""'],
  ['too short', 'k'.repeat(7)],
  ['too short between quotes', '"kkkkkkk"'],
  ['too long', 'k'.repeat(129)],
  ['of two words', 'one two three'],
  ['not ASCII', 'reservación-1'],
  ['with a control character', 'key-1234\u0007'],
  ['with a line break', 'key-1234\n'],
])('a key that is %s is refused, and the refusal names the header', (_, header) => {
  const refusal = (() => {
    try {
      return idempotencyKey(header)
    } catch (error) {
      return error
    }
  })()
  expect(refusal).toBeInstanceOf(Refusal)
  expect((refusal as Refusal).answer).toMatchObject({
    status: 400,
    body: { code: 'idempotency-key-missing', errors: [{ header: 'Idempotency-Key' }] },
  })
})
