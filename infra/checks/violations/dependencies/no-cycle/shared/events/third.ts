import { first } from './first.ts'

export const third = first
