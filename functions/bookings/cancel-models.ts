import * as z from 'zod/mini'
import { CurrencyCode, Id, Instant } from '../../shared/schemas.ts'
import type { Ground } from './refund-quote.ts'

/** The shapes of giving a booking up. Amounts are minor units; numbers of passengers, pets and flights count from 1. */

/** Why something returns or stays, in the words of the passengers' site. */
export const GROUNDS = {
  retracto: { es: 'Derecho de retracto', en: 'Right of withdrawal (retracto)' },
  desistimiento: { es: 'Desistimiento del viaje', en: 'Giving up the journey (desistimiento)' },
  'fare-conditions': { es: 'Condiciones de la tarifa', en: 'Conditions of the fare' },
  'refundable-tax': { es: 'Impuesto o tasa reembolsable', en: 'Refundable tax or charge' },
  'non-refundable-tax': { es: 'Impuesto o tasa no reembolsable', en: 'Non-refundable tax or charge' },
  fee: { es: 'Cargo por un servicio ya prestado', en: 'Fee for a service already given' },
  'no-show': { es: 'El pasajero no se presentó', en: 'The passenger did not show up' },
  'flight-cancelled': { es: 'La aerolínea canceló el vuelo', en: 'The airline cancelled the flight' },
  retimed: { es: 'La aerolínea cambió el horario', en: 'The airline changed the times' },
  'equipment-changed': { es: 'La aerolínea cambió el avión', en: 'The airline changed the aircraft' },
  departed: { es: 'El vuelo ya salió', en: 'The flight has left' },
} as const satisfies Record<Ground, { es: string; en: string }>

const RefundLine = z.object({
  /** A fare is net of its discount. */
  kind: z.enum(['fare', 'tax', 'pet-fee', 'seat-fee', 'fee']),
  /** The fare, tax rule or policy that it was charged by. */
  rule: z.string(),
  code: z.string(),
  passenger: z.nullable(z.int()),
  pet: z.nullable(z.int()),
  segment: z.int(),
  paid: z.int(),
  /** What returns of it. */
  amount: z.int(),
  retained: z.int(),
  ground: z.enum(Object.keys(GROUNDS) as [Ground, ...Ground[]]),
  /** The law, policy or rule that says so. */
  source: z.string(),
})

export const RefundQuoteAnswer = z.object({
  refundQuoteId: Id('refundQuote'),
  bookingId: Id('booking'),
  /** The version of the booking that it is for: a later one needs another quote. */
  version: z.int(),
  expiresAt: Instant,
  currency: CurrencyCode,
  /** Sum of the lines' amounts; 0 for a booking that is not paid. */
  refund: z.int(),
  retained: z.int(),
  lines: z.array(RefundLine),
  /** What the lines' grounds are called. */
  grounds: z.record(z.string(), z.object({ es: z.string(), en: z.string() })),
})
export type RefundQuoteAnswer = z.output<typeof RefundQuoteAnswer>

export const Cancellation = z.object({
  bookingId: Id('booking'),
  status: z.literal('cancelled'),
  version: z.int(),
  /** What is given back, to where it was paid from: the booking's payments tell how far that is. */
  refund: z.int(),
  currency: CurrencyCode,
})

export const History = z.object({
  bookingId: Id('booking'),
  version: z.int(),
  /** One entry a version, the first from its creation. */
  entries: z.array(
    z.object({
      version: z.int(),
      at: Instant,
      action: z.enum([
        'created',
        'confirmed',
        'expired',
        'cancelled',
        'changed',
        'checked-in',
        'boarded',
        'flown',
        'disrupted',
        'accepted',
        'erased',
      ]),
      /** Who did it; staff of the airline see who of them it was. */
      by: z.object({
        kind: z.enum(['passenger', 'partner', 'airline']),
        id: z.optional(z.string()),
      }),
      detail: z.object({
        /** Of the creation: confirmed at once, on an agency account. */
        confirmed: z.optional(z.boolean()),
        paymentId: z.optional(Id('payment')),
        changeId: z.optional(Id('change')),
        flightId: z.optional(Id('flight')),
        segment: z.optional(z.int()),
        passenger: z.optional(z.int()),
        passengers: z.optional(z.array(z.int())),
        /** What a change cost; below zero it was given back. */
        due: z.optional(z.int()),
        refund: z.optional(z.int()),
        reason: z.optional(z.string()),
        kind: z.optional(z.string()),
      }),
    }),
  ),
})
export type History = z.output<typeof History>
