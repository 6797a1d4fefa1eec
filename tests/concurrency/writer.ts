// A process of its own that books what its parent sends it; started by pairs.ts.
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { type BookingAnswer, bookMany } from '../../functions/bookings/book.ts'
import { connect, database, disconnect } from '../../shared/postgres/client.ts'
import { peopleOf } from '../support/orders.ts'

export type PairRequest = { key: string; quoteId: string; passengers: number }
/** What each key was answered, and the errors that came instead of answers. */
export type WriterReport = {
  answers: Record<string, { answer: BookingAnswer; replayed: boolean }>
  errors: string[]
}
type Task = { databaseUrl: string; batches: PairRequest[][] }

/** Batches that this process has under way at once. */
const LANES = 3

const [{ databaseUrl, batches }] = (await once(process, 'message')) as [Task]
connect(databaseUrl)
await Promise.all(Array.from({ length: LANES }, () => database()`select 1`))
process.send?.('connected')
await once(process, 'message')

const report: WriterReport = { answers: {}, errors: [] }
await Promise.all(
  Array.from({ length: LANES }, async () => {
    for (let batch = batches.shift(); batch; batch = batches.shift()) await send(batch)
  }),
)
await disconnect()
process.stdout.write(JSON.stringify(report), () => process.disconnect?.())

/** One call of book_many, past gather(): nothing tries again what failed. */
async function send(batch: readonly PairRequest[]): Promise<void> {
  try {
    const outcomes = await bookMany(batch.map(asBooking))
    for (const [at, outcome] of outcomes.entries()) {
      const key = batch[at]?.key
      if (key === undefined || outcome.type !== 'answered') report.errors.push(`answered ${outcome.type}`)
      else report.answers[key] = { answer: outcome.answer, replayed: outcome.replayed }
    }
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    report.errors.push(`${code}: ${message}`)
  }
}

function asBooking({ key, quoteId, passengers }: PairRequest) {
  return {
    caller: 'public',
    anyAccount: false,
    key,
    digest: createHash('sha256').update(quoteId).digest('hex'),
    quoteId,
    account: null,
    ...peopleOf(passengers),
    surnameHashes: [createHash('sha256').update('surname').digest('hex')],
    traceparent: null,
  }
}
