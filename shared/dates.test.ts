import { expect, test } from 'vitest'
import { addDays, ageOn, dateIn, daysBetween, instantIn, isDate } from './dates.ts'

test.for([
  ['2026-07-10', true],
  ['2024-02-29', true],
  ['2000-02-29', true],
  ['2026-02-29', false],
  ['2100-02-29', false],
  ['2026-02-30', false],
  ['2026-04-31', false],
  ['2026-13-01', false],
  ['2026-00-10', false],
  ['2026-01-00', false],
  ['2026-1-1', false],
  ['20260710', false],
  ['2026-07', false],
  ['2026', false],
  ['2026-07-10T00:00:00Z', false],
  ['2026-07-10\n', false],
  ['', false],
] as const)('%j is a date: %s', ([text, held]) => {
  expect(isDate(text)).toBe(held)
})

test.for([
  ['2026-07-10T04:59:59Z', 'America/Bogota', '2026-07-09'],
  ['2026-07-10T05:00:00Z', 'America/Bogota', '2026-07-10'],
  ['2026-07-10T03:59:59Z', 'America/New_York', '2026-07-09'],
  ['2026-07-10T04:00:00Z', 'America/New_York', '2026-07-10'],
  ['2026-12-10T04:00:00Z', 'America/New_York', '2026-12-09'],
  ['2026-12-31T15:00:00Z', 'Asia/Tokyo', '2027-01-01'],
  ['2026-07-10T00:00:00Z', 'UTC', '2026-07-10'],
] as const)('%s in %s is %s', ([instant, zone, date]) => {
  expect(dateIn(new Date(instant), zone)).toBe(date)
})

test.for([
  ['2026-07-10', 0, '2026-07-10'],
  ['2026-07-31', 1, '2026-08-01'],
  ['2026-12-31', 1, '2027-01-01'],
  ['2027-01-01', -1, '2026-12-31'],
  ['2026-02-28', 1, '2026-03-01'],
  ['2028-02-28', 1, '2028-02-29'],
  ['2028-03-01', -1, '2028-02-29'],
  ['2026-03-08', 365, '2027-03-08'],
] as const)('%s and %i days is %s, and back', ([date, days, moved]) => {
  expect(addDays(date, days)).toBe(moved)
  expect(daysBetween(date, moved)).toBe(days)
  expect(daysBetween(moved, date) + days).toBe(0)
})

test.for([
  ['the day before the twelfth birthday', '2014-07-10', '2026-07-09', 11],
  ['the twelfth birthday', '2014-07-10', '2026-07-10', 12],
  ['the day after', '2014-07-10', '2026-07-11', 12],
  ['an earlier month of a later day', '2014-07-10', '2026-06-30', 11],
  ['the day of birth', '2026-07-10', '2026-07-10', 0],
  ['the new year after a birth on 31 December', '2025-12-31', '2026-01-01', 0],
  ['born on 29 February: 28 February of a common year', '2024-02-29', '2026-02-28', 1],
  ['born on 29 February: 1 March of a common year', '2024-02-29', '2026-03-01', 2],
  ['born on 29 February: 28 February of a leap year', '2024-02-29', '2028-02-28', 3],
  ['born on 29 February: 29 February', '2024-02-29', '2028-02-29', 4],
  ['born on 28 February: 29 February', '2024-02-28', '2028-02-29', 4],
  ['ninety-five years', '1931-07-10', '2026-07-10', 95],
] as const)('%s: born %s, on %s: %i', ([, birthDate, date, age]) => {
  expect(ageOn(birthDate, date)).toBe(age)
})

test.for([
  ['2026-12-10T13:15:00Z', 'America/Bogota', '2026-12-10T08:15:00-05:00'],
  ['2026-12-10T05:00:00Z', 'America/Bogota', '2026-12-10T00:00:00-05:00'],
  ['2026-07-10T13:15:09.999Z', 'America/New_York', '2026-07-10T09:15:09-04:00'],
  ['2026-12-10T13:15:00Z', 'America/New_York', '2026-12-10T08:15:00-05:00'],
  ['2026-12-10T18:15:00Z', 'Asia/Kolkata', '2026-12-10T23:45:00+05:30'],
  ['2026-12-10T13:15:00Z', 'Europe/London', '2026-12-10T13:15:00+00:00'],
  ['2026-12-10T13:15:00Z', 'UTC', '2026-12-10T13:15:00+00:00'],
] as const)('%s in %s reads %s', ([instant, zone, local]) => {
  expect(instantIn(new Date(instant), zone)).toBe(local)
})
