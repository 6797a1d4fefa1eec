import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { addDays, daysBetween } from '../../shared/dates.ts'
import { loadEndpoints } from '../../shared/hosts/functions.ts'
import { openApiDocument } from '../../shared/http/openapi.ts'
import { useApi } from '../support/api.ts'
import type { ApiRequest } from '../support/client.ts'
import { today } from '../support/dates.ts'
import { scheduleTestFlight } from '../support/flights.ts'
import { ADULT, expectMade, orderOf, sales } from '../support/orders.ts'

/**
 * Every example in the document is sent as a client would read it there, and the answer held against the document's
 * schema. Examples name flights, quotes and dates that must exist; those are replaced by real ones.
 */

const api = useApi()
const endpoints = await loadEndpoints()
const document = openApiDocument(endpoints, { serverUrl: 'https://api.airline.test', version: '1.2.3' })

const operations = endpoints.map(({ entry }) => {
  const [method = '', path = ''] = entry.http.split(' ')
  const template = path.replace(/:(\w+)/g, '{$1}')
  const operation = document.paths[template]?.[method.toLowerCase()]
  if (!operation) throw new Error(`${entry.http} is not in the document`)
  return { name: operation.operationId, allow: entry.allow, method, template, operation }
})
type Documented = (typeof operations)[number]

/** The day for which the examples' dates were written; whole weeks later they stand as they stood then. */
const WRITTEN = '2026-11-24'
const shift = Math.floor(daysBetween(WRITTEN, today()) / 7) * 7

/** Examples that an example alone cannot bring to success, and how they are refused. */
const REFUSED: Record<string, { status: number; code: string }> = {
  // A provider signs it, and no cash waits to be paid back.
  receiveStripeNotice: { status: 400, code: 'webhook-signature-invalid' },
  recordRefund: { status: 404, code: 'unknown-refund' },
  // Its change and its refund were not quoted.
  changeBooking: { status: 404, code: 'unknown-change' },
  cancelBooking: { status: 404, code: 'unknown-refund-quote' },
  // The flight is weeks away, nothing has happened to it, and the booking is not paid.
  closeFlight: { status: 409, code: 'flight-not-departed' },
  answerDisruption: { status: 404, code: 'unknown-disruption' },
  checkIn: { status: 409, code: 'booking-unpaid' },
  boardPassenger: { status: 409, code: 'not-checked-in' },
  // The booking is held, and nobody has a document yet.
  eraseBooking: { status: 409, code: 'erasure-too-early' },
  getIdentityDocument: { status: 404, code: 'document-not-recorded' },
}

const SEARCHED = addDays('2027-01-15', shift)
const made = { flt: '', quo: '', prm: '', locator: '' }
/** The amount that an example pays, and what the made booking costs instead. */
const PAID = 28_640_000
let due = 0

beforeAll(async () => {
  const promotion = { ...(exampleOf('startPromotion') as object), code: 'OTHER10' }
  const started = await api.request('POST', '/v1/promotions', { role: 'revenue', body: promotion })
  made.prm = expectMade(started).promotionId
})

// Anew for each example: one may close what another sells.
beforeEach(async () => {
  const { quote, book } = sales(api)
  made.flt = (await scheduleTestFlight({ origin: 'BOG', destination: 'ADZ', date: SEARCHED })).id
  const newQuote = async () => expectMade(await quote(orderOf([made.flt], [ADULT]))).quoteId
  made.quo = await newQuote()
  const booked = expectMade(await book(exampleOf('createBooking') as object))
  made.locator = booked.locator
  due = booked.total
  made.quo = await newQuote()
})

const exampleOf = (name: string): unknown => {
  const found = operations.find((each) => each.name === name)
  return real(found?.operation.requestBody?.content['application/json']?.example)
}

/** The example with what exists in place of its ids, and its dates as far from today as they were written. */
function real(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) return value.map((each) => real(each))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, real(member, key)]))
  }
  if (name === 'amount' && value === PAID) return due
  if (typeof value !== 'string') return value
  if (name === 'locator') return made.locator
  const kind = /^(flt|quo|prm)_[0-9a-f]{32}$/.exec(value)?.[1] as keyof typeof made | undefined
  if (kind) return made[kind]
  // Birth dates lie before, and stay.
  if (/^20(2[6-9]|[3-9]\d)-\d\d-\d\d$/.test(value)) return addDays(value, shift)
  return /^\d{4}-\d\d$/.test(value) ? addDays(`${value}-15`, shift).slice(0, 7) : value
}

