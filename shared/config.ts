import * as z from 'zod/mini'

/** What the system needs to know of its surroundings. This file alone reads the environment. */
const Settings = z.object({
  /** TCP port of the long-running hosts. */
  PORT: z._default(z.coerce.number().check(z.int(), z.minimum(0), z.maximum(65535)), 3000),
  /** PostgreSQL 16 or later, as a postgres:// URL. */
  DATABASE_URL: z.string().check(z.startsWith('postgres')),
  /** Connections a process may open to PostgreSQL; 1 on Lambda. */
  DATABASE_POOL: z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(100)), 10),
  /** Issuer of staff's and partners' tokens, as it stands in their `iss`. */
  OIDC_ISSUER: z.url(),
  /** What their `aud` must hold. */
  OIDC_AUDIENCE: z._default(z.string(), 'flight-reservation-system'),
  /** Where the issuer publishes its keys. */
  OIDC_JWKS_URL: z.url(),
  /** The claim that lists the roles: `roles`, or `cognito:groups` on Cognito. */
  OIDC_ROLES_CLAIM: z._default(z.string(), 'roles'),
  /** Key of the surname hashes that open a booking, 32 bytes or more in hex. Never change it on a filled database. */
  LOOKUP_KEY: z.string().check(z.regex(/^([0-9a-f]{2}){32,}$/i)),
  LOG_LEVEL: z._default(z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']), 'info'),
})
export type Config = z.infer<typeof Settings>

let overrides: Partial<Record<keyof Config, string | number>> = {}
let current: Config | undefined

/** Values that a host decides itself (the embedded default its database, a test its ports); they win over the environment. */
export function configure(values: Partial<Record<keyof Config, string | number>>): void {
  overrides = { ...overrides, ...values }
  current = undefined
}

/**
 * The validated settings.
 * @throws Error that lists every setting that is missing or wrong, one a line.
 */
export function config(): Config {
  if (current) return current
  const given = Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== ''))
  const parsed = Settings.safeParse({ ...given, ...overrides })
  if (!parsed.success) {
    const lines = parsed.error.issues.map((issue) => {
      const name = String(issue.path[0])
      return `  ${name}: ${name in given || name in overrides ? 'has a value that does not fit' : 'is missing'}`
    })
    throw new Error(
      `The configuration is not complete. Set these environment variables:\n${lines.join('\n')}`,
    )
  }
  current = parsed.data
  return current
}
