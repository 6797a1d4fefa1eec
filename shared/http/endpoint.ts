import type { Context } from 'hono'
import * as z from 'zod/mini'
import { log } from '#log'
import { authenticate, type Caller, type Role } from './authentication.ts'
import { readBody } from './body.ts'
import { idempotencyKey } from './idempotency-key.ts'
import { type Answer, type Problem, problem, Refusal } from './problem.ts'
import { HTTP_PROBLEMS } from './problems.ts'
import { ANONYMOUS_COMMANDS, checkRate, type RateLimited } from './rate-limit.ts'
import { parse } from './validation.ts'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** An HTTP function's line in the catalog. */
export type HttpEntry = {
  /** The file, below functions/ and without its ending. */
  entry: string
  http: `${Method} /${string}`
  summary: string
  allow: readonly Role[]
  /** What it opens a connection to. */
  reaches: readonly string[]
  /** The header with the sender's signature over the body. The sender is a provider: it has no Idempotency-Key. */
  signedBy?: string
}

/** The success as CSV (RFC 4180) for who asks for text/csv. */
// biome-ignore lint/suspicious/noExplicitAny: a contract's body is what its schema says, which is not a parameter here
type AsCsv = (body: any) => string

/** What an endpoint takes and gives; the OpenAPI document is made of it. */
export type Contract<
  Params extends z.ZodMiniObject = z.ZodMiniObject,
  Query extends z.ZodMiniObject = z.ZodMiniObject,
  Body extends z.ZodMiniType = z.ZodMiniType,
> = {
  description?: string
  params?: Params
  query?: Query
  body?: Body
  success: { status: 200 | 201 | 202; description: string; schema: z.ZodMiniType; csv?: AsCsv }
  /** When it may also answer 202, with the same schema: what that says. */
  pending?: string
  problems: readonly Problem[]
  /** What is counted against a quota, beside the commands of callers without a token. */
  limits?: (call: Call<z.output<Params>, z.output<Query>, z.output<Body>>) => readonly RateLimited[]
  /** Shown in the API reference; a test sends it. */
  example?: { params?: Record<string, string>; query?: Record<string, string>; body?: unknown }
}

/** A request whose every part was checked. */
export type Call<Params, Query, Body> = {
  params: Params
  query: Query
  body: Body
  caller: Caller
  /** Where the request comes from, as far as the host can tell. */
  address: string
  url: URL
  requestId: string
  /** W3C Trace Context of the request, kept in the outbox. */
  traceparent: string | null
  /** Commands alone have one; elsewhere it is empty. */
  idempotencyKey: string
  /** The version that If-Match names; null when the request has none. */
  ifMatch: number | null
  /** The body as it was sent, and its signature, when its sender signs it; elsewhere both are empty. */
  signed: SignedText
}

export type SignedText = { text: string; signature: string }

/** A function behind a route. It knows no host. */
export type Endpoint = {
  kind: 'endpoint'
  entry: HttpEntry
  contract: Contract
  isCommand: boolean
  handle: (c: Context) => Promise<Response>
}

const TRACEPARENT = /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/
const REQUEST_ID = /^[\w.-]{8,64}$/

/**
 * Defines a function behind a route: authenticates, parses, calls `handle`, answers. Whatever is thrown becomes a
 * problem that leaks nothing; a log line carries the route's pattern and never a value of the request.
 */
