import type { Queue } from '../shared/events/queue.ts'

export const queue: Queue = 'bookings'
