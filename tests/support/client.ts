import type { Issuer, TokenRole } from '../../infra/local/issuer.ts'

export type ApiRequest = {
  /** Sends a token with this role, for `subject` (`local-<role>` when left out). */
  role?: TokenRole
  subject?: string
  /** Sends this token, whatever it is. */
  token?: string
  /** The Idempotency-Key; a new one when left out, none for null. A GET never has one of itself. */
  key?: string | null
  /** Sent as JSON. */
  body?: unknown
  /** Sent as it is, with the content type of JSON unless `headers` names another. */
  rawBody?: string
  headers?: Record<string, string>
}

export type ApiAnswer = {
  status: number
  headers: Record<string, string>
  // biome-ignore lint/suspicious/noExplicitAny: tests name members of many shapes, and a missing one fails them
  body: any
}

/** Asks one API, whatever host it runs on. */
export type Client = {
  request: (method: string, path: string, request?: ApiRequest) => Promise<ApiAnswer>
}

/**
 * A client whose tokens `issuer` signs.
 * @param send sends one request to a path of the API: over the network, or to an application in this process
 */
export function createClient(
  send: (path: string, request: RequestInit) => Response | Promise<Response>,
  issuer: () => Issuer,
): Client {
  async function request(method: string, path: string, given: ApiRequest = {}): Promise<ApiAnswer> {
    const { role, subject, body, rawBody = body === undefined ? undefined : JSON.stringify(body) } = given
    const token = role
      ? await issuer().sign({ role, ...(subject !== undefined && { subject }) })
      : given.token
    const key = given.key === undefined && method !== 'GET' ? crypto.randomUUID() : given.key
    const response = await send(path, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(key != null && { 'idempotency-key': key }),
        ...(rawBody !== undefined && { 'content-type': 'application/json' }),
        ...given.headers,
      },
      ...(rawBody !== undefined && { body: rawBody }),
    })
    const text = await response.text()
    const isJson = /[/+]json$/.test(response.headers.get('content-type') ?? '')
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: isJson ? JSON.parse(text) : text,
    }
  }
  return { request }
}
