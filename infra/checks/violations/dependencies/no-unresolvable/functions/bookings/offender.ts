import { price } from './prices.ts'

export const total = price
