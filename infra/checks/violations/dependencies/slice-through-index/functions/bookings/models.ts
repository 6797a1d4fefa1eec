import type { Rate } from '../flights/tax.ts'

export type Booking = { rate: Rate }
