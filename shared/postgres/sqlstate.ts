/** The SQLSTATEs that the code speaks of (PostgreSQL manual, appendix A). */
const SQLSTATE = {
  uniqueViolation: '23505',
  exclusionViolation: '23P01',
  serializationFailure: '40001',
  deadlockDetected: '40P01',
} as const

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code

/** True when a unique or exclusion constraint refused the write; `constraint` narrows it to one by name. */
export function isConflict(error: unknown, constraint?: string): boolean {
  const conflict = hasCode(error, SQLSTATE.uniqueViolation) || hasCode(error, SQLSTATE.exclusionViolation)
  return conflict && (constraint === undefined || constraintOf(error) === constraint)
}

/** True when the very same statements may succeed if they run again. */
export const isTransient = (error: unknown): boolean =>
  hasCode(error, SQLSTATE.serializationFailure) || hasCode(error, SQLSTATE.deadlockDetected)

/** Name of the constraint that refused the write. */
const constraintOf = (error: unknown): string | undefined =>
  error instanceof Error && 'constraint_name' in error ? String(error.constraint_name) : undefined
