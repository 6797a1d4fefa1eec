import * as z from 'zod/mini'
import { AirportCode, DateText, Id, Instant } from '../schemas.ts'

/** Why an airline changes a flight: a word of a list, so that events hold no free text and passengers read it in their language. */
export const OperationalReason = z.enum(
  ['weather', 'air-traffic', 'airport', 'technical', 'crew', 'security', 'commercial', 'other'],
  'must be weather, air-traffic, airport, technical, crew, security, commercial or other',
)

/** What becomes of who is on a cancelled flight: another flight, or the money where none has room; or the money. */
export const Remedy = z.enum(['rebook', 'refund'], 'must be rebook or refund')

const FlightEvent = z.object({
  flightId: Id('flight'),
  /** The flight's version after the change. */
  version: z.int(),
  flightNumber: z.string(),
  origin: AirportCode,
  destination: AirportCode,
  departureDate: DateText,
  departsAt: Instant,
  arrivesAt: Instant,
  aircraftType: z.string(),
})
const Changed = z.extend(FlightEvent, { reason: OperationalReason })

/** A flight has other times; `before` had these. */
export const FlightRetimed = z.extend(Changed, {
  before: z.object({ departureDate: DateText, departsAt: Instant, arrivesAt: Instant }),
})
/** Another aircraft flies it: seats that were chosen may not exist any more. */
export const FlightEquipmentChanged = z.extend(Changed, { before: z.object({ aircraftType: z.string() }) })
/** A flight does not fly: everybody on it is owed the remedy. */
export const FlightCancelled = z.extend(Changed, { remedy: Remedy })
/** A flight has left, and nobody boards any more. */
export const FlightClosed = FlightEvent
