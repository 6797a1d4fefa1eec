import { price } from '../pricing.ts'
import { find } from '../queries/find.ts'

export const create = [price, find]
