import { beforeEach, describe, expect, it } from 'vitest'
import { configureForTest } from '../../tests/support/settings.ts'
import { clientAddress } from './app.ts'
import { checkRate, type RatePolicy } from './rate-limit.ts'

const policy = (name: string, quota: number): RatePolicy => ({ name, quota, windowSeconds: 60 })
const unique = () => crypto.randomUUID()

describe('checkRate', () => {
  beforeEach(() => configureForTest({ RATE_LIMIT_FACTOR: 1 }))

  it('lets the quota through and refuses the next, with what is left in the headers', async () => {
    const limits = [{ policy: policy('address', 2), key: unique() }]
    const first = await checkRate(limits)
    expect(first.refusal).toBeUndefined()
    expect(first.headers).toMatchObject({
      'ratelimit-policy': '"address";q=2;w=60',
      ratelimit: '"address";r=1;t=60',
    })
    expect((await checkRate(limits)).headers.ratelimit).toMatch(/"address";r=0;t=\d+/)
    const third = await checkRate(limits)
    expect(third.refusal).toMatchObject({ status: 429, body: { code: 'too-many-requests' } })
    expect(Number(third.refusal?.headers?.['retry-after'])).toBeGreaterThan(0)
    expect(third.headers.ratelimit).toMatch(/r=0/)
  })

  it('refuses when one of several is used up, and names them all', async () => {
    const [address, locator] = [unique(), unique()]
    const limits = [
      { policy: policy('address', 10), key: address },
      { policy: policy('locator', 1), key: locator },
    ]
    expect((await checkRate(limits)).refusal).toBeUndefined()
    const second = await checkRate(limits)
    expect(second.refusal?.status).toBe(429)
    expect(second.headers['ratelimit-policy']).toBe('"address";q=10;w=60, "locator";q=1;w=60')
  })

  it('counts each key for itself', async () => {
    expect((await checkRate([{ policy: policy('a', 1), key: unique() }])).refusal).toBeUndefined()
    expect((await checkRate([{ policy: policy('a', 1), key: unique() }])).refusal).toBeUndefined()
  })

  it('multiplies quotas, and lifts them at zero', async () => {
    configureForTest({ RATE_LIMIT_FACTOR: 3 })
    const limits = [{ policy: policy('address', 1), key: unique() }]
    for (let n = 0; n < 3; n++) expect((await checkRate(limits)).refusal).toBeUndefined()
    expect((await checkRate(limits)).refusal?.status).toBe(429)
    configureForTest({ RATE_LIMIT_FACTOR: 0 })
    expect(await checkRate(limits)).toEqual({ headers: {}, refusal: undefined })
  })
})

describe('clientAddress', () => {
  it.each<[string, string | undefined, number, string | undefined]>([
    ['nobody in front: what the client wrote is not believed', '6.6.6.6', 0, '10.0.0.9'],
    ['one proxy: the last entry', '6.6.6.6, 203.0.113.7', 1, '203.0.113.7'],
    ['two proxies: the last but one', '6.6.6.6, 203.0.113.7, 10.0.0.2', 2, '203.0.113.7'],
    ['fewer entries than proxies: the peer', '203.0.113.7', 2, '10.0.0.9'],
    ['no header: the peer', undefined, 1, '10.0.0.9'],
  ])('%s', (_, forwarded, proxies, address) => {
    expect(clientAddress('10.0.0.9', forwarded, proxies)).toBe(address)
  })
})
