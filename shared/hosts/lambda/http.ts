import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda'
import type { Context as HttpContext } from 'hono'
import { handle } from 'hono/aws-lambda'
import { log } from '#log'
import { createApp } from '../../http/app.ts'
import type { Endpoint } from '../../http/endpoint.ts'
import { respond } from '../../http/endpoint.ts'
import { problem } from '../../http/problem.ts'
import { HTTP_PROBLEMS } from '../../http/problems.ts'

/** What Lambda sends back at most, as JSON: 6 MB (AWS Lambda quotas, synchronous invocation). */
const LARGEST_RESULT = 6 * 1024 * 1024

type Bindings = { event: APIGatewayProxyEventV2 }

export type HttpHandler = (
  event: APIGatewayProxyEventV2,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>

/** An endpoint as the handler of a Lambda function behind an API Gateway HTTP API (payload format 2.0). */
export function lambdaHttp(route: Endpoint): HttpHandler {
  const app = createApp(
    [route],
    (c: HttpContext<{ Bindings: Bindings }>) => c.env.event.requestContext.http.sourceIp,
  )
  const adapted = handle(app)
  return async (event, context) => {
    const result = (await adapted(event as never, context as never)) as APIGatewayProxyStructuredResultV2
    if (sizeOf(result) <= LARGEST_RESULT) return result
    // Lambda would answer 502 without a word; the client is told what to do instead.
    log.error({ route: route.entry.http, bytes: sizeOf(result) }, 'answer too large for Lambda')
    const requestId = String(result.headers?.['x-request-id'] ?? crypto.randomUUID())
    const answer = respond(problem(HTTP_PROBLEMS['answer-too-large']), requestId)
    return {
      statusCode: answer.status,
      headers: Object.fromEntries(answer.headers),
      body: await answer.text(),
      isBase64Encoded: false,
    }
  }
}

// The body dominates; a kilobyte stands for the rest. Bytes as JSON, where a quote takes two.
const sizeOf = ({ body, headers }: APIGatewayProxyStructuredResultV2): number =>
  Buffer.byteLength(JSON.stringify(body ?? '')) + Buffer.byteLength(JSON.stringify(headers ?? {})) + 1024
