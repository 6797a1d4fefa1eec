import type { Sql } from 'postgres'

export type Write = (sql: Sql) => Promise<void>
