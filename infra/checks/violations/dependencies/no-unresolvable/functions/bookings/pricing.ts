import { randomUUID } from 'node:crypto'

export const price = randomUUID
