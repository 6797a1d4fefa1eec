/** How calls are gathered: the most that go together, and how many batches are under way at once. */
export type GatherOptions = { most: number; lanes: number }

type Waiting<Request, Answer> = {
  request: Request
  resolve: (answer: Answer) => void
  reject: (error: unknown) => void
}

/**
 * Lets concurrent calls share one round trip and one commit. Alone, a call goes at once; while others are under way
 * it waits, and the next batch takes all that wait. A batch that fails is run again member by member, so that each
 * caller meets its own failure alone.
 * @param run answers each request of a batch, in their order; all or none of a batch takes effect
 */
export function gather<Request, Answer>(
  run: (requests: readonly Request[]) => Promise<Answer[]>,
  { most, lanes }: GatherOptions,
): (request: Request) => Promise<Answer> {
  const queue: Waiting<Request, Answer>[] = []
  let underWay = 0
  /** Members of the batches that are under way. */
  let served = 0

  async function serve(batch: readonly Waiting<Request, Answer>[]): Promise<void> {
    try {
      const answers = await run(batch.map(({ request }) => request))
      if (answers.length !== batch.length) throw new Error('a batch answered another number of requests')
      answers.forEach((answer, index) => {
        batch[index]?.resolve(answer)
      })
    } catch (error) {
      if (batch.length > 1) for (const member of batch) await serve([member])
      else batch[0]?.reject(error)
    }
  }

  async function lane(): Promise<void> {
    underWay++
    while (queue.length > 0) {
      // An even share of all who ask: batches that once differ in size would else stay so, and the small ones cost most.
      const share = Math.ceil((queue.length + served) / lanes)
      const batch = queue.splice(0, Math.min(most, share))
      served += batch.length
      await serve(batch)
      served -= batch.length
      // Who was just answered may ask again in this turn of the loop, and goes with the next batch.
      await turnOfTheLoop()
    }
    underWay--
  }

  return (request) =>
    new Promise((resolve, reject) => {
      queue.push({ request, resolve, reject })
      if (underWay < lanes) void lane()
    })
}

const turnOfTheLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
