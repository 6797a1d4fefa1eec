/** Callers at once, in this process or over HTTP. */
export const CALLERS = 32

/** What callers who each wait for one answer before they ask again did and saw. */
export type Run = {
  /** Calls answered, those of the warm-up included. */
  made: number
  /** Calls a second, after the warm-up. */
  rate: number
  /** Of the calls answered after the warm-up, in milliseconds. */
  p50: number
  p99: number
}

/** `most` is how many calls there can be: a run ends early when they are used up. */
type Load = { callers: number; warmUpMs: number; seconds: number; most: number }

/** Lets callers call at once and again until time is up; `call` gets the number of the call, from 1. */
export async function drive(call: (n: number) => Promise<void>, load: Load): Promise<Run> {
  const latencies: number[] = []
  let begun = 0
  let made = 0
  const from = performance.now() + load.warmUpMs
  const until = from + load.seconds * 1000
  let last = until

  async function caller(): Promise<void> {
    for (let started = performance.now(); started < until; ) {
      if (begun === load.most) {
        last = Math.min(last, started)
        return
      }
      await call(++begun)
      const ended = performance.now()
      made++
      if (ended >= from && ended < last) latencies.push(ended - started)
      started = ended
    }
  }
  await Promise.all(Array.from({ length: load.callers }, caller))
  if (latencies.length === 0) throw new Error('no call was answered after the warm-up')
  return { made, rate: (latencies.length / (last - from)) * 1000, ...percentiles(latencies) }
}

/** Median and 99th percentile, by nearest rank. */
function percentiles(values: number[]): { p50: number; p99: number } {
  const sorted = Float64Array.from(values).sort()
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
  return { p50: at(0.5), p99: at(0.99) }
}
