import type { Fault } from '../../shared/http/problem.ts'
import { database } from '../../shared/postgres/client.ts'

/** The faults of query parameters, each an airport code by its name, whose airport is not in the network. */
export async function findUnknownAirports(parameters: Readonly<Record<string, string>>): Promise<Fault[]> {
  const known = await database()<{ code: string }[]>`
    select code from flights.airports where code = any (${Object.values(parameters)})`
  return Object.entries(parameters)
    .filter(([, code]) => !known.some((airport) => airport.code === code))
    .map(([parameter, code]) => ({ parameter, detail: `${code} is not known` }))
}
