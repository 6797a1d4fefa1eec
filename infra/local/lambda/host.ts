import { once } from 'node:events'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda'
import * as catalog from '../../../functions/catalog.ts'
import { LAMBDA_FOLDER } from '../../build/lambda.ts'
import { FunctionInstance } from './function-instance.ts'
import { gatewayEvent } from './gateway-event.ts'

/** What Lambda takes and gives at most: 6 MB of JSON (AWS Lambda quotas, synchronous invocation). */
const LARGEST = 6 * 1024 * 1024

export type LambdaHost = {
  url: string
  /** Calls a function of the catalog with an event, as a queue or a clock does. */
  invoke: (name: string, event: unknown) => Promise<unknown>
  stop: () => Promise<void>
}

type Route = { name: string; key: string; method: string; pattern: RegExp }

/**
 * Stands in for API Gateway and Lambda on one machine: a gateway in front, and for each function of the catalog
 * instances of its **built bundle**, in a folder without node_modules, one request at a time each.
 * @param environment what the functions see of the environment
 */
export async function startLambdaHost(environment: Record<string, string>, port = 0): Promise<LambdaHost> {
  // Outside the checkout, or a bundle that forgot something would find it in our node_modules.
  const folder = await mkdtemp(join(tmpdir(), 'flights-lambda-'))
  await cp(LAMBDA_FOLDER, folder, { recursive: true })
  const pools = new Map<string, FunctionInstance[]>()
  const routes = routesOf()

  const invoke = async (name: string, event: unknown): Promise<unknown> => {
    const pool = pools.get(name) ?? []
    pools.set(name, pool)
    let instance = pool.find(({ busy }) => !busy)
    if (!instance) {
      instance = new FunctionInstance(join(folder, name), environment)
      pool.push(instance)
    }
    return instance.invoke(event)
  }

  const server = createServer((request, response) => {
    serve(request, response, routes, invoke).catch((error) => {
      response.writeHead(502, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ message: 'Internal Server Error', cause: String(error) }))
    })
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  return {
    invoke,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.close()
      server.closeAllConnections()
      await Promise.all([...pools.values()].flat().map((instance) => instance.stop()))
      await rm(folder, { recursive: true, force: true })
    },
  }
}

async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  routes: readonly Route[],
  invoke: (name: string, event: unknown) => Promise<unknown>,
): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  const path = new URL(request.url ?? '/', 'http://localhost').pathname
  const route = routes.find(({ method, pattern }) => method === request.method && pattern.test(path))
  if (!route) return reply(response, 404, { message: 'Not Found' })
  const parameters = { ...route.pattern.exec(path)?.groups }
  const event = gatewayEvent(request, Buffer.concat(chunks), { key: route.key, parameters })
  if (Buffer.byteLength(JSON.stringify(event)) > LARGEST) {
    return reply(response, 413, { message: 'Request Entity Too Large' })
  }
  const result = (await invoke(route.name, event)) as APIGatewayProxyStructuredResultV2
  if (Buffer.byteLength(JSON.stringify(result)) > LARGEST) throw new Error('the result is larger than 6 MB')
  const headers = Object.entries(result.headers ?? {}).map(([name, value]) => [name, String(value)] as const)
  for (const [name, value] of headers) response.setHeader(name, value)
  if (result.cookies) response.setHeader('set-cookie', result.cookies)
  response.writeHead(result.statusCode ?? 200)
  response.end(Buffer.from(result.body ?? '', result.isBase64Encoded ? 'base64' : 'utf8'))
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(body))
}

/** The gateway's routes, those without parameters first, as API Gateway prefers them. */
function routesOf(): Route[] {
  return Object.entries(catalog)
    .flatMap(([name, line]) => ('http' in line ? [{ name, http: line.http }] : []))
    .map(({ name, http }) => {
      const [method = '', path = ''] = http.split(' ')
      const pattern = new RegExp(`^${path.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`)
      return { name, method, pattern, key: `${method} ${path.replace(/:(\w+)/g, '{$1}')}` }
    })
    .sort((one, other) => one.key.split('{').length - other.key.split('{').length)
}
