import type { Endpoint } from './endpoint.ts'
import { headersOf, type Reference, reference } from './openapi-components.ts'
import { type Problem, problem } from './problem.ts'
import { HTTP_PROBLEMS } from './problems.ts'

type ProblemResponse = {
  description: string
  headers: Record<string, Reference>
  content: Record<string, { schema: unknown; examples: Record<string, Reference> }>
}

/** Whether some requests are counted against a quota; the others are never answered 429. */
export const isLimited = ({ entry, contract, isCommand }: Endpoint): boolean =>
  contract.limits !== undefined || (isCommand && entry.allow.includes('public'))

/** Every problem that an operation may answer, each once: its contract's, and those that stand before the handler. */
export function problemsOf(endpoint: Endpoint): Problem[] {
  const { entry, contract, isCommand } = endpoint
  const isPublic = entry.allow.includes('public')
  const possible = [
    ...contract.problems,
    // A token that need not be sent is judged all the same when it is.
    ...(isPublic ? [] : [HTTP_PROBLEMS['token-missing'], HTTP_PROBLEMS['role-missing']]),
    HTTP_PROBLEMS['token-invalid'],
    HTTP_PROBLEMS['issuer-unreachable'],
    ...(isCommand ? [HTTP_PROBLEMS['idempotency-key-missing'], HTTP_PROBLEMS['idempotency-key-reused']] : []),
    ...(contract.body
      ? [
          HTTP_PROBLEMS['malformed-json'],
          HTTP_PROBLEMS['body-too-large'],
          HTTP_PROBLEMS['content-type-unsupported'],
        ]
      : []),
    HTTP_PROBLEMS['invalid-request'],
    ...(isLimited(endpoint) ? [HTTP_PROBLEMS['too-many-requests']] : []),
    HTTP_PROBLEMS['internal-error'],
  ]
  return [...new Map(possible.map((kind) => [kind.code, kind])).values()]
}

/** One response a status; it lists the codes that the operation may answer with that status. */
export function problemResponses(endpoint: Endpoint): Record<string, ProblemResponse> {
  const byStatus = Map.groupBy(problemsOf(endpoint), (kind) => kind.status)
  const own = new Set(endpoint.contract.problems.map((kind) => kind.status))
  return Object.fromEntries(
    [...byStatus].map(([status, kinds]) => {
      const kept = endpoint.isCommand && own.has(status)
      return [String(status), responseOf(kinds, headersOf(status, kept))]
    }),
  )
}

/** A component for each problem that some operation may answer: an example of the document that is sent. */
export function problemExamples(endpoints: readonly Endpoint[]): Record<string, unknown> {
  const kinds = endpoints.flatMap(problemsOf).sort((a, b) => (a.code < b.code ? -1 : 1))
  return Object.fromEntries(kinds.map((kind) => [kind.code, { summary: kind.title, value: exampleOf(kind) }]))
}

const exampleOf = (kind: Problem): object => ({
  ...(problem(kind).body as object),
  requestId: '0b9d1a34-6f0e-4d1c-8a57-2c7f3d9e5b10',
})

const responseOf = (kinds: readonly Problem[], headers: Record<string, Reference>): ProblemResponse => ({
  description: kinds.map(({ code, title, help }) => `- \`${code}\`: ${title}. ${help}`).join('\n'),
  headers,
  content: {
    'application/problem+json': {
      schema: {
        allOf: [
          reference('schemas', 'Problem'),
          { type: 'object', properties: { code: { enum: kinds.map(({ code }) => code) } } },
        ],
      },
      examples: Object.fromEntries(kinds.map(({ code }) => [code, reference('examples', code)])),
    },
  },
})
