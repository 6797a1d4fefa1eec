/** A kind of refusal that a client may meet: its code is part of the contract and never changes its meaning. */
export type Problem = {
  code: string
  status: number
  /** What is the matter, the same words each time. */
  title: string
  /** The way out. */
  help: string
}

/** One place in the request that is at fault: a JSON pointer into the body, or the name of a parameter or header. */
export type Fault = { pointer?: string; parameter?: string; header?: string; detail: string }

/** What a handler gives back. The body is sent as JSON; a problem as `application/problem+json`. */
export type Answer = { status: number; body?: unknown; headers?: Record<string, string> }

/** Lists a slice's problems by their codes. */
export function defineProblems<Code extends string>(
  kinds: Record<Code, readonly [status: number, title: string, help: string]>,
): Record<Code, Problem> {
  const entries = Object.entries<readonly [number, string, string]>(kinds)
  return Object.fromEntries(
    entries.map(([code, [status, title, help]]) => [code, { code, status, title, help }]),
  ) as Record<Code, Problem>
}

/**
 * The answer that tells a client of a problem, in the form of RFC 9457.
 * @param more `detail` says what was found here; `errors` where; any other member is an extension that the
 * problem's documentation names.
 */
export function problem(
  kind: Problem,
  more: { detail?: string; errors?: readonly Fault[]; [extension: string]: unknown } = {},
  headers: Record<string, string> = {},
): Answer {
  return {
    status: kind.status,
    headers: { 'content-type': 'application/problem+json', ...headers },
    body: {
      type: `/problems/${kind.code}`,
      title: kind.title,
      status: kind.status,
      code: kind.code,
      detail: more.detail ?? kind.help,
      ...Object.fromEntries(Object.entries(more).filter(([name]) => name !== 'detail')),
    },
  }
}

/** Thrown by what stands before a handler (authentication, validation); the endpoint answers it. */
export class Refusal extends Error {
  readonly answer: Answer
  constructor(answer: Answer) {
    super(`refused with ${answer.status}`)
    this.answer = answer
  }
}
