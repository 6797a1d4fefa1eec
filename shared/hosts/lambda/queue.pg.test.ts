import type { SQSEvent } from 'aws-lambda'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { useDatabase } from '../../../tests/support/database.ts'
import { configureForTest } from '../../../tests/support/settings.ts'
import { newUuid, publicId } from '../../ids.ts'
import { database } from '../../postgres/client.ts'
import { worker } from '../../worker.ts'
import { lambdaQueue } from './queue.ts'

useDatabase()
configureForTest()

const bookingEvent = (total: unknown) => ({
  specversion: '1.0',
  id: publicId('event', newUuid()),
  source: '/bookings',
  type: 'bookings.booking-created.v1',
  subject: publicId('booking', newUuid()),
  time: '2026-11-24T10:00:00Z',
  datacontenttype: 'application/json',
  data: {
    bookingId: publicId('booking', newUuid()),
    version: 1,
    currency: 'COP',
    total,
    outbound: { origin: 'BOG', destination: 'ADZ', departureDate: '2026-12-10' },
    flights: [],
    passengers: [],
    pets: [],
    charges: [],
    counter: [],
  },
})

/** A batch as SQS sends it to Lambda. */
const batch = (...bodies: string[]): SQSEvent => ({
  Records: bodies.map((body, at) => ({
    messageId: `message-${at}`,
    receiptHandle: 'handle',
    body,
    attributes: {
      ApproximateReceiveCount: '1',
      SentTimestamp: '1523232000000',
      SenderId: '123456789012',
      ApproximateFirstReceiveTimestamp: '1523232000001',
    },
    messageAttributes: {},
    md5OfBody: '7b270e59b47ff90a553787216d55d91d',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:123456789012:queue',
    awsRegion: 'us-east-1',
  })),
})
const message = (total: unknown) => JSON.stringify(bookingEvent(total))

const entry = {
  entry: 'planted/workers/sum',
  on: ['bookings.booking-created.v1'],
  summary: 'Planted',
  reaches: ['postgres'],
} as const
const handler = lambdaQueue(
  worker(entry, async (sql, events) => {
    for (const { data } of events) {
      await sql`insert into totals values (${data.total})`
      if (data.total === 13) throw new Error('thirteen')
    }
  }),
)
const totals = async () =>
  (await database()`select total from totals order by total`).map(({ total }) => total)

describe('lambdaQueue', () => {
  beforeEach(() => database()`create table totals (total integer)`)
  afterEach(() => database()`drop table totals`)

  it('takes a batch together and gives nothing back', async () => {
    expect(await handler(batch(message(1), message(2), message(3)))).toEqual({ batchItemFailures: [] })
    expect(await totals()).toEqual([1, 2, 3])
  })

  it('gives back only the message that fails, and keeps no effect of it', async () => {
    expect(await handler(batch(message(1), message(13), message(3)))).toEqual({
      batchItemFailures: [{ itemIdentifier: 'message-1' }],
    })
    expect(await totals()).toEqual([1, 3])
  })

  it('gives back what is not an event of the contract', async () => {
    const unknown = JSON.stringify({ ...bookingEvent(1), type: 'bookings.unheard-of.v1' })
    const answer = await handler(batch('not json', message('much'), unknown, message(4)))
    expect(answer.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier)).toEqual([
      'message-0',
      'message-1',
      'message-2',
    ])
    expect(await totals()).toEqual([4])
  })
})
