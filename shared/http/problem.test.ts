import { expect, test } from 'vitest'
import { defineProblems, problem } from './problem.ts'
import { problemDocument } from './problem-page.ts'
import { HTTP_PROBLEMS } from './problems.ts'

const KINDS = defineProblems({ 'flight-full': [409, 'The flight is full', 'Choose another flight.'] })

test('a problem is defined by its code', () => {
  expect(KINDS['flight-full']).toEqual({
    code: 'flight-full',
    status: 409,
    title: 'The flight is full',
    help: 'Choose another flight.',
  })
})

test('the answer has the form of RFC 9457; without a detail it tells the way out', () => {
  expect(problem(KINDS['flight-full'])).toEqual({
    status: 409,
    headers: { 'content-type': 'application/problem+json' },
    body: {
      type: '/problems/flight-full',
      title: 'The flight is full',
      status: 409,
      code: 'flight-full',
      detail: 'Choose another flight.',
    },
  })
})

test('a detail takes the place of the way out; errors, extensions and headers are added', () => {
  const errors = [{ pointer: '/flights/0', detail: 'is full' }]
  const answer = problem(
    KINDS['flight-full'],
    { detail: 'AV 9314 is full.', errors, left: 0 },
    { allow: 'GET' },
  )
  expect(answer.body).toMatchObject({ detail: 'AV 9314 is full.', errors, left: 0, code: 'flight-full' })
  expect(answer.headers).toEqual({ 'content-type': 'application/problem+json', allow: 'GET' })
})

test('a problem is explained by its code, and an unknown code is not', () => {
  expect(problemDocument(Object.values(HTTP_PROBLEMS), 'body-too-large')).toEqual({
    type: '/problems/body-too-large',
    title: 'The body is too large',
    status: 413,
    code: 'body-too-large',
    help: 'Send at most 64 KiB.',
  })
  expect(problemDocument(Object.values(HTTP_PROBLEMS), 'flight-full')).toBeUndefined()
  expect(problemDocument(Object.values(HTTP_PROBLEMS), 'toString')).toBeUndefined()
})
