import { problem, Refusal } from './problem.ts'
import { HTTP_PROBLEMS } from './problems.ts'

/**
 * The Idempotency-Key header (draft-ietf-httpapi-idempotency-key-header), as given or as a quoted string.
 * @throws Refusal idempotency-key-missing
 */
export function idempotencyKey(header: string | undefined): string {
  const key = header?.replace(/^"(.*)"$/, '$1')
  if (key === undefined || !/^[\x21-\x7e]{8,128}$/.test(key)) {
    const errors = [{ header: 'Idempotency-Key', detail: 'must be 8 to 128 visible ASCII characters' }]
    throw new Refusal(problem(HTTP_PROBLEMS['idempotency-key-missing'], { errors }))
  }
  return key
}
