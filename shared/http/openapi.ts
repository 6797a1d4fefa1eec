import type { Endpoint } from './endpoint.ts'
import { COMPONENTS } from './openapi-components.ts'
import { type Operation, operationOf } from './openapi-operation.ts'
import { problemExamples } from './openapi-problems.ts'

/** An OpenAPI 3.1 document: an object that is JSON. */
export type OpenApiDocument = {
  openapi: string
  info: Record<string, unknown>
  servers: { url: string; description?: string; 'x-internal'?: boolean }[]
  tags: { name: string; description: string }[]
  paths: Record<string, Record<string, Operation>>
  components: Record<string, Record<string, unknown>>
}

/** What each slice offers. A slice is a tag of the document. */
const SLICES: Readonly<Record<string, string>> = {
  flights: 'Flights and series, fares, promotions, taxes of destinations, exchange rates, policies; search.',
  bookings: 'Quotes of an itinerary, and the bookings made of them: passengers, pets, prices.',
}

const DESCRIPTION = `\
Search flights, quote an itinerary to its exact price and book it; manage what is on sale.

- **Money** is a whole number of minor units (centavos, cents) with an ISO 4217 code. A **date** is local to the
  airport that it speaks of; an **instant** carries its offset.
- **Commands** take an \`Idempotency-Key\`. Repeat the request with the same key when its answer was lost: the first
  answer comes again, with \`Idempotent-Replayed: true\`, for 24 hours.
- **Problems** are RFC 9457 documents with a stable \`code\`; \`errors\` names each place at fault. The \`type\` of a
  problem is where it is explained.
- **Requests** with an unknown field or query parameter are refused. Answers may gain members: pass over those that
  you do not know.
- Every answer carries an \`X-Request-Id\`: the one that the request gave (8 to 64 letters, digits, \`.\`, \`_\` or \`-\`),
  or a new one.`

/**
 * The OpenAPI document of these endpoints, made of their catalog entries and contracts. It depends on nothing else:
 * the same endpoints in the same order give the same document.
 * @param options `serverUrl` is what the paths are added to; `version` is the product's.
 * @throws Error for a slice that is not described above
 */
export function openApiDocument(
  endpoints: readonly Endpoint[],
  options: { serverUrl: string; version: string },
): OpenApiDocument {
  const paths: OpenApiDocument['paths'] = {}
  for (const endpoint of endpoints) {
    const [method = '', path = ''] = endpoint.entry.http.split(' ')
    const template = path.replace(/:(\w+)/g, '{$1}')
    paths[template] = { ...paths[template], [method.toLowerCase()]: operationOf(endpoint, sliceOf(endpoint)) }
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'Flight reservation API',
      version: options.version,
      summary: 'An airline reservation system: schedule, fares, taxes, search, quotes and bookings.',
      description: DESCRIPTION,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [serverOf(options.serverUrl.replace(/\/+$/, ''))],
    tags: [...new Set(endpoints.map(sliceOf))].map((name) => ({ name, description: descriptionOf(name) })),
    paths,
    components: { ...onlyUsed(paths), examples: problemExamples(endpoints) },
  }
}

// Whom a server is for is told: a host on this machine is for the one who started it.
const serverOf = (url: string): OpenApiDocument['servers'][number] =>
  /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(url)
    ? { url, description: 'Local: this machine alone', 'x-internal': true }
    : { url, 'x-internal': false }

const sliceOf = ({ entry }: Endpoint): string => entry.entry.split('/')[0] ?? ''

function descriptionOf(slice: string): string {
  const description = SLICES[slice]
  if (!description) throw new Error(`shared/http/openapi.ts does not describe the slice ${slice}: add a line`)
  return description
}

/** The shared components that the paths name; a document without commands has no Idempotency-Key. */
function onlyUsed(paths: OpenApiDocument['paths']): OpenApiDocument['components'] {
  const text = JSON.stringify(paths)
  const isUsed = (kind: string, name: string) =>
    kind === 'securitySchemes' || text.includes(`"#/components/${kind}/${name}"`)
  const kinds = Object.entries(COMPONENTS).map(([kind, members]) => [
    kind,
    Object.fromEntries(Object.entries(members).filter(([name]) => isUsed(kind, name))),
  ])
  return Object.fromEntries(kinds.filter(([, members]) => Object.keys(members as object).length > 0))
}