/** The request that the document's examples make. */
function requestOf({ allow, template, operation }: Documented): { path: string; request: ApiRequest } {
  const examples = (operation.parameters ?? []).flatMap((parameter) =>
    'name' in parameter && parameter.example !== undefined
      ? [{ ...parameter, value: String(real(parameter.example, parameter.name)) }]
      : [],
  )
  const inPath = new Map(
    examples.filter((each) => each.in === 'path').map(({ name, value }) => [name, value]),
  )
  const query = new URLSearchParams(
    examples.filter((each) => each.in === 'query').map(({ name, value }): [string, string] => [name, value]),
  )
  const body = real(operation.requestBody?.content['application/json']?.example)
  const role = allow.includes('public') ? undefined : allow.at(-1)
  return {
    path: `${template.replace(/\{(\w+)\}/g, (_, name) => inPath.get(name) ?? '')}?${query}`,
    request: {
      ...(role && { role: role as NonNullable<ApiRequest['role']> }),
      ...(body !== undefined && { body }),
    },
  }
}

const ajv = new Ajv2020({ strict: false, allErrors: true })
addFormats.default(ajv)
ajv.addSchema(document, 'openapi')

/** What the document's schema of this answer says against it. */
function complaintsOf({ method, template }: Documented, status: string, body: unknown): unknown {
  const media = status.startsWith('2') ? 'application/json' : 'application/problem+json'
  const steps = ['paths', template, method.toLowerCase(), 'responses', status, 'content', media]
  const pointer = [...steps, 'schema'].map((step) => step.replaceAll('~', '~0').replaceAll('/', '~1'))
  const validate = ajv.compile({ $ref: `openapi#/${pointer.map(encodeURIComponent).join('/')}` })
  return validate(body) ? [] : validate.errors
}

describe(`the examples of ${operations.length} operations`, () => {
  it.each(operations)('$name succeeds, and answers what the document says', async (documented) => {
    const { path, request } = requestOf(documented)
    const { status, body } = await api.request(documented.method, path, request)
    const success = Object.keys(documented.operation.responses).find((each) => each.startsWith('2'))
    const expected = REFUSED[documented.name] ?? { status: Number(success), code: undefined }
    expect({ status, code: body.code }).toEqual(expected)
    expect(complaintsOf(documented, String(status), body)).toEqual([])
  })

  it.each(operations)('$name refuses what it does not know, as the document says', async (documented) => {
    const { path, request } = requestOf(documented)
    const { status, body } = await api.request(documented.method, `${path}&no-such-thing=1`, request)
    expect(body).toMatchObject({ code: 'invalid-request', errors: [{ parameter: 'no-such-thing' }] })
    expect(complaintsOf(documented, String(status), body)).toEqual([])
  })

  it('are sent with every parameter that is required', () => {
    const missing = operations.flatMap(({ name, operation }) =>
      (operation.parameters ?? []).flatMap((parameter) =>
        'name' in parameter && parameter.required && parameter.example === undefined
          ? [`${name} ${parameter.name}`]
          : [],
      ),
    )
    expect(missing).toEqual([])
  })
})

describe('an answer that is not what the document says is found out', () => {
  const opening = operations.find(({ name }) => name === 'createBooking') as Documented
  const receipt = {
    bookingId: `bkg_${'0'.repeat(32)}`,
    locator: 'K7M2QX',
    status: 'held',
    payBy: '2027-01-15T10:00:00Z',
    currency: 'COP',
    total: 1,
  }
  it.each([
    ['as it should be', {}, 0],
    ['a member that is missing', { total: undefined }, 1],
    ['another type', { total: '1' }, 1],
    ['a number out of its limits', { total: 2 ** 60 }, 1],
    ['an unknown status', { status: 'lost' }, 1],
    ['an id of another kind', { bookingId: `flt_${'0'.repeat(32)}` }, 1],
    ['no instant', { payBy: 'tomorrow' }, 1],
  ])('%s', (_, change, count) => {
    const body = JSON.parse(JSON.stringify({ ...receipt, ...change }))
    expect(complaintsOf(opening, '201', body)).toHaveLength(count)
  })
})
