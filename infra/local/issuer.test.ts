import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createLocalJWKSet, decodeProtectedHeader, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { AUDIENCE, createIssuer, findIssuer, ISSUER, type Issuer, openIssuer } from './issuer.ts'
import { tokenFor } from './token.ts'

let folder: string
let file: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'issuer-'))
  file = join(folder, 'made/issuer.json')
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const verify = (token: string, issuer: Issuer) =>
  jwtVerify(token, createLocalJWKSet(issuer.jwks()), {
    issuer: ISSUER,
    audience: AUDIENCE,
    algorithms: ['ES256'],
  })

describe('the key', () => {
  test('is asked for before the first start in vain', async () => {
    expect(await findIssuer(file)).toBeUndefined()
    await expect(tokenFor(['agent'], file)).rejects.toThrow(/never started here.*npm start/)
  })

  test('is made on first use, for its owner alone, and found again', async () => {
    const first = await openIssuer(file)
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    const second = await openIssuer(file)
    expect(second.jwks()).toEqual(first.jwks())
    await verify((await (await findIssuer(file))?.sign({ role: 'agent' })) ?? '', first)
  })

  test('is published without its secret part', async () => {
    const issuer = await openIssuer(file)
    const { d } = JSON.parse(await readFile(file, 'utf8'))
    expect(d).toMatch(/^[\w-]{43}$/)
    expect(JSON.stringify(issuer.jwks())).not.toContain(d)
    expect(issuer.jwks().keys).toMatchObject([{ kty: 'EC', crv: 'P-256', alg: 'ES256', use: 'sig' }])
  })

  test.each(['', '{}', '{"kty":"EC","crv":"P-256","x":"a","y":"b"}'])(
    'is refused when the file holds %j, and the file left as it is',
    async (content) => {
      const broken = join(folder, 'broken.json')
      await writeFile(broken, content)
      await expect(openIssuer(broken)).rejects.toThrow(
        `${broken} does not hold the local issuer's key. Delete it`,
      )
      expect(await readFile(broken, 'utf8')).toBe(content)
    },
  )
})

describe('a token', () => {
  test('says for whom, for what, with which role and for how long', async () => {
    const issuer = await createIssuer()
    const token = await issuer.sign({ role: 'revenue' })
    const { payload } = await verify(token, issuer)
    expect(payload).toMatchObject({ iss: ISSUER, aud: AUDIENCE, sub: 'local-revenue', roles: ['revenue'] })
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(8 * 3600)
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'ES256', kid: issuer.jwks().keys[0]?.kid })
  })

  test('may be for another subject and another time', async () => {
    const issuer = await createIssuer()
    const { payload } = await verify(
      await issuer.sign({ role: 'partner', subject: 'agency-7', expiresIn: '5 m' }),
      issuer,
    )
    expect(payload).toMatchObject({ sub: 'agency-7', roles: ['partner'] })
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(300)
  })

  test('of one issuer is nothing to another', async () => {
    const token = await (await createIssuer()).sign({ role: 'admin' })
    await expect(verify(token, await createIssuer())).rejects.toThrow()
  })
})

describe('npm run token', () => {
  test('gives a token of the role and subject asked for', async () => {
    const issuer = await openIssuer(file)
    expect((await verify(await tokenFor(['partner'], file), issuer)).payload.sub).toBe('local-partner')
    const { payload } = await verify(await tokenFor(['agent', 'ana@example.com'], file), issuer)
    expect(payload).toMatchObject({ sub: 'ana@example.com', roles: ['agent'] })
  })

  test.each([
    [[], 'Usage: npm run -s token -- <role> [subject]'],
    [['agent', 'ana', 'more'], 'Usage:'],
    [['public'], 'There is no role "public".\nUsage:'],
    [['agent', 'two words'], 'The subject "two words" does not fit'],
  ])('explains what is wrong with %j', async (args, message) => {
    await expect(tokenFor(args, file)).rejects.toThrow(message)
  })
})
