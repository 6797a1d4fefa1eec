import * as z from 'zod/mini'
import { endpoint } from '../../../shared/http/endpoint.ts'
import { database } from '../../../shared/postgres/client.ts'
import { findByDocument } from '../../catalog.ts'
import { indexOf } from '../document-store.ts'
import { DocumentKey } from '../identity-document.ts'
import { Locator } from '../models.ts'

/** Bookings an answer names at most: the latest. */
const MOST = 100

export const route = endpoint(
  findByDocument,
  {
    description:
      'Finds the bookings in which a document is recorded, of a passenger or of the payer, the latest first. Kind and number match exactly, whatever stands between the signs. They travel in the body, because URLs are logged.',
    body: DocumentKey,
    success: {
      status: 200,
      description: 'The bookings, none if there are none',
      schema: z.object({
        locators: z.array(Locator),
        /** Whether there are earlier ones, which are not named. */
        more: z.boolean(),
      }),
    },
    problems: [],
    example: { body: { kind: 'CC', number: '1.032.456.789' } },
  },
  async ({ body }) => {
    const found = await database()<{ locator: string }[]>`
      select b.locator from bookings.bookings b
      where b.id in (select d.booking_id from bookings.identity_documents d where d.blind_index = ${indexOf(body)})
      order by b.created_at desc, b.id desc limit ${MOST + 1}`
    const locators = found.slice(0, MOST).map(({ locator }) => locator)
    return { status: 200, body: { locators, more: found.length > MOST } }
  },
)
