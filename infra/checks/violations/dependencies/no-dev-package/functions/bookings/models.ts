import type { Arbitrary } from 'fast-check'

export type Any = Arbitrary<number>
