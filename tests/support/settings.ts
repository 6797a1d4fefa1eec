import { type Config, configure } from '../../shared/config.ts'

/** Settings for a test that opens no connection: every required one has a value that leads nowhere. */
export function configureForTest(values: Partial<Config> = {}): void {
  configure({
    DATABASE_URL: 'postgres://nowhere.invalid/none',
    OIDC_ISSUER: 'https://issuer.test',
    OIDC_JWKS_URL: 'https://issuer.test/keys',
    LOOKUP_KEY: '00'.repeat(32),
    DOCUMENT_KEYS: `test:${'11'.repeat(32)}`,
    LOG_LEVEL: 'silent',
    // Tests ask from one address as often as they like; those of the limits set them.
    RATE_LIMIT_FACTOR: 0,
    ...values,
  })
}
