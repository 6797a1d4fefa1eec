import { sample } from './pricing.test.ts'

export const price = sample
