import type { Context } from 'hono'
import { problem, Refusal } from './problem.ts'
import { HTTP_PROBLEMS } from './problems.ts'

/** Largest request body in bytes: the largest booking, nine passengers with pets, is under a tenth of it. */
const LIMIT = 64 * 1024

/**
 * Reads a JSON body, no further than the limit.
 * @throws Refusal content-type-unsupported, body-too-large or malformed-json
 */
export async function readBody(c: Context): Promise<unknown> {
  const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/json' || c.req.header('content-encoding')) {
    throw new Refusal(problem(HTTP_PROBLEMS['content-type-unsupported']))
  }
  if (Number(c.req.header('content-length') ?? 0) > LIMIT) throw tooLarge()
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of c.req.raw.body ?? []) {
    size += chunk.byteLength
    if (size > LIMIT) throw tooLarge()
    chunks.push(chunk)
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)))
  } catch {
    throw new Refusal(problem(HTTP_PROBLEMS['malformed-json']))
  }
}

const tooLarge = () => new Refusal(problem(HTTP_PROBLEMS['body-too-large'], {}, { connection: 'close' }))
