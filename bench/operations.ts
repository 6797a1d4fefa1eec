import { BOOK } from './booking.ts'
import { CANCEL, CONFIRM } from './life.ts'
import type { Operation } from './operation.ts'
import type { Scenario } from './scenarios.ts'

/** What scenarios measure, by name. */
export const OPERATIONS: Record<Scenario['operation'], Operation> = {
  book: BOOK,
  confirm: CONFIRM,
  cancel: CANCEL,
}
