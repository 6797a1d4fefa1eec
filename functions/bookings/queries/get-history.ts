import * as z from 'zod/mini'
import { endpoint } from '../../../shared/http/endpoint.ts'
import { problem } from '../../../shared/http/problem.ts'
import { publicId } from '../../../shared/ids.ts'
import { database } from '../../../shared/postgres/client.ts'
import { getHistory } from '../../catalog.ts'
import { History } from '../cancel-models.ts'
import { findBooking, readerOf } from '../find-booking.ts'
import { Locator } from '../models.ts'
import { BOOKING_PROBLEMS } from '../problems.ts'

type Entry = History['entries'][number]
type Row = {
  version: number
  at: Date
  actor: string
  action: Entry['action']
  detail: Record<string, unknown>
}

/** Its creation, which its own row tells, and the steps since. */
const read = (bookingId: string): Promise<Row[]> => database()<Row[]>`
  select 1 as version, created_at as at, caller as actor, 'created' as action,
    jsonb_build_object('confirmed', account is not null) as detail
  from bookings.bookings where id = ${bookingId}
  union all
  select version, at, actor, action, detail from bookings.history where booking_id = ${bookingId}
  order by version`

/** Whoever is not with a partner or the airline, or one of its schedules, is the passenger. */
function kindOf(actor: string): Entry['by']['kind'] {
  if (actor.startsWith('partner:')) return 'partner'
  return /^(public$|passenger:|user:)/.test(actor) ? 'passenger' : 'airline'
}

const IDS = { paymentId: 'payment', changeId: 'change', flightId: 'flight' } as const
const KEPT = ['confirmed', 'segment', 'passenger', 'passengers', 'due', 'refund', 'reason', 'kind'] as const

/** What of a step's detail is told, in public ids. */
function detailOf(detail: Record<string, unknown>): Entry['detail'] {
  const ids = Object.entries(IDS).flatMap(([name, kind]) => {
    const id = detail[name]
    if (typeof id !== 'string') return []
    return [[name, id.includes('_') ? id : publicId(kind, id)]]
  })
  const kept = KEPT.flatMap((name) => (detail[name] == null ? [] : [[name, detail[name]]]))
  return Object.fromEntries([...ids, ...kept])
}

export const route = endpoint(
  getHistory,
  {
    description:
      'Reads what happened to a booking, version by version: its creation and every step, who took it and when. Passengers and partners are told the kind of actor; agents and administrators also which of them it was.',
    params: z.strictObject({ locator: Locator }),
    success: { status: 200, description: 'The history, the oldest first', schema: History },
    problems: [BOOKING_PROBLEMS['booking-not-found']],
    example: { params: { locator: 'K7M2QX' } },
  },
  async ({ params, caller }) => {
    const booking = await findBooking(params.locator, caller)
    if (!booking) return problem(BOOKING_PROBLEMS['booking-not-found'])
    const isStaff = 'staff' in readerOf(caller)
    const rows = await read(booking.id)
    const entries = rows.map(({ version, at, actor, action, detail }): Entry => {
      const by = { kind: kindOf(actor), ...(isStaff && { id: actor }) }
      return { version, at: at.toISOString(), action, by, detail: detailOf(detail) }
    })
    // A step may have been taken since the booking was found.
    const version = entries.at(-1)?.version ?? booking.version
    const body: History = { bookingId: publicId('booking', booking.id), version, entries }
    return { status: 200, headers: { etag: `"${version}"` }, body }
  },
)
