import { sum } from './sum.ts'

export const sample = sum
