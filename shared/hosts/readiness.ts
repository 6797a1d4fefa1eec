import { setTimeout as sleep } from 'node:timers/promises'
import { type Answer, defineProblems, problem } from '../http/problem.ts'
import { database } from '../postgres/client.ts'

export const READINESS_PROBLEMS = defineProblems({
  'not-ready': [
    503,
    'The system cannot serve now',
    'Try again in a few seconds. notReady names what does not answer.',
  ],
})

const LIMIT_MS = 1000

/** 200 when PostgreSQL answers within a second; otherwise a problem whose `notReady` says what does not and why. */
export async function readiness(): Promise<Answer> {
  const fault = await postgresFault()
  if (fault === undefined) return { status: 200, body: { status: 'ready' } }
  return problem(
    READINESS_PROBLEMS['not-ready'],
    { detail: `PostgreSQL ${fault}.`, notReady: ['postgres'] },
    { 'retry-after': '2' },
  )
}

async function postgresFault(): Promise<string | undefined> {
  const query = database()`select 1`
  const answered = query.then(
    () => undefined,
    // The code alone: a message may quote the host or the user.
    (error) => `refused the connection (${error.code ?? error.name})`,
  )
  const timeout = new AbortController()
  const tooLate = sleep(LIMIT_MS, `did not answer within ${LIMIT_MS / 1000} s`, { signal: timeout.signal })
  try {
    return await Promise.race([answered, tooLate.catch(() => undefined)])
  } finally {
    timeout.abort()
    query.cancel()
  }
}

/** What a host that is on its way out answers: requests are still served, but send the next ones elsewhere. */
export const draining = (): Answer =>
  problem(
    READINESS_PROBLEMS['not-ready'],
    { detail: 'The process is stopping.', notReady: ['process'] },
    { 'retry-after': '2' },
  )
