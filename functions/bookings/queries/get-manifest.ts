import * as z from 'zod/mini'
import { endpoint } from '../../../shared/http/endpoint.ts'
import { problem } from '../../../shared/http/problem.ts'
import { uuidOf } from '../../../shared/ids.ts'
import { database } from '../../../shared/postgres/client.ts'
import { Id } from '../../../shared/schemas.ts'
import { getManifest } from '../../catalog.ts'
import { FLIGHT_PROBLEMS, loadFlights } from '../../flights/index.ts'
import { Manifest, manifestCsv, readManifest } from '../manifest.ts'

export const route = endpoint(
  getManifest,
  {
    description:
      'Who is on a flight, of paid bookings: names, types, seats, marks, infants after their adults, pets and special services. `Accept: text/csv` gives it as CSV.',
    params: z.strictObject({ flight: Id('flight') }),
    success: { status: 200, description: 'The manifest', schema: Manifest, csv: manifestCsv },
    problems: [FLIGHT_PROBLEMS['unknown-flight']],
    example: { params: { flight: 'flt_01990000000070008000000000000001' } },
  },
  async ({ params }) => {
    const [flight] = await loadFlights(database(), [uuidOf(params.flight)])
    if (!flight) return problem(FLIGHT_PROBLEMS['unknown-flight'])
    return { status: 200, body: await readManifest(flight) }
  },
)
