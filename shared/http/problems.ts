import { defineProblems } from './problem.ts'

/** Problems that any endpoint may answer; those of a slice stand in its `problems.ts`. */
export const HTTP_PROBLEMS = defineProblems({
  'malformed-json': [
    400,
    'The body is not JSON',
    'Send a JSON document in UTF-8, with content type application/json.',
  ],
  'idempotency-key-missing': [
    400,
    'A command needs an Idempotency-Key',
    'Send the header Idempotency-Key with 8 to 128 visible ASCII characters, new for each intention; repeat it only to repeat the same request.',
  ],
  'if-match-malformed': [
    400,
    'If-Match does not name a version',
    'Send one strong entity tag as an answer gave it, such as "3", or leave the header out.',
  ],
  'token-missing': [
    401,
    'This operation needs a bearer token',
    'Send the header Authorization: Bearer with a token of the configured issuer.',
  ],
  'token-invalid': [
    401,
    'The bearer token is not accepted',
    'Get a new token: it must be signed by the configured issuer for this audience and not have expired.',
  ],
  'role-missing': [
    403,
    'The token lacks the role that this operation needs',
    'Ask for one of the roles that the operation lists in the API reference.',
  ],
  'not-found': [404, 'Nothing is here', 'Check the path and the id against the API reference.'],
  'method-not-allowed': [
    405,
    'The path does not take this method',
    'Use one of the methods in the Allow header.',
  ],
  'body-too-large': [413, 'The body is too large', 'Send at most 64 KiB.'],
  'content-type-unsupported': [
    415,
    'The content type is not supported',
    'Send the body as application/json, in UTF-8 and uncompressed.',
  ],
  'invalid-request': [
    422,
    'The request does not fit the contract',
    'Each member of errors names the place, by JSON pointer or parameter, and the rule that it breaks.',
  ],
  'idempotency-key-reused': [
    422,
    'The Idempotency-Key was used for another request',
    'Send a new key for a new request; a key is remembered for 24 hours.',
  ],
  'too-many-requests': [
    429,
    'Too many requests',
    'Wait as many seconds as Retry-After says; the RateLimit headers tell what is left.',
  ],
  'internal-error': [
    500,
    'The request could not be completed',
    'Try again, a command with the same Idempotency-Key: it is not done twice. If it goes on, report the requestId.',
  ],
  'answer-too-large': [
    500,
    'The answer is too large to be sent',
    'Ask for less: a smaller limit, or a shorter range of dates.',
  ],
  'issuer-unreachable': [
    503,
    'The token issuer cannot be reached',
    'The token could not be checked. Try again in a few seconds.',
  ],
})
