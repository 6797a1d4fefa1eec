import { expect } from 'vitest'
import { BOOKING_PROBLEMS } from '../../functions/bookings/problems.ts'
import { FLIGHT_PROBLEMS } from '../../functions/flights/problems.ts'
import type { Problem } from '../../shared/http/problem.ts'
import { HTTP_PROBLEMS } from '../../shared/http/problems.ts'
import { database } from '../../shared/postgres/client.ts'
import type { ApiAnswer } from './client.ts'

const DOCUMENTED = new Map<string, Problem>(
  [HTTP_PROBLEMS, FLIGHT_PROBLEMS, BOOKING_PROBLEMS].flatMap((kinds) => Object.entries(kinds)),
)

/** Where a refusal lies, as its `errors` tell it. */
type Place = { pointer: string } | { parameter: string } | { header: string }

/**
 * Asks, and expects a documented problem with this code that names these places and has changed nothing.
 * @returns the answer, for what else it must say
 */
export async function expectRefusal(
  ask: () => Promise<ApiAnswer>,
  status: number,
  code: string,
  ...places: Place[]
): Promise<ApiAnswer> {
  const before = await sold()
  const answer = await ask()
  expect(answer.body, JSON.stringify(answer.body)).toMatchObject({ code, status, type: `/problems/${code}` })
  expect(answer.status).toBe(status)
  expect(answer.headers['content-type']).toBe('application/problem+json')
  expect(answer.headers['x-request-id']).toBe(answer.body.requestId)
  expect(DOCUMENTED.get(code)).toMatchObject({ status, title: answer.body.title })
  // A field that breaks two rules is named twice.
  const faults: Record<string, string>[] = answer.body.errors ?? []
  const named = new Set(faults.map(({ detail: _, ...place }) => JSON.stringify(place)))
  if (places.length > 0) expect([...named]).toEqual(places.map((place) => JSON.stringify(place)))
  for (const { detail } of faults) expect(detail).toMatch(/\w/)
  expect(await sold()).toEqual(before)
  return answer
}

/** All that a sale writes: how many rows there are, and what every flight has sold. */
async function sold(): Promise<object> {
  const sql = database()
  const [rows] = await sql`
    select (select count(*) from bookings.bookings) as bookings,
      (select count(*) from bookings.passengers) as passengers, (select count(*) from bookings.pets) as pets,
      (select count(*) from bookings.coupons) as coupons, (select count(*) from platform.outbox) as events`
  const cabins = await sql`
    select flight_id, cabin, sold, class_sold from flights.cabin_inventory order by flight_id, cabin`
  const services = await sql`
    select flight_id, infant_sold, petc_sold, avih_sold from flights.service_inventory order by flight_id`
  return { ...rows, cabins: [...cabins], services: [...services] }
}

/** A problem without what differs from one request to the next. */
export function sameForAll({ status, body: { requestId: _, ...body } }: ApiAnswer): object {
  return { status, body }
}
