import * as z from 'zod/mini'
import { endpoint } from '../../../shared/http/endpoint.ts'
import { database } from '../../../shared/postgres/client.ts'
import { AirportCode } from '../../../shared/schemas.ts'
import { listDestinations } from '../../catalog.ts'
import { AirportSummary } from '../models.ts'

const Destination = z.extend(AirportSummary, { from: z.array(AirportCode) })

/** Every airport with a flight to it in the coming days, and the airports from which. */
async function readDestinations(): Promise<z.output<typeof Destination>[]> {
  return await database()<z.output<typeof Destination>[]>`
    select a.code, a.name, a.city, a.city_code as "cityCode", a.country_code as "countryCode",
      a.time_zone as "timeZone", array_agg(r.origin order by r.origin) as "from"
    from flights.airports a
    join flights.airports o on o.code <> a.code
    cross join lateral (
      select o.code as origin from flights.flights f
      where f.origin = o.code and f.destination = a.code and f.departs_at > now() and f.status = 'scheduled'
      limit 1
    ) r
    group by a.code
    order by a.city, a.code`
}

export const route = endpoint(
  listDestinations,
  {
    success: {
      status: 200,
      description: 'The destinations, by city',
      schema: z.object({ destinations: z.array(Destination) }),
    },
    problems: [],
  },
  async () => ({ status: 200, body: { destinations: await readDestinations() } }),
)
