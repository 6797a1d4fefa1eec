import * as z from 'zod/mini'

const whole = (minimum: number, maximum: number) => {
  const rule = `must be a whole number from ${minimum} to ${maximum}`
  return z.coerce.number(rule).check(z.int(rule), z.minimum(minimum, rule), z.maximum(maximum, rule))
}
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
const url = () => z.url('must be a URL')
const DOCUMENT_KEYS_RULE =
  'must be id:key,id:key with ids of letters, digits, _ and -, and keys of 32 bytes in hex, the current one first'
const isTwice = (names: readonly unknown[]): boolean => new Set(names).size < names.length

/** What the system needs to know of its surroundings. This file alone reads the environment. */
const Settings = z.object({
  /** TCP port of the long-running hosts. */
  PORT: z._default(whole(0, 65_535), 3000),
  /** PostgreSQL 16 or later, as a postgres:// URL. */
  DATABASE_URL: z.string().check(z.regex(/^postgres(ql)?:\/\//, 'must be a postgres:// URL')),
  /** Connections a process may open to PostgreSQL; 1 on Lambda. */
  DATABASE_POOL: z._default(whole(1, 100), 10),
  /** Issuer of staff's and partners' tokens, as it stands in their `iss`. */
  OIDC_ISSUER: url(),
  /** What their `aud` must hold. */
  OIDC_AUDIENCE: z._default(z.string(), 'flight-reservation-system'),
  /** Where the issuer publishes its keys. */
  OIDC_JWKS_URL: url(),
  /** The claim that lists the roles: `roles`, or `cognito:groups` on Cognito. */
  OIDC_ROLES_CLAIM: z._default(z.string(), 'roles'),
  /** Key of the surname hashes that open a booking, 32 bytes or more in hex. Never change it on a filled database. */
  LOOKUP_KEY: z.string().check(z.regex(/^([0-9a-f]{2}){32,}$/i, 'must be 32 bytes or more in hex')),
  /** Master keys of identity documents, `id:hex,id:hex`: the first wraps what is new, the others open what they wrapped. */
  DOCUMENT_KEYS: z.string().check(
    z.regex(/^[\w-]{1,32}:[0-9a-f]{64}(?:,[\w-]{1,32}:[0-9a-f]{64})*$/i, DOCUMENT_KEYS_RULE),
    z.refine(
      (keys) => !isTwice(keys.split(',').map((key) => key.split(':')[0])),
      'must not name a key twice',
    ),
  ),
  /** redis:// or rediss://; without it, caches and rate limits are each process's own. */
  REDIS_URL: z.optional(z.string().check(z.regex(/^rediss?:\/\//, 'must be a redis:// URL'))),
  /** Stripe's secret or restricted key; without it, the embedded test card stands in, which moves no money. */
  STRIPE_SECRET_KEY: z.optional(
    z.string().check(z.regex(/^[sr]k_\w+$/, 'must be a secret or a restricted key of Stripe')),
  ),
  /** Secret of the webhook endpoint at Stripe; without it, no notice is taken. */
  STRIPE_WEBHOOK_SECRET: z.optional(
    z.string().check(z.regex(/^whsec_\S+$/, 'must be the secret of an endpoint at Stripe')),
  ),
  /** Where Stripe's API is. */
  STRIPE_API_URL: z._default(url(), 'https://api.stripe.com'),
  /** What the quotas of rate limits are multiplied by; 0 lifts them. */
  RATE_LIMIT_FACTOR: z._default(z.coerce.number('must be a number').check(z.minimum(0), z.maximum(1000)), 1),
  /** Proxies in front that add to X-Forwarded-For; the client's address is as many entries from its end. */
  TRUSTED_PROXIES: z._default(whole(0, 5), 0),
  /** How long a server that was told to stop goes on serving, so that the load balancer notices that it is not ready. */
  DRAIN_NOTICE_MS: z._default(whole(0, 60_000), 5000),
  /** Origins of web pages that may call the API, separated by commas; `*` for all. */
  CORS_ORIGINS: z._default(z.string(), ''),
  LOG_LEVEL: z._default(z.enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`), 'info'),
})
export type Config = z.infer<typeof Settings>

let overrides: Partial<Record<keyof Config, string | number | undefined>> = {}
let current: Config | undefined

/** Values that a host decides itself (the embedded default its database, a test its ports); they win over the environment. */
export function configure(values: Partial<Record<keyof Config, string | number | undefined>>): void {
  overrides = { ...overrides, ...values }
  current = undefined
}

/**
 * The validated settings.
 * @throws Error that lists every setting that is missing or wrong, one a line.
 */
export function config(): Config {
  if (current) return current
  const values = given()
  const parsed = Settings.safeParse(values)
  if (!parsed.success) {
    const faults = new Map(parsed.error.issues.map((issue) => [String(issue.path[0]), issue.message]))
    const lines = [...faults].map(([name, rule]) => `  ${name}: ${name in values ? rule : 'is missing'}`)
    throw new Error(
      `The configuration is not complete. Set these environment variables:\n${lines.join('\n')}`,
    )
  }
  current = parsed.data
  return current
}

/**
 * One setting before the others are known, for a host that works those out; undefined when it was not given and has
 * no default.
 * @throws Error when its value breaks its rule
 */
export function setting<Name extends keyof Config>(name: Name): Config[Name] | undefined {
  const schema: z.ZodMiniType = Settings.shape[name]
  const parsed = z.optional(schema).safeParse(given()[name])
  if (parsed.success) return parsed.data as Config[Name] | undefined
  throw new Error(`${name} ${parsed.error.issues[0]?.message}. Change or unset this environment variable.`)
}

// An empty variable counts as none, as in `PORT= npm start`.
const given = (): Record<string, string | number | undefined> => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== '')),
  ...overrides,
})
