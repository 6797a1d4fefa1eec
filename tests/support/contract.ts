import { isDeepStrictEqual } from 'node:util'
import type { Endpoint } from '../../shared/http/endpoint.ts'
import { HTTP_PROBLEMS } from '../../shared/http/problems.ts'
import type { ApiAnswer, Client } from './client.ts'

/**
 * The same client, which throws when an answer is not what its endpoint's contract says: a success that its schema
 * refuses or knows less of, or a problem that is not listed.
 */
export function withContract(client: Client, endpoints: () => readonly Endpoint[]): Client {
  return {
    async request(method, path, request) {
      const answer = await client.request(method, path, request)
      const [pathname = ''] = path.split('?')
      const endpoint = endpoints().find(({ entry }) => fits(entry.http, method, pathname))
      const complaint = endpoint && complaintOf(endpoint, answer)
      if (complaint) throw new Error(`${method} ${path} answered ${answer.status}: ${complaint}`)
      return answer
    },
  }
}

/** Whether a request is for this route. `/booking-access` fits `/bookings/:locator` too, under another method. */
function fits(http: string, method: string, path: string): boolean {
  const [verb, pattern = ''] = http.split(' ')
  return verb === method && new RegExp(`^${pattern.replace(/:\w+/g, '[^/]+')}$`).test(path)
}

function complaintOf({ contract }: Endpoint, { status, headers, body }: ApiAnswer): string | undefined {
  if (status < 400) {
    const isPending = status === 202 && contract.pending !== undefined
    if (status !== contract.success.status && !isPending) {
      return `the contract says ${contract.success.status}`
    }
    if (contract.success.csv && headers['content-type']?.startsWith('text/csv')) return undefined
    const parsed = contract.success.schema.safeParse(body)
    if (!parsed.success) return `not the contract's schema: ${parsed.error.message}`
    return isDeepStrictEqual(parsed.data, body) ? undefined : 'members that the contract does not know'
  }
  const listed = [...contract.problems, ...Object.values(HTTP_PROBLEMS)]
  return listed.some((kind) => kind.code === body.code && kind.status === status)
    ? undefined
    : `the problem ${body.code} is not in the contract`
}
