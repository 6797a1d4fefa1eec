import type * as z from 'zod/mini'
import {
  BookingCancelled,
  BookingChanged,
  BookingConfirmed,
  BookingCreated,
  BookingExpired,
  CouponsUsed,
} from './bookings.ts'
import { FlightCancelled, FlightClosed, FlightEquipmentChanged, FlightRetimed } from './flights.ts'

export type { BookingFigures } from './bookings.ts'

/** The contract between slices: every event by its CloudEvents type. A change that breaks a reader is a new version. */
export const EVENTS = {
  'bookings.booking-created.v1': BookingCreated,
  'bookings.booking-confirmed.v1': BookingConfirmed,
  'bookings.booking-changed.v1': BookingChanged,
  'bookings.booking-expired.v1': BookingExpired,
  'bookings.booking-cancelled.v1': BookingCancelled,
  'bookings.coupons-used.v1': CouponsUsed,
  'flights.flight-retimed.v1': FlightRetimed,
  'flights.flight-equipment-changed.v1': FlightEquipmentChanged,
  'flights.flight-cancelled.v1': FlightCancelled,
  'flights.flight-closed.v1': FlightClosed,
} as const

export type EventType = keyof typeof EVENTS

/** An event as a worker gets it: CloudEvents 1.0 attributes, and data that its schema has parsed. */
export type Event<Type extends EventType = EventType> = {
  [One in Type]: {
    /** `evt_…`: the same in every delivery. */
    id: string
    type: One
    /** Public id of what it tells about. */
    subject: string
    /** The subject's version after the change. */
    version: number
    time: Date
    traceparent: string | null
    data: z.output<(typeof EVENTS)[One]>
  }
}[Type]
