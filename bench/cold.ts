import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { HttpRequest } from './operation.ts'

const ANSWER = `
  const { handler } = await import(process.argv[1])
  const { statusCode } = await handler(JSON.parse(process.argv[2]), {})
  process.stdout.write(String(statusCode))
  process.exit(0)`
const IMPORT = `
  const begun = performance.now()
  await import(process.argv[1])
  process.stdout.write(String(performance.now() - begun))
  process.exit(0)`

/**
 * Milliseconds from the start of a new process to the first answer of the function bundled in `folder`.
 * @throws Error when the answer has another status than `due`
 */
export async function answerTime(
  folder: string,
  request: HttpRequest,
  due: number,
  settings: NodeJS.ProcessEnv,
): Promise<number> {
  const begun = performance.now()
  const said = await firstOutput(ANSWER, [bundleIn(folder), JSON.stringify(eventOf(request))], settings)
  const took = performance.now() - begun
  if (said === String(due)) return took
  throw new Error(`the function in ${folder} answered ${said || 'nothing'}, and ${due} is due`)
}

/** Milliseconds that a new process takes to import the function bundled in `folder`, its own start apart. */
export const importTime = async (folder: string): Promise<number> =>
  Number(await firstOutput(IMPORT, [bundleIn(folder)], {}))

const bundleIn = (folder: string): string => pathToFileURL(join(folder, 'index.mjs')).href

async function firstOutput(script: string, args: string[], env: NodeJS.ProcessEnv): Promise<string> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', script, ...args], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [first] = await Promise.race([once(child.stdout, 'data'), once(child, 'close')])
  return first instanceof Uint8Array ? first.toString() : ''
}

/** What API Gateway hands to a function for a request (payload format 2.0). */
function eventOf({ method, path, body }: HttpRequest): object {
  return {
    version: '2.0',
    routeKey: '$default',
    rawPath: path,
    rawQueryString: '',
    headers: { host: 'bench.invalid', 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    requestContext: {
      domainName: 'bench.invalid',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'bench' },
    },
    isBase64Encoded: false,
    ...(method === 'GET' ? {} : { body: JSON.stringify(body) }),
  }
}
