import { worker } from '../../functions/bookings/workers/note-flight-change.ts'
import { addDays, dateIn, type IsoDate } from '../../shared/dates.ts'
import { EVENTS, type Event } from '../../shared/events/index.ts'
import { publicId, uuidOf } from '../../shared/ids.ts'
import { database, transaction } from '../../shared/postgres/client.ts'
import type { ApiAnswer, Client } from './client.ts'
import { expectMade, orderOf, peopleOf, sales } from './orders.ts'

type Row = { event_id: string; type: keyof typeof EVENTS; subject: string; version: number; data: unknown }

/** The events of flights that stand in the outbox, as a worker gets them, the oldest first. */
export async function flightEvents(): Promise<Event[]> {
  const rows = await database()<Row[]>`
    select event_id, type, subject, version, data from platform.outbox where type like 'flights.%' order by id`
  return rows.map(
    ({ event_id, type, subject, version, data }) =>
      ({
        id: publicId('event', event_id),
        type,
        subject,
        version,
        time: new Date(),
        traceparent: null,
        data: EVENTS[type].parse(data),
      }) as Event,
  )
}

/** Gives these events to the worker that notes them, in one transaction. */
export const deliver = (events: readonly Event[]): Promise<void> =>
  transaction((sql) => worker.handle(sql, events))

/** Delivers all that flights have told, again what was delivered before: it takes effect once. */
export const noteAll = async (): Promise<void> => deliver(await flightEvents())

/** Books an order on the airline's own account: it is confirmed at once. */
export async function bookConfirmed(
  client: Client,
  flights: readonly string[],
  birthDates: readonly IsoDate[],
  more: object = {},
): Promise<{ locator: string; id: string; bookingId: string; total: number }> {
  const order = orderOf(flights, birthDates, more)
  const body = { order, ...peopleOf(birthDates.length), account: 'MOSTRADOR' }
  const { locator, bookingId, total } = expectMade(await sales(client).book(body, { role: 'agent' }))
  return { locator, id: uuidOf(bookingId), bookingId, total }
}

/** Holds an order: nobody has paid it. */
export async function bookHeld(
  client: Client,
  flights: readonly string[],
  birthDates: readonly IsoDate[],
): Promise<{ locator: string; id: string; total: number }> {
  const body = { order: orderOf(flights, birthDates), ...peopleOf(birthDates.length) }
  const { locator, bookingId, total } = expectMade(await sales(client).book(body))
  return { locator, id: uuidOf(bookingId), total }
}

export const readBooking = async (client: Client, locator: string): Promise<ApiAnswer['body']> =>
  (await client.request('GET', `/v1/bookings/${locator}`, { role: 'agent' })).body

/** Moves a flight's departure to so many minutes from now, past every command. */
export async function departIn(flight: string, minutes: number): Promise<void> {
  const departsAt = new Date(Date.now() + minutes * 60_000)
  await database()`
    update flights.flights set departs_at = ${departsAt}, arrives_at = ${new Date(departsAt.getTime() + 3_600_000)}
    where id = ${uuidOf(flight)}`
}

/** The local date in Bogotá so many days from today. */
export const inDays = (days: number): IsoDate => addDays(dateIn(new Date(), 'America/Bogota'), days)

export const CANCEL = (remedy: 'rebook' | 'refund') => ({ reason: 'weather', remedy })

/** Cancels a flight, and has it noted. */
export async function cancelFlight(
  client: Client,
  flight: string,
  remedy: 'rebook' | 'refund',
): Promise<void> {
  const path = `/v1/flights/${flight}/cancellation`
  const answer = await client.request('POST', path, { role: 'admin', body: CANCEL(remedy) })
  if (answer.status !== 202) throw new Error(`answered ${answer.status}: ${JSON.stringify(answer.body)}`)
  await noteAll()
}

/** What a flight has sold, from its inventory and counted again from the coupons and pets of live bookings. */
export async function soldOf(flight: string): Promise<{ stored: object; counted: object }> {
  const id = uuidOf(flight)
  const sql = database()
  const [stored] = await sql`
    select sum(i.sold)::integer as seats, sum((select sum(n) from unnest(i.class_sold) n))::integer as classes,
      s.infant_sold as infants, s.petc_sold as petc, s.avih_sold as avih
    from flights.cabin_inventory i join flights.service_inventory s using (flight_id)
    where i.flight_id = ${id} group by s.infant_sold, s.petc_sold, s.avih_sold`
  const [counted] = await sql`
    with live as (
      select c.* from bookings.coupons c join bookings.bookings b on b.id = c.booking_id
      where c.flight_id = ${id} and c.status in ('open', 'checked-in', 'flown', 'no-show')
    ), pets as (select p.service from bookings.pets p where p.booking_id in (select booking_id from live))
    select (select count(*) from live where type <> 'INF')::integer as seats,
      (select count(*) from live where type <> 'INF')::integer as classes,
      (select count(*) from live where type = 'INF')::integer as infants,
      (select count(*) from pets where service = 'PETC')::integer as petc,
      (select count(*) from pets where service = 'AVIH')::integer as avih`
  return { stored: { ...stored }, counted: { ...counted } }
}
