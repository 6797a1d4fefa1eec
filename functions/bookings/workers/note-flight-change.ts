import type { Event } from '../../../shared/events/index.ts'
import { uuidOf } from '../../../shared/ids.ts'
import type { Transaction } from '../../../shared/postgres/client.ts'
import { worker as define } from '../../../shared/worker.ts'
import { noteFlightChange } from '../../catalog.ts'

/**
 * Notes what happened to a flight with every booking that is on it; a cancelled flight is then to be settled, and a
 * closed one has its coupons used. An event takes effect once, and their order does not matter.
 */
export const worker = define(noteFlightChange, async (sql, events) => {
  for (const event of events) await take(sql, event)
})

async function take(sql: Transaction, event: Event<(typeof noteFlightChange.on)[number]>): Promise<void> {
  switch (event.type) {
    case 'flights.flight-retimed.v1': {
      const { reason, before, departsAt, arrivesAt } = event.data
      const after = { departsAt, arrivesAt }
      const told = { reason, before: { departsAt: before.departsAt, arrivesAt: before.arrivesAt }, after }
      await note(sql, event, 'retimed', told, after)
      return
    }
    case 'flights.flight-equipment-changed.v1': {
      const { reason, before, aircraftType } = event.data
      await note(sql, event, 'equipment-changed', { reason, before, after: { aircraftType } })
      return
    }
    case 'flights.flight-cancelled.v1': {
      const { reason, remedy } = event.data
      const total = await note(sql, event, 'cancelled', { reason, remedy })
      await sql`
        insert into bookings.flight_settlements (flight_id, event_id, remedy, total)
        values (${uuidOf(event.data.flightId)}, ${event.id}, ${remedy}, ${total})
        on conflict do nothing`
      return
    }
    case 'flights.flight-closed.v1':
      await sql`select bookings.use_coupons(${uuidOf(event.data.flightId)})`
  }
}

/** Answers how many bookings were not noted before. */
async function note(
  sql: Transaction,
  { id, data }: { id: string; data: { flightId: string } },
  kind: 'retimed' | 'equipment-changed' | 'cancelled',
  told: object,
  times: { departsAt: string; arrivesAt: string } | null = null,
): Promise<number> {
  const [row] = await sql<{ noted: number }[]>`
    select bookings.note_disruption(${uuidOf(data.flightId)}, ${id}, ${kind}, ${sql.json(told as never)},
      ${times?.departsAt ?? null}::timestamptz, ${times?.arrivesAt ?? null}::timestamptz) as noted`
  return row?.noted ?? 0
}
