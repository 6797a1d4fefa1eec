import { beforeAll, describe, expect, it } from 'vitest'
import * as catalog from '../../functions/catalog.ts'
import { signBookingToken } from '../../shared/http/booking-token.ts'
import { newUuid } from '../../shared/ids.ts'
import { type Api, useApi } from '../support/api.ts'

const api: Api = useApi()

/** Who knocks: nobody in particular, a passenger with a token of some booking, and each role; and forgeries. */
const CALLERS = ['public', 'passenger', 'partner', 'agent', 'revenue', 'admin', 'no role', 'forged'] as const
type Caller = (typeof CALLERS)[number]

const EVERYBODY: readonly Caller[] = [
  'public',
  'passenger',
  'partner',
  'agent',
  'revenue',
  'admin',
  'no role',
]

/**
 * Who may do what, written out a second time: the catalog says what the system does, this says what it should. An
 * operation without a row fails.
 */
const MAY: Record<string, readonly Caller[]> = {
  scheduleFlight: ['admin'],
  scheduleSeries: ['admin'],
  setFare: ['revenue', 'admin'],
  setClassLimits: ['revenue', 'admin'],
  setPetCapacity: ['admin'],
  registerDestinationTax: ['revenue', 'admin'],
  enterExchangeRate: ['revenue', 'admin'],
  startPromotion: ['revenue', 'admin'],
  stopPromotion: ['revenue', 'admin'],
  setPolicy: ['admin'],
  retimeFlight: ['admin'],
  changeEquipment: ['admin'],
  cancelFlight: ['admin'],
  closeFlight: ['admin'],
  answerDisruption: ['passenger', 'partner', 'agent', 'admin'],
  checkIn: ['passenger', 'partner', 'agent', 'admin'],
  boardPassenger: ['agent', 'admin'],
  getManifest: ['agent', 'admin'],
  getDisruption: ['agent', 'admin'],
  searchFlights: EVERYBODY,
  findCheapestDays: EVERYBODY,
  getFlight: EVERYBODY,
  listDestinations: EVERYBODY,
  getDestinationTaxes: EVERYBODY,
  quoteItinerary: EVERYBODY,
  createBooking: EVERYBODY,
  openBooking: EVERYBODY,
  getBooking: ['passenger', 'partner', 'agent', 'admin'],
  quoteRefund: ['passenger', 'partner', 'agent', 'admin'],
  cancelBooking: ['passenger', 'partner', 'agent', 'admin'],
  getHistory: ['passenger', 'partner', 'agent', 'admin'],
  recordIdentityDocument: ['passenger', 'partner', 'agent', 'admin'],
  getIdentityDocument: ['passenger', 'partner', 'agent', 'admin'],
  findByDocument: ['agent', 'admin'],
  eraseBooking: ['admin'],
  quoteChange: ['passenger', 'partner', 'agent', 'admin'],
  changeBooking: ['passenger', 'partner', 'agent', 'admin'],
  getSeatMap: EVERYBODY,
  payBooking: ['passenger', 'partner', 'agent', 'admin'],
  listPayments: ['passenger', 'partner', 'agent', 'admin'],
  listDocuments: ['passenger', 'partner', 'agent', 'admin'],
  recordRefund: ['agent', 'admin'],
  // Whoever sends it: the signature decides.
  receiveStripeNotice: EVERYBODY,
}

const operations = Object.entries(catalog).flatMap(([name, line]) =>
  'http' in line ? [{ name, http: line.http }] : [],
)

/** What stands in the Authorization header of each caller. */
const tokens = new Map<Caller, string | undefined>()
beforeAll(async () => {
  const issuer = api.issuer()
  for (const role of ['partner', 'agent', 'revenue', 'admin'] as const)
    tokens.set(role, await issuer.sign({ role }))
  tokens.set('passenger', (await signBookingToken(newUuid())).token)
  tokens.set('no role', await issuer.sign({ role: 'janitor' as never }))
  const [head, , signature] = (tokens.get('admin') ?? '').split('.')
  const claims = Buffer.from(JSON.stringify({ sub: 'x', roles: ['admin'], exp: 4e9 })).toString('base64url')
  tokens.set('forged', `${head}.${claims}.${signature}`)
})

async function verdict(http: string, caller: Caller): Promise<string> {
  const [method = '', path = ''] = http.split(' ')
  const filled = path.replace(/:\w+/g, 'AAAAAA')
  const token = tokens.get(caller)
  const answer = await api.request(method, filled, {
    ...(token !== undefined && { token }),
    ...(method !== 'GET' && { body: {} }),
  })
  const code = answer.body?.code
  return ['token-missing', 'token-invalid', 'role-missing'].includes(code) ? code : 'let in'
}

const expected = (name: string, caller: Caller): string => {
  if (caller === 'forged') return 'token-invalid'
  if (MAY[name]?.includes(caller)) return 'let in'
  return caller === 'public' ? 'token-missing' : 'role-missing'
}

describe(`${operations.length} operations × ${CALLERS.length} callers`, () => {
  it('has a row for each operation, and no other', () => {
    expect(Object.keys(MAY).toSorted()).toEqual(operations.map(({ name }) => name).toSorted())
  })

  it.each(operations)('$name', async ({ name, http }) => {
    const found = await Promise.all(CALLERS.map(async (caller) => [caller, await verdict(http, caller)]))
    expect(Object.fromEntries(found)).toEqual(
      Object.fromEntries(CALLERS.map((caller) => [caller, expected(name, caller)])),
    )
  })
})
