import { expect, test } from 'vitest'
import { companionsOf } from './companions.ts'

const DAY = '2027-01-10'
const POLICIES = { 'accompanying-adult-age': 18, 'minor-accompanied-below': 15 }
const [ADULT, CHILD, INFANT] = ['1990-05-17', '2019-06-01', '2026-03-01']
/** Passengers numbered from 1, each with whom it was bound to. */
const bound = (...party: [birthDate: string, accompaniedBy?: number][]) => {
  const people = party.map(([birthDate, accompaniedBy = null], at) => ({
    number: at + 1,
    birthDate,
    accompaniedBy,
  }))
  return [...companionsOf(people, DAY, POLICIES).values()]
}

test('the n-th infant goes with the n-th adult, and a minor with the first', () => {
  expect(bound([CHILD], [ADULT], [INFANT], [ADULT], [INFANT])).toEqual([2, null, 2, null, 4])
})

test('a binding that holds is kept, and nobody else gets that adult', () => {
  expect(bound([ADULT], [ADULT], [INFANT], [INFANT, 1], [CHILD, 2])).toEqual([null, null, 2, 1, 2])
})

test('a binding to who left, is taken, or is no adult is made anew', () => {
  expect(bound([ADULT], [ADULT], [INFANT, 9], [INFANT, 2], [CHILD, 9])).toEqual([null, null, 1, 2, 1])
  expect(bound([ADULT], [ADULT], [INFANT, 2], [INFANT, 2])).toEqual([null, null, 2, 1])
  expect(bound([ADULT], [CHILD], [INFANT, 2])).toEqual([null, 1, 1])
})

test('ages count on the day of departure: fifteen go alone, seventeen accompany nobody', () => {
  expect(bound(['2012-01-10'], ['2012-01-11'], ['2009-01-11'], ['2009-01-10'])).toEqual([null, 4, null, null])
  expect(bound(['2009-01-11'], [INFANT])).toEqual([null, null])
})
