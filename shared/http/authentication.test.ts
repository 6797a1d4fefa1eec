import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { exportJWK, exportSPKI, generateKeyPair, type JWK, SignJWT } from 'jose'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { configureForTest } from '../../tests/support/settings.ts'
import { configure } from '../config.ts'
import { authenticate, type Role } from './authentication.ts'
import { Refusal } from './problem.ts'

const ISSUER = 'https://issuer.test'
const AUDIENCE = 'flights-test'
const now = () => Math.floor(Date.now() / 1000)
const pair = await generateKeyPair('RS256', { extractable: true })
const stranger = await generateKeyPair('RS256')
const unlisted = await generateKeyPair('RS512')
const keySet = {
  keys: [
    { ...(await exportJWK(pair.publicKey)), kid: 'k1', alg: 'RS256', use: 'sig' } as JWK,
    { ...(await exportJWK(unlisted.publicKey)), kid: 'k5', alg: 'RS512', use: 'sig' } as JWK,
  ],
}

let issuer: Server
let broken: Server
const urlOf = (server: Server) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`

beforeAll(async () => {
  issuer = createServer((_, response) => void response.end(JSON.stringify(keySet))).listen(0, '127.0.0.1')
  broken = createServer(({ url }, response) => {
    response.statusCode = url === '/keys' ? 500 : 200
    response.end(url === '/keys?json' ? '{"error":"none today"}' : '<html>down for maintenance</html>')
  }).listen(0, '127.0.0.1')
  await Promise.all([once(issuer, 'listening'), once(broken, 'listening')])
})
afterAll(() => {
  for (const server of [issuer, broken]) {
    server.closeAllConnections()
    server.close()
  }
})
beforeEach(() =>
  configureForTest({ OIDC_ISSUER: ISSUER, OIDC_AUDIENCE: AUDIENCE, OIDC_JWKS_URL: urlOf(issuer) }),
)

type Change = {
  claims?: Record<string, unknown>
  header?: Record<string, unknown>
  key?: Parameters<SignJWT['sign']>[0]
  without?: string
}

/** A token that is accepted, but for what the change says. */
async function token({
  claims = {},
  header = {},
  key = pair.privateKey,
  without,
}: Change = {}): Promise<string> {
  const payload: Record<string, unknown> = {
    iss: ISSUER,
    aud: AUDIENCE,
    sub: 'u-17',
    exp: now() + 60,
    roles: ['revenue'],
    ...claims,
  }
  if (without) delete payload[without]
  return new SignJWT(payload)
    .setProtectedHeader({ alg: 'RS256', kid: 'k1', ...header })
    .sign(key, { crit: { x: true } })
}
const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** Status and code of the refusal. */
async function refusalOf(authorization: string | undefined, allow: readonly Role[] = ['revenue']) {
  try {
    await authenticate(authorization, allow)
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const body = error.answer.body as { code: string; roles?: Role[] }
    return { status: error.answer.status, code: body.code, headers: error.answer.headers, roles: body.roles }
  }
  throw new Error('the caller was accepted')
}

describe('who is accepted', () => {
  test('staff, with the roles of the token that exist', async () => {
    const roles = ['revenue', 'root', 'public', 7]
    const caller = await authenticate(`Bearer ${await token({ claims: { roles } })}`, ['revenue'])
    expect(caller).toEqual({ id: 'staff:u-17', roles: ['revenue'] })
  })

  test('a partner, by its own name', async () => {
    const caller = await authenticate(`bearer ${await token({ claims: { roles: ['partner'] } })}`, [
      'partner',
    ])
    expect(caller).toEqual({ id: 'partner:u-17', roles: ['partner'] })
  })

  test('a token for several audiences, and one that expired within the tolerance of the clocks', async () => {
    const claims = { aud: ['other', AUDIENCE], exp: now() - 2 }
    expect(await authenticate(`Bearer ${await token({ claims })}`, ['revenue'])).toMatchObject({
      id: 'staff:u-17',
    })
  })

  test('whoever comes without a token where none is needed', async () => {
    expect(await authenticate(undefined, ['public'])).toEqual({ id: 'public', roles: ['public'] })
  })

  test('whoever comes with a token where none is needed, as who it says', async () => {
    const authorization = `Bearer ${await token({ claims: { roles: ['agent'] } })}`
    expect(await authenticate(authorization, ['public'])).toEqual({ id: 'staff:u-17', roles: ['agent'] })
  })

  test('roles are read from the claim that is configured', async () => {
    configure({ OIDC_ROLES_CLAIM: 'cognito:groups' })
    const claims = { roles: ['agent'], 'cognito:groups': ['admin'] }
    const caller = await authenticate(`Bearer ${await token({ claims })}`, ['admin'])
    configure({ OIDC_ROLES_CLAIM: 'roles' })
    expect(caller.roles).toEqual(['admin'])
  })
})

describe('a token that is not accepted', () => {
  const spki = async () => new TextEncoder().encode(await exportSPKI(pair.publicKey))

  test.each<[string, () => Promise<string>]>([
    ['signed by nobody', async () => `${base64({ alg: 'none' })}.${(await token()).split('.')[1]}.`],
    [
      'signed by nobody, with a signature',
      async () => `${base64({ alg: 'none' })}.${(await token()).split('.')[1]}.c2ln`,
    ],
    ['HS256 with the public key in PEM', async () => token({ header: { alg: 'HS256' }, key: await spki() })],
    [
      'HS256 with the public key as JWK',
      async () =>
        token({ header: { alg: 'HS256' }, key: new TextEncoder().encode(JSON.stringify(keySet.keys[0])) }),
    ],
    [
      "signed by the issuer's key with an algorithm that is not listed",
      () => token({ header: { alg: 'RS512', kid: 'k5' }, key: unlisted.privateKey }),
    ],
    ['signed by a stranger under our key id', () => token({ key: stranger.privateKey })],
    ['of an unknown key id', () => token({ header: { kid: 'k2' }, key: stranger.privateKey })],
    [
      'that brings its own key',
      async () => {
        const jwk = await exportJWK(stranger.publicKey)
        return token({ header: { jwk }, key: stranger.privateKey })
      },
    ],
    ['of another issuer', () => token({ claims: { iss: 'https://issuer.test.evil' } })],
    ['for another audience', () => token({ claims: { aud: 'other' } })],
    ['for no audience', () => token({ without: 'aud' })],
    ['that expired', () => token({ claims: { exp: now() - 10 } })],
    ['that never expires', () => token({ without: 'exp' })],
    ['that is not valid yet', () => token({ claims: { nbf: now() + 60 } })],
    ['of nobody', () => token({ without: 'sub' })],
    ['of an empty name', () => token({ claims: { sub: '' } })],
    ['with an unknown critical header', () => token({ header: { crit: ['x'], x: 1 } })],
    [
      'whose claims were changed',
      async () => {
        const [header, , signature] = (await token()).split('.')
        return `${header}.${base64({ iss: ISSUER, aud: AUDIENCE, sub: 'u-1', exp: now() + 60, roles: ['admin'] })}.${signature}`
      },
    ],
  ])('%s', async (_, forged) => {
    const authorization = `Bearer ${await forged()}`
    expect(await refusalOf(authorization)).toMatchObject({
      status: 401,
      code: 'token-invalid',
      headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
    })
    // Where none is needed, a wrong token is a wrong token still.
    expect(await refusalOf(authorization, ['public'])).toMatchObject({ code: 'token-invalid' })
  })

  test.each([
    '',
    'Bearer',
    'Bearer ',
    'Bearer x',
    'Bearer a.b',
    'Bearer a.b.c.d',
    'Bearer a.b.c',
    'Basic YTpi',
  ])('the header %j', async (authorization) => {
    expect(await refusalOf(authorization)).toMatchObject({ status: 401, code: 'token-invalid' })
  })

  test('a good token in a header that holds more', async () => {
    const good = await token()
    for (const header of [`Token ${good}`, good, `Bearer ${good} x`, `Bearer ${good}, Bearer ${good}`]) {
      expect(await refusalOf(header)).toMatchObject({ status: 401, code: 'token-invalid' })
    }
  })
})

test('no token where one is needed', async () => {
  expect(await refusalOf(undefined)).toMatchObject({
    status: 401,
    code: 'token-missing',
    headers: { 'www-authenticate': 'Bearer' },
  })
})

test.each<[string, unknown]>([
  ['a lower role', ['partner']],
  ['no role', []],
  ['roles in one text', 'revenue'],
  ['a role that is none', ['public']],
  ['no claim', undefined],
])('a token with %s lacks the role, and is told which are asked', async (_, roles) => {
  expect(await refusalOf(`Bearer ${await token({ claims: { roles } })}`, ['revenue', 'admin'])).toMatchObject(
    {
      status: 403,
      code: 'role-missing',
      headers: { 'www-authenticate': 'Bearer error="insufficient_scope"' },
      roles: ['revenue', 'admin'],
    },
  )
})

describe('an issuer that gives no keys is no fault of the token', () => {
  test.each<[string, () => string]>([
    ['it is down', () => 'http://127.0.0.1:1/keys'],
    ['it answers an error', () => urlOf(broken)],
    ['it answers no JSON', () => `${urlOf(broken)}?html`],
    ['it answers JSON without keys', () => `${urlOf(broken)}?json`],
  ])('%s', async (_, url) => {
    configureForTest({ OIDC_JWKS_URL: url() })
    expect(await refusalOf(`Bearer ${await token()}`)).toMatchObject({
      status: 503,
      code: 'issuer-unreachable',
    })
  })
})
