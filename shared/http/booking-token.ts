import { createHmac } from 'node:crypto'
import { jwtVerify, SignJWT } from 'jose'
import { config } from '../config.ts'

/** How long a passenger may go on with a booking that was opened. */
const LIFETIME_SECONDS = 30 * 60
const ISSUER = 'urn:flight-reservation-system:bookings'
/** The token's type (RFC 8725, 3.11): it is never taken for another kind of token, nor another kind for it. */
export const BOOKING_TOKEN_TYPE = 'booking+jwt'

/**
 * A token that opens one booking, for whoever knew its locator and a surname.
 * @param bookingId the booking's UUID
 */
export async function signBookingToken(bookingId: string): Promise<{ token: string; expiresAt: Date }> {
  const expiresAt = new Date(Math.floor(Date.now() / 1000 + LIFETIME_SECONDS) * 1000)
  const token = await new SignJWT()
    .setProtectedHeader({ alg: 'HS256', typ: BOOKING_TOKEN_TYPE })
    .setIssuer(ISSUER)
    .setAudience(config().OIDC_AUDIENCE)
    .setSubject(bookingId)
    .setIssuedAt()
    .setExpirationTime(expiresAt)
    .sign(signingKey())
  return { token, expiresAt }
}

/** The UUID of the booking that the token opens; undefined when it is not one of ours or has expired. */
export async function verifyBookingToken(token: string): Promise<string | undefined> {
  try {
    const { payload } = await jwtVerify(token, signingKey(), {
      issuer: ISSUER,
      audience: config().OIDC_AUDIENCE,
      algorithms: ['HS256'],
      typ: BOOKING_TOKEN_TYPE,
      requiredClaims: ['sub', 'exp'],
    })
    return payload.sub
  } catch {
    return undefined
  }
}

// Of the lookup key, but not the lookup key: what signs tokens hashes nothing else.
const signingKey = (): Uint8Array =>
  createHmac('sha256', Buffer.from(config().LOOKUP_KEY, 'hex')).update('booking tokens').digest()
