// npm run -s token -- <role> [subject]: prints a token for the system that `npm start` runs, and nothing else.
import { findIssuer, ISSUER_FILE, TOKEN_ROLES, type TokenRole } from './issuer.ts'

const USAGE = `Usage: npm run -s token -- <role> [subject]
  role     one of ${TOKEN_ROLES.join(', ')}
  subject  who the token is for; local-<role> when left out
The token is the only output and serves eight hours:
  curl -H "Authorization: Bearer $(npm run -s token -- agent)" http://127.0.0.1:3000/v1/bookings/…`

/**
 * The token that the arguments ask for, signed with the key kept in `file`.
 * @throws Error whose message says what is wrong with the arguments, or that there is no key yet
 */
export async function tokenFor(
  [role, subject, ...more]: readonly string[],
  file = ISSUER_FILE,
): Promise<string> {
  if (role === undefined || more.length > 0) throw new Error(USAGE)
  if (!isTokenRole(role)) throw new Error(`There is no role ${JSON.stringify(role)}.\n${USAGE}`)
  if (subject !== undefined && !/^[\w.@:-]{1,100}$/.test(subject)) {
    throw new Error(
      `The subject ${JSON.stringify(subject)} does not fit: give 1 to 100 letters, digits or any of . _ @ : -`,
    )
  }
  const issuer = await findIssuer(file)
  if (!issuer) {
    throw new Error(
      'There is no key to sign with yet: the system was never started here. Run `npm start` first.',
    )
  }
  return await issuer.sign({ role, ...(subject !== undefined && { subject }) })
}

const isTokenRole = (text: string): text is TokenRole => (TOKEN_ROLES as readonly string[]).includes(text)

if (import.meta.main) {
  try {
    console.log(await tokenFor(process.argv.slice(2)))
  } catch (error) {
    console.error((error as Error).message)
    process.exit(1)
  }
}
