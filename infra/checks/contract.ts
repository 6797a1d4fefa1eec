import { createConfig, lintFromString } from '@redocly/openapi-core'
import { type RulesetDefinition, Spectral } from '@stoplight/spectral-core'
import owasp from '@stoplight/spectral-owasp-ruleset'
import type { OpenApiDocument } from '../../shared/http/openapi.ts'

/** What a rule says of a place in the document; `where` is the path to it, its steps joined by blanks. */
export type Finding = {
  rule: string
  severity: 'error' | 'warning'
  where: string
  message: string
}

/** What a rule may say, and why it is left so. It fits by the rule's name and the place. */
export type Exception = { rule: string; where: RegExp; reason: string }

const uncounted = (reason: string, operations: readonly string[]): Exception[] =>
  operations.map((operation) => ({
    rule: 'owasp:api4:2023-rate-limit-responses-429',
    where: new RegExp(`^paths ${operation.replace(/[{}]/g, '\\$&')} responses( |$)`),
    reason: `${reason}: 429 is never answered`,
  }))

/** Everything that the rules find and that is meant. None is an error in what is deployed. */
const EXCEPTIONS: readonly Exception[] = [
  {
    rule: 'owasp:api8:2023-no-server-http',
    where: /^servers 0 url$/,
    reason: 'the local host speaks HTTP to its own machine alone; in every other document this is a fault',
  },
  {
    rule: 'owasp:api4:2023-string-restricted',
    where: /^(paths|components schemas Problem) .*errors items properties parameter$/,
    reason: 'a query parameter that is not known is named as it was sent, and may be any text',
  },
  ...uncounted('needs a token of staff, and requests with a token are not counted', [
    '/v1/bookings/{locator}/refunds/{refund}/settlement post',
    '/v1/booking-lookups post',
    '/v1/bookings/{locator}/erasure post',
    '/v1/destinations/{destination}/taxes post',
    '/v1/exchange-rates post',
    '/v1/fares post',
    '/v1/flights post',
    '/v1/flights/{flight}/retiming post',
    '/v1/flights/{flight}/equipment post',
    '/v1/flights/{flight}/cancellation post',
    '/v1/flights/{flight}/closure post',
    '/v1/flights/{flight}/boarding post',
    '/v1/flights/{flight}/manifest get',
    '/v1/flights/{flight}/disruption get',
    '/v1/flights/{flight}/class-limits put',
    '/v1/flights/{flight}/pet-capacity put',
    '/v1/policies post',
    '/v1/promotions post',
    '/v1/promotions/{promotion}/stop post',
    '/v1/series post',
  ]),
  ...uncounted('needs a token; opening the booking, which gives one, is counted', [
    '/v1/bookings/{locator} get',
    '/v1/bookings/{locator}/refund-quotes post',
    '/v1/bookings/{locator}/cancellation post',
    '/v1/bookings/{locator}/history get',
    '/v1/bookings/{locator}/disruptions/{disruption} post',
    '/v1/bookings/{locator}/check-in post',
    '/v1/bookings/{locator}/passengers/{number}/document get',
    '/v1/bookings/{locator}/passengers/{number}/document put',
    '/v1/bookings/{locator}/payments get',
    '/v1/bookings/{locator}/payments post',
    '/v1/bookings/{locator}/documents get',
    '/v1/bookings/{locator}/change-quotes post',
    '/v1/bookings/{locator}/changes post',
  ]),
  ...uncounted('is believed by its signature alone, and a provider that is refused repeats itself', [
    '/v1/webhooks/stripe post',
  ]),
  ...uncounted('reads what everybody may know', [
    '/v1/cheapest-days get',
    '/v1/destinations get',
    '/v1/destinations/{destination}/taxes get',
    '/v1/flights get',
    '/v1/flights/{flight} get',
    '/v1/flights/{flight}/seats get',
  ]),
]

/** What both sets of rules find, hints included. They run in this process and read nothing but the document. */
export const contractFindings = async (document: OpenApiDocument): Promise<Finding[]> => [
  ...(await redoclyFindings(document)),
  ...(await owaspFindings(document)),
]

let config: ReturnType<typeof createConfig> | undefined

/** What Redocly's recommended rules find: that the document is valid OpenAPI, and usable. */
export async function redoclyFindings(document: OpenApiDocument): Promise<Finding[]> {
  config ??= createConfig({ extends: ['recommended'] })
  const source = sourceOf(document)
  const problems = await lintFromString({ source, absoluteRef: '/openapi.json', config: await config })
  return problems.map(({ ruleId, severity, message, location }) => {
    const steps = (location[0]?.pointer ?? '').replace(/^#\/?/, '').split('/')
    const where = steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~')).join(' ')
    return { rule: ruleId, severity: severity === 'error' ? 'error' : 'warning', where, message }
  })
}

let spectral: Spectral | undefined

/** What Spectral's rules of the OWASP API Security Top 10 find. */
export async function owaspFindings(document: OpenApiDocument): Promise<Finding[]> {
  if (!spectral) {
    spectral = new Spectral()
    spectral.setRuleset(ruleset)
  }
  const results = await spectral.run(JSON.parse(sourceOf(document)))
  return results.map(({ code, severity, path, message }) => {
    return {
      rule: String(code),
      severity: severity === 0 ? 'error' : 'warning',
      where: path.join(' '),
      message,
    }
  })
}

// The package declares the types of its CommonJS build alone.
const ruleset = owasp as unknown as RulesetDefinition & {
  rules: Record<string, { formats?: { displayName?: string }[] }>
}

/** The names of the OWASP rules that apply to OpenAPI 3.1. */
export const owaspRules = (): string[] =>
  Object.entries(ruleset.rules)
    .filter(
      ([, { formats }]) => !formats || formats.some(({ displayName = '' }) => /3\.[1x]/.test(displayName)),
    )
    .map(([name]) => name)

// A document that refers to another would have it fetched.
function sourceOf(document: OpenApiDocument): string {
  const source = JSON.stringify(document)
  const outside = /"(?:\$ref|externalValue)":"(?!#)([^"]*)"/.exec(source)
  if (outside) throw new Error(`the document refers to ${outside[1]}: it must stand alone`)
  return source
}

/** The findings that no exception fits, a line each; all of them when there are no exceptions. */
export const complaintsOf = (
  findings: readonly Finding[],
  exceptions: readonly Exception[] = EXCEPTIONS,
): string[] =>
  findings
    .filter((finding) => !exceptions.some((exception) => fits(exception, finding)))
    .map(({ rule, severity, where, message }) => `${severity} ${rule} at ${where}: ${message}`)

/** The exceptions that fit nothing any more. */
export const idleExceptions = (findings: readonly Finding[]): Exception[] =>
  EXCEPTIONS.filter((exception) => !findings.some((finding) => fits(exception, finding)))

const fits = (exception: Exception, finding: Finding): boolean =>
  exception.rule === finding.rule && exception.where.test(finding.where)
