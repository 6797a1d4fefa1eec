import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda'
import { log } from '#log'
import { EVENTS, type Event, type EventType } from '../../events/index.ts'
import { transaction } from '../../postgres/client.ts'
import type { Worker } from '../../worker.ts'

/**
 * A worker as the handler of a Lambda function behind an SQS queue. The batch is taken together; when that fails,
 * message by message, and only those that fail alone are given back (ReportBatchItemFailures).
 */
export function lambdaQueue({ entry, handle }: Worker): (batch: SQSEvent) => Promise<SQSBatchResponse> {
  const take = (events: readonly Event[]) => transaction((sql) => handle(sql, events))

  async function failuresOf(records: readonly SQSRecord[]): Promise<string[]> {
    const failed: string[] = []
    const readable: { id: string; event: Event }[] = []
    for (const { messageId, body } of records) {
      try {
        readable.push({ id: messageId, event: parseEvent(body) })
      } catch (err) {
        log.error({ worker: entry.entry, messageId, err }, 'message does not fit its contract')
        failed.push(messageId)
      }
    }
    if (readable.length === 0) return failed
    try {
      await take(readable.map(({ event }) => event))
    } catch {
      for (const { id, event } of readable) {
        try {
          await take([event])
        } catch (err) {
          log.error({ worker: entry.entry, messageId: id, err }, 'message failed')
          failed.push(id)
        }
      }
    }
    return failed
  }

  return async ({ Records }) => ({
    batchItemFailures: (await failuresOf(Records)).map((itemIdentifier) => ({ itemIdentifier })),
  })
}

/** @throws when the body is not a CloudEvent of the contract */
function parseEvent(body: string): Event {
  const { id, type, subject, time, traceparent, data } = JSON.parse(body)
  const schema = EVENTS[type as EventType]
  if (!schema) throw new TypeError('the message is of an unknown type')
  const parsed = schema.parse(data)
  return {
    id,
    type,
    subject,
    version: parsed.version,
    time: new Date(time),
    traceparent: traceparent ?? null,
    data: parsed,
    // The type and the data belong together, which only the schema knows.
  } as Event
}
