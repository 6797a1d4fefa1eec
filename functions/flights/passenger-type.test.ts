import { expect, test } from 'vitest'
import { typeOfAge, typeOnFlight } from './passenger-type.ts'

test.for([
  [0, 'INF'],
  [1, 'INF'],
  [2, 'CHD'],
  [11, 'CHD'],
  [12, 'ADT'],
  [95, 'ADT'],
] as const)('at %i years: %s', ([age, type]) => {
  expect(typeOfAge(age)).toBe(type)
})

const FIRST = '2026-07-10'
test.for([
  ['twelve on the day of departure', '2014-07-10', FIRST, 'ADT'],
  ['twelve the day after', '2014-07-11', FIRST, 'CHD'],
  ['twelve before the way home: still a child', '2014-07-11', '2026-07-17', 'CHD'],
  ['two on the day of departure', '2024-07-10', FIRST, 'CHD'],
  ['two the day after', '2024-07-11', FIRST, 'INF'],
  ['two the day before the way home: a child there', '2024-07-16', '2026-07-17', 'CHD'],
  ['two on the day of the way home: a child there', '2024-07-17', '2026-07-17', 'CHD'],
  ['two the day after the way home: an infant to the end', '2024-07-18', '2026-07-17', 'INF'],
  ['born on the day of departure', FIRST, FIRST, 'INF'],
] as const)('%s', ([, birthDate, departure, type]) => {
  expect(typeOnFlight(birthDate, FIRST, departure)).toBe(type)
})

test.for([
  ['2026-02-28', 'INF'],
  ['2026-03-01', 'CHD'],
] as const)('born on 29 February 2024, departing on %s: %s', ([departure, type]) => {
  expect(typeOnFlight('2024-02-29', departure, departure)).toBe(type)
})