export function endpoint<P extends z.ZodMiniObject, Q extends z.ZodMiniObject, B extends z.ZodMiniType>(
  entry: HttpEntry,
  contract: Contract<P, Q, B>,
  handle: (call: Call<z.output<P>, z.output<Q>, z.output<B>>) => Promise<Answer>,
): Endpoint {
  // A command is known by its folder: it changes state, so it needs a key.
  const isCommand = entry.entry.includes('/commands/') && !entry.signedBy
  const limitsOf = (call: Call<z.output<P>, z.output<Q>, z.output<B>>): RateLimited[] => [
    ...(contract.limits?.(call) ?? []),
    ...(isCommand && call.caller.id === 'public' ? [{ policy: ANONYMOUS_COMMANDS, key: call.address }] : []),
  ]
  return {
    kind: 'endpoint',
    entry,
    contract: contract as unknown as Contract,
    isCommand,
    async handle(c) {
      const started = performance.now()
      const requestId = requestIdOf(c)
      const trace = c.req.header('traceparent')
      let answer: Answer
      try {
        const caller = await authenticate(c.req.header('authorization'), entry.allow)
        const call: Call<z.output<P>, z.output<Q>, z.output<B>> = {
          caller,
          address: c.get('address') ?? 'unknown',
          idempotencyKey: isCommand ? idempotencyKey(c.req.header('idempotency-key')) : '',
          ifMatch: versionOf(c.req.header('if-match')),
          params: parse(contract.params ?? Nothing, c.req.param(), 'path') as z.output<P>,
          query: parse(contract.query ?? Nothing, queryOf(c), 'query') as z.output<Q>,
          ...((await bodyOf(c, entry, contract)) as { body: z.output<B>; signed: SignedText }),
          url: new URL(c.req.url),
          requestId,
          traceparent: trace && TRACEPARENT.test(trace) ? trace : null,
        }
        const rate = await checkRate(limitsOf(call))
        answer = rate.refusal ?? (await handle(call))
        answer = { ...answer, headers: { ...rate.headers, ...answer.headers } }
        const { csv } = contract.success
        if (csv && answer.status < 400) answer = negotiated(answer, csv, c.req.header('accept'))
      } catch (error) {
        if (error instanceof Refusal) answer = error.answer
        else {
          log.error({ requestId, route: entry.http, err: error }, 'request failed')
          answer = problem(HTTP_PROBLEMS['internal-error'])
        }
      }
      log.info({
        requestId,
        route: entry.http,
        status: answer.status,
        ms: Math.round(performance.now() - started),
      })
      return respond(answer, requestId)
    },
  }
}

/** The answer in the form that was asked for: CSV when it is named and JSON is not, else JSON. */
function negotiated(answer: Answer, csv: AsCsv, accept = ''): Answer {
  const headers = { ...answer.headers, vary: 'Accept' }
  const wantsCsv = /\btext\/csv\b/i.test(accept) && !/\bapplication\/json\b/i.test(accept)
  if (!wantsCsv) return { ...answer, headers }
  return {
    ...answer,
    body: csv(answer.body),
    headers: { ...headers, 'content-type': 'text/csv; charset=utf-8' },
  }
}

const Nothing = z.strictObject({})

/** The parsed body, and for a sender that signs what it sends, its text with the signature. */
async function bodyOf(c: Context, { signedBy }: HttpEntry, { body: schema }: { body?: z.ZodMiniType }) {
  const signed = { text: '', signature: '' }
  if (!schema) return { body: undefined, signed }
  const { text, json } = await readBody(c)
  const body = parse(schema, json, 'body')
  return { body, signed: signedBy ? { text, signature: c.req.header(signedBy) ?? '' } : signed }
}

/** The version in an entity tag as this API gives them, `"3"`; a list or a weak tag names none (RFC 9110, 13.1.1). */
function versionOf(tag: string | undefined): number | null {
  if (tag === undefined || tag === '*') return null
  const version = /^"(\d{1,9})"$/.exec(tag)?.[1]
  if (version === undefined) throw new Refusal(problem(HTTP_PROBLEMS['if-match-malformed']))
  return Number(version)
}

/** The request's id: the one that the client gave, when it has the form of one, or a new one. */
export function requestIdOf(c: Context): string {
  const given = c.req.header('x-request-id')
  return given && REQUEST_ID.test(given) ? given : crypto.randomUUID()
}

// Answers are data for the one who asked: no cache keeps them, no page embeds or runs them (OWASP REST Security).
const SAFE = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-site',
  'referrer-policy': 'no-referrer',
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
}

/** The response of an answer; a problem is told which request it belongs to. */
export function respond(answer: Answer, requestId: string): Response {
  const headers = {
    ...SAFE,
    'content-type': 'application/json',
    ...answer.headers,
    'x-request-id': requestId,
  }
  const isProblem = answer.headers?.['content-type'] === 'application/problem+json'
  const body = isProblem ? { ...(answer.body as object), requestId } : answer.body
  const isText = answer.headers?.['content-type']?.startsWith('text/')
  return new Response(isText ? String(body) : JSON.stringify(body), { status: answer.status, headers })
}

function queryOf(c: Context): Record<string, string | string[]> {
  const repeated = Object.entries(c.req.queries())
  return Object.fromEntries(
    repeated.map(([name, values]) => [name, values.length === 1 ? (values[0] ?? '') : values]),
  )
}
