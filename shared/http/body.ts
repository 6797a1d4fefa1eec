import type { Context } from 'hono'
import { problem, Refusal } from './problem.ts'
import { HTTP_PROBLEMS } from './problems.ts'

/** Largest request body in bytes: the largest booking, nine passengers with pets, is under a tenth of it. */
const LIMIT = 64 * 1024

/**
 * Reads a JSON body, no further than the limit: its text, byte for byte, and what it says.
 * @throws Refusal content-type-unsupported, body-too-large or malformed-json
 */
export async function readBody(c: Context): Promise<{ text: string; json: unknown }> {
  const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/json' || c.req.header('content-encoding')) {
    throw new Refusal(problem(HTTP_PROBLEMS['content-type-unsupported']))
  }
  const declared = c.req.header('content-length')
  if (Number(declared ?? 0) > LIMIT) throw tooLarge()
  // Node's server ends a body at its declared length: it is read at once, which costs far less than a stream.
  const atOnce = declared !== undefined && c.env?.incoming !== undefined
  const bytes = atOnce ? await c.req.raw.arrayBuffer() : await readStream(c.req.raw.body)
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return { text, json: JSON.parse(text) }
  } catch {
    throw new Refusal(problem(HTTP_PROBLEMS['malformed-json']))
  }
}

/** Reads no further than the limit, whatever was declared. */
async function readStream(body: ReadableStream<Uint8Array> | null): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body ?? []) {
    size += chunk.byteLength
    if (size > LIMIT) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

const tooLarge = () => new Refusal(problem(HTTP_PROBLEMS['body-too-large'], {}, { connection: 'close' }))
