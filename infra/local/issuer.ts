import { join } from 'node:path'
import {
  calculateJwkThumbprint,
  exportJWK,
  generateKeyPair,
  importJWK,
  type JSONWebKeySet,
  type JWK,
  SignJWT,
} from 'jose'
import { keep, LOCAL_FOLDER, readKept } from './kept-file.ts'

/** Where the embedded default keeps its issuer's key. */
export const ISSUER_FILE = join(LOCAL_FOLDER, 'issuer.json')
/** A name and no address: a token serves whatever port the system is started on. */
export const ISSUER = 'urn:flight-reservation-system:local-issuer'
export const AUDIENCE = 'flight-reservation-system'
export const ROLES_CLAIM = 'roles'
export const TOKEN_ROLES = ['partner', 'agent', 'revenue', 'admin'] as const

export type TokenRole = (typeof TOKEN_ROLES)[number]

export type TokenRequest = {
  role: TokenRole
  /** Who the token is for; `local-<role>` when left out. */
  subject?: string
  /** How long it serves, such as `8 h`. */
  expiresIn?: string
}

/** Stands in for an OIDC provider on one machine: it publishes a key and signs tokens with it. */
export type Issuer = { jwks: () => JSONWebKeySet; sign: (request: TokenRequest) => Promise<string> }

/** An issuer with a key pair of its own, which ends with the process. */
export const createIssuer = async (): Promise<Issuer> => issuerOf(await newKey())

/** The issuer whose key is kept in `file`, made on first use. */
export const openIssuer = async (file = ISSUER_FILE): Promise<Issuer> =>
  issuerOf(parseKey(await keep(file, async () => `${JSON.stringify(await newKey(), null, 2)}\n`), file))

/** As openIssuer, but undefined when no key was made yet. */
export async function findIssuer(file = ISSUER_FILE): Promise<Issuer | undefined> {
  const kept = await readKept(file)
  return kept === undefined ? undefined : issuerOf(parseKey(kept, file))
}

async function newKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  return await exportJWK(privateKey)
}

function parseKey(text: string, file: string): JWK {
  try {
    const key: JWK = JSON.parse(text)
    if (key.kty === 'EC' && key.crv === 'P-256' && key.x && key.y && key.d) return key
  } catch {
    // Said below.
  }
  throw new Error(
    `${file} does not hold the local issuer's key. Delete it and start again: tokens made before will not be accepted.`,
  )
}

async function issuerOf(key: JWK): Promise<Issuer> {
  const { d: _secret, ...publicKey } = key
  const kid = await calculateJwkThumbprint(publicKey)
  const privateKey = await importJWK(key, 'ES256')
  return {
    jwks: () => ({ keys: [{ ...publicKey, kid, alg: 'ES256', use: 'sig' }] }),
    sign: ({ role, subject = `local-${role}`, expiresIn = '8 h' }) =>
      new SignJWT({ [ROLES_CLAIM]: [role] })
        .setProtectedHeader({ alg: 'ES256', kid })
        .setIssuer(ISSUER)
        .setAudience(AUDIENCE)
        .setSubject(subject)
        .setIssuedAt()
        .setExpirationTime(expiresIn)
        .sign(privateKey),
  }
}
