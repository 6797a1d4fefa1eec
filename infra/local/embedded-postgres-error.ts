/** What kept the embedded server from starting; the message says the cause and the way out. */
export type EmbeddedPostgresProblem = 'binaries' | 'permissions' | 'version' | 'broken' | 'in use' | 'port'

export class EmbeddedPostgresError extends Error {
  readonly problem: EmbeddedPostgresProblem

  constructor(problem: EmbeddedPostgresProblem, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'EmbeddedPostgresError'
    this.problem = problem
  }
}
