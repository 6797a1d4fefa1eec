import { describe, expect, it } from 'vitest'
import { gather } from './gather.ts'

/** A batch runner whose calls end when the test says so. */
function controlled() {
  const calls: { requests: readonly number[]; end: () => void; fail: (error: Error) => void }[] = []
  const run = (requests: readonly number[]) =>
    new Promise<number[]>((resolve, reject) => {
      calls.push({ requests, end: () => resolve(requests.map((n) => n * 10)), fail: reject })
    })
  return { calls, run }
}
const settled = () => new Promise((resolve) => setTimeout(resolve, 5))

describe('gather', () => {
  it('lets a lone call go at once, and answers it', async () => {
    const { calls, run } = controlled()
    const call = gather(run, { most: 8, lanes: 1 })
    const answer = call(1)
    expect(calls.map(({ requests }) => requests)).toEqual([[1]])
    calls[0]?.end()
    expect(await answer).toBe(10)
  })

  it('takes all that waited in the next batch, up to the most, in their order', async () => {
    const { calls, run } = controlled()
    const call = gather(run, { most: 3, lanes: 1 })
    const answers = [1, 2, 3, 4, 5].map(call)
    calls[0]?.end()
    await settled()
    calls[1]?.end()
    await settled()
    calls[2]?.end()
    expect(await Promise.all(answers)).toEqual([10, 20, 30, 40, 50])
    expect(calls.map(({ requests }) => requests)).toEqual([[1], [2, 3, 4], [5]])
  })

  it('keeps no more batches under way than it has lanes', async () => {
    const { calls, run } = controlled()
    const call = gather(run, { most: 8, lanes: 2 })
    const answers = [1, 2, 3, 4].map(call)
    expect(calls.map(({ requests }) => requests)).toEqual([[1], [2]])
    calls[0]?.end()
    await settled()
    expect(calls.at(-1)?.requests).toEqual([3, 4])
    calls[1]?.end()
    calls[2]?.end()
    expect(await Promise.all(answers)).toEqual([10, 20, 30, 40])
  })

  it('runs a failed batch again member by member, so that one failure is one caller’s', async () => {
    const runs: (readonly number[])[] = []
    const call = gather<number, number>(
      async (requests) => {
        runs.push(requests)
        if (requests.includes(3)) throw new Error('three')
        return requests.map((n) => n * 10)
      },
      { most: 8, lanes: 1 },
    )
    const answers = await Promise.allSettled([1, 2, 3, 4].map(call))
    expect(runs).toEqual([[1], [2, 3, 4], [2], [3], [4]])
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled'])
  })

  it('goes on after a failure', async () => {
    let fails = true
    const call = gather<number, number>(
      async (requests) => {
        if (fails) throw new Error('down')
        return [...requests]
      },
      { most: 8, lanes: 1 },
    )
    await expect(call(1)).rejects.toThrow('down')
    fails = false
    expect(await call(2)).toBe(2)
  })

  it('refuses a batch that answers another number of requests', async () => {
    const call = gather<number, number>(async () => [], { most: 8, lanes: 1 })
    await expect(call(1)).rejects.toThrow('another number')
  })
})
