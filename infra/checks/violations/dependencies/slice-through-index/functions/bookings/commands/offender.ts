import { taxes } from '../../flights/index.ts'
import { rate } from '../../flights/tax.ts'

export const total = [taxes, rate]
