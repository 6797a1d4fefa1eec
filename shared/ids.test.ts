import { expect, test } from 'vitest'
import { type IdKind, idPattern, newUuid, publicId, uuidOf } from './ids.ts'

const UUID = '01990a2b-3c4d-7e5f-8a6b-7c8d9e0fa1b2'

test.for([
  ['airline', 'air'],
  ['booking', 'bkg'],
  ['event', 'evt'],
  ['fare', 'far'],
  ['flight', 'flt'],
  ['policy', 'pol'],
  ['promotion', 'prm'],
  ['quote', 'quo'],
  ['rate', 'fxr'],
  ['series', 'ser'],
  ['tax', 'tax'],
] as const satisfies readonly (readonly [IdKind, string])[])(
  'the id of a %s begins with %s_',
  ([kind, prefix]) => {
    const id = publicId(kind, UUID)
    expect(id).toBe(`${prefix}_01990a2b3c4d7e5f8a6b7c8d9e0fa1b2`)
    expect(id).toMatch(idPattern(kind))
    expect(uuidOf(id)).toBe(UUID)
  },
)

test.for([
  ['another prefix', 'flt_01990a2b3c4d7e5f8a6b7c8d9e0fa1b2'],
  ['dashes', `bkg_${UUID}`],
  ['capitals', 'bkg_01990A2B3C4D7E5F8A6B7C8D9E0FA1B2'],
  ['a digit too few', 'bkg_01990a2b3c4d7e5f8a6b7c8d9e0fa1b'],
  ['a digit too many', 'bkg_01990a2b3c4d7e5f8a6b7c8d9e0fa1b22'],
  ['something before', ' bkg_01990a2b3c4d7e5f8a6b7c8d9e0fa1b2'],
  ['a line after', 'bkg_01990a2b3c4d7e5f8a6b7c8d9e0fa1b2\n'],
  ['no prefix', '01990a2b3c4d7e5f8a6b7c8d9e0fa1b2'],
] as const)('the id of a booking has not %s', ([, text]) => {
  expect(text).not.toMatch(idPattern('booking'))
})

test('new UUIDs are of version 7, all different, and sort by when they were made', () => {
  const made = Array.from({ length: 1_000 }, newUuid)
  for (const uuid of made)
    expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(new Set(made).size).toBe(made.length)
  expect(made.toSorted()).toEqual(made)
})
