import * as z from 'zod/mini'
import { endpoint } from '../../../shared/http/endpoint.ts'
import { problem } from '../../../shared/http/problem.ts'
import { Count } from '../../../shared/schemas.ts'
import { getIdentityDocument } from '../../catalog.ts'
import { readDocument } from '../document-store.ts'
import { findBooking, readerOf } from '../find-booking.ts'
import { IdentityDocument, masked } from '../identity-document.ts'
import { Locator } from '../models.ts'
import { BOOKING_PROBLEMS } from '../problems.ts'

export const route = endpoint(
  getIdentityDocument,
  {
    description:
      'Reads the document of a passenger, or of the payer under number 0. Agents and administrators see its number; passengers and partners see stars but for the last signs.',
    params: z.strictObject({ locator: Locator, number: Count(0, 99) }),
    success: {
      status: 200,
      description: 'The document',
      schema: z.extend(IdentityDocument, { passenger: z.int(), masked: z.boolean() }),
    },
    problems: [BOOKING_PROBLEMS['booking-not-found'], BOOKING_PROBLEMS['document-not-recorded']],
    example: { params: { locator: 'K7M2QX', number: '1' } },
  },
  async ({ caller, params }) => {
    const { locator, number: passenger } = params
    const booking = await findBooking(locator, caller)
    if (!booking) return problem(BOOKING_PROBLEMS['booking-not-found'])
    const document = await readDocument(booking.id, passenger)
    if (!document) return problem(BOOKING_PROBLEMS['document-not-recorded'])
    const isMasked = !('staff' in readerOf(caller))
    const number = isMasked ? masked(document.number) : document.number
    return { status: 200, body: { ...document, number, passenger, masked: isMasked } }
  },
)
