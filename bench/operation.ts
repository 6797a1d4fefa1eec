import type { Sql } from '../shared/postgres/client.ts'
import type { Scenario } from './scenarios.ts'

/** A request as a client sends it; every one has an Idempotency-Key of its own. */
export type HttpRequest = { method: string; path: string; body: object }

/** What a scenario does, in the forms that contenders need. `n` is the number of a thing in the pool, from 1. */
export type Operation = {
  /** Fills the pool with things to do it to. */
  fill: (sql: Sql, scenario: Scenario, pool: number) => Promise<void>
  /** Takes back what a run did, so that every run meets the same database. */
  reset: (sql: Sql) => Promise<void>
  /** Throws when what a run left behind is not what that many calls leave. */
  check: (sql: Sql, scenario: Scenario, made: number) => Promise<void>
  /** The file that pgbench runs, in this folder. */
  pgbench: string
  /** In a call of its own. */
  alone: (scenario: Scenario, n: number) => Promise<void>
  /** As long-running hosts do it: sharing calls. */
  gathered: (scenario: Scenario, n: number) => Promise<void>
  request: (scenario: Scenario, n: number) => HttpRequest
}
