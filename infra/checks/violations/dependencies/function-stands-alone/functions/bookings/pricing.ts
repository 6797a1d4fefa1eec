import { find } from './index.ts'

export const price = find
