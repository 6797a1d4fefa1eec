import { createRemoteJWKSet, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose'
import { config } from '../config.ts'
import { BOOKING_TOKEN_TYPE, verifyBookingToken } from './booking-token.ts'
import { problem, Refusal } from './problem.ts'
import { HTTP_PROBLEMS } from './problems.ts'

/**
 * Who may call. `public` needs no token; `passenger` has opened one booking; the others are values of the roles claim.
 */
export type Role = 'public' | 'passenger' | 'partner' | 'agent' | 'revenue' | 'admin'
const TOKEN_ROLES: readonly string[] = ['partner', 'agent', 'revenue', 'admin'] satisfies Role[]

/** Who calls. `id` names the caller in idempotency keys and in what it wrote: `public`,
 * `partner:<sub>`, `staff:<sub>`, or `user:<sub>` for a token without a role of ours. */
export type Caller = {
  id: string
  roles: readonly Role[]
  /** UUID of the one booking that a passenger's token opens. */
  bookingId?: string
}

const PUBLIC: Caller = { id: 'public', roles: ['public'] }

/** Signature algorithms that are accepted: asymmetric ones alone, so that a public key can never be taken for a secret. */
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA']

let keys: { url: string; resolve: ReturnType<typeof createRemoteJWKSet> } | undefined

/**
 * Says who calls, from the Authorization header, and refuses who is not among `allow`.
 * @throws Refusal token-missing, token-invalid, role-missing or issuer-unreachable
 */
export async function authenticate(
  authorization: string | undefined,
  allow: readonly Role[],
): Promise<Caller> {
  if (authorization === undefined) {
    if (allow.includes('public')) return PUBLIC
    throw new Refusal(problem(HTTP_PROBLEMS['token-missing'], {}, { 'www-authenticate': 'Bearer' }))
  }
  const token = /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/i.exec(authorization)?.[1]
  const caller = token === undefined ? undefined : await callerOf(token)
  if (!caller) {
    const challenge = { 'www-authenticate': 'Bearer error="invalid_token"' }
    throw new Refusal(problem(HTTP_PROBLEMS['token-invalid'], {}, challenge))
  }
  // Whoever may come without a token may come with one.
  if (!allow.includes('public') && !caller.roles.some((role) => allow.includes(role))) {
    const challenge = { 'www-authenticate': 'Bearer error="insufficient_scope"' }
    throw new Refusal(problem(HTTP_PROBLEMS['role-missing'], { roles: allow }, challenge))
  }
  return caller
}

async function verify(token: string): Promise<JWTPayload | undefined> {
  const { OIDC_ISSUER, OIDC_AUDIENCE, OIDC_JWKS_URL } = config()
  if (keys?.url !== OIDC_JWKS_URL) {
    keys = { url: OIDC_JWKS_URL, resolve: createRemoteJWKSet(new URL(OIDC_JWKS_URL)) }
  }
  try {
    const { payload } = await jwtVerify(token, keys.resolve, {
      issuer: OIDC_ISSUER,
      audience: OIDC_AUDIENCE,
      algorithms: ALGORITHMS,
      requiredClaims: ['sub', 'exp'],
      clockTolerance: 5,
    })
    return payload
  } catch (error) {
    if (isIssuersFault(error)) throw new Refusal(problem(HTTP_PROBLEMS['issuer-unreachable']))
    return undefined
  }
}

/** No keys were had: the issuer is down, slow, or answers something else (jose's generic error). */
const isIssuersFault = (error: unknown): boolean =>
  !(error instanceof errors.JOSEError) ||
  error instanceof errors.JWKSTimeout ||
  error instanceof errors.JWKSInvalid ||
  error.code === errors.JOSEError.code

async function callerOf(token: string): Promise<Caller | undefined> {
  // The type decides which key may verify it, so that neither kind is ever checked with the other's.
  if (isBookingToken(token)) {
    const bookingId = await verifyBookingToken(token)
    return bookingId ? { id: `passenger:${bookingId}`, roles: ['passenger'], bookingId } : undefined
  }
  const payload = await verify(token)
  if (!payload?.sub) return undefined
  const claim = payload[config().OIDC_ROLES_CLAIM]
  const roles = (Array.isArray(claim) ? claim : []).filter((role): role is Role => TOKEN_ROLES.includes(role))
  const kind = roles.some((role) => role !== 'partner') ? 'staff' : roles.length > 0 ? 'partner' : 'user'
  return { id: `${kind}:${payload.sub}`, roles }
}

function isBookingToken(token: string): boolean {
  try {
    return decodeProtectedHeader(token).typ === BOOKING_TOKEN_TYPE
  } catch {
    return false
  }
}
