import type { Problem } from './problem.ts'

/** What `GET /problems/:code` answers: where a problem's `type` leads. */
export type ProblemDocument = { type: string; title: string; status: number; code: string; help: string }

/** The explanation of the problem with this code, or undefined when none of these kinds has it. */
export function problemDocument(kinds: readonly Problem[], code: string): ProblemDocument | undefined {
  const kind = kinds.find((known) => known.code === code)
  if (!kind) return undefined
  const { title, status, help } = kind
  return { type: `/problems/${code}`, title, status, code, help }
}
