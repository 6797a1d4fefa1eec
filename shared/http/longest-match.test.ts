import { expect, test } from 'vitest'
import { longestMatch } from './longest-match.ts'

test.each<[pattern: string, longest: number | undefined]>([
  ['^[A-Z]{3}$', 3],
  ['^flt_[0-9a-f]{32}$', 36],
  ['^[A-Z0-9]{3,20}$', 20],
  ['^[A-Z][A-Z0-9]{0,14}$', 15],
  ['^\\+[1-9]\\d{6,14}$', 16],
  ['^\\d{4}-(0[1-9]|1[0-2])$', 7],
  ['^(0|[1-9]\\d{0,6})(?:\\.(\\d{1,6}))?$', 14],
  ['^\\d{1,3}(,\\d{1,3}){0,19}$', 79],
  ['^([01]\\d|2[0-3]):[0-5]\\d$', 5],
  ['^([A-Z]{3})-(?!\\1)[A-Z]{3}$', 7],
  ['^([A-Z]{3})-\\1$', 7],
  ['^(?<year>\\d{4})(?<=2)\\b$', 4],
  ['^[\\]a]{2}\\p{Lu}\\u00e1\\u{1f600}.$', 6],
  ['^(?:a|bc|)??$', 2],
  ['^$', 0],
  ['^\\P{C}*$', undefined],
  ['^a+$', undefined],
  ['^a{2,}$', undefined],
  ['^(a|b*)$', undefined],
  // Not anchored at both ends.
  ['[A-Z]{3}', undefined],
  ['^[A-Z]{3}', undefined],
  ['^[A-Z]{3}\\$', undefined],
  ['^a|b$', undefined],
  ['^a)$', undefined],
])('%s matches %s characters at most', (pattern, longest) => {
  expect(longestMatch(pattern)).toBe(longest)
})
