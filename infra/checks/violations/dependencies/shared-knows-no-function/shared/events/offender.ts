import type { Booking } from '../../functions/bookings/models.ts'

export type Event = { booking: Booking }
