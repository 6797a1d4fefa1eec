import { cancel } from './cancel.ts'

export const change = cancel
