import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { configureForTest } from '../../tests/support/settings.ts'
import { scheduled } from '../schedule.ts'
import { runSchedules } from './schedules.ts'

const TEN_MINUTES = 600_000
const entry = { entry: 'test/schedules/tick', every: '10 minutes', summary: 'Tick', reaches: [] } as const

beforeEach(() => {
  configureForTest()
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test('runs at its period, the first time one period after the start', async () => {
  const run = vi.fn(async () => {})
  const running = runSchedules([scheduled(entry, run)])
  await vi.advanceTimersByTimeAsync(TEN_MINUTES - 1)
  expect(run).toHaveBeenCalledTimes(0)
  await vi.advanceTimersByTimeAsync(1)
  expect(run).toHaveBeenCalledTimes(1)
  await vi.advanceTimersByTimeAsync(2 * TEN_MINUTES)
  expect(run).toHaveBeenCalledTimes(3)
  await running.stop()
})

test('does not overlap itself, and hinders no other', async () => {
  const long = Promise.withResolvers<void>()
  const slow = vi.fn(() => long.promise)
  const quick = vi.fn(async () => {})
  const running = runSchedules([scheduled(entry, slow), scheduled(entry, quick)])
  await vi.advanceTimersByTimeAsync(3 * TEN_MINUTES)
  expect(slow).toHaveBeenCalledTimes(1)
  expect(quick).toHaveBeenCalledTimes(3)
  long.resolve()
  await vi.advanceTimersByTimeAsync(TEN_MINUTES)
  expect(slow).toHaveBeenCalledTimes(2)
  await running.stop()
})

test('goes on after a run that failed', async () => {
  const run = vi.fn(async () => {
    throw new Error('once')
  })
  const running = runSchedules([scheduled(entry, run)])
  await vi.advanceTimersByTimeAsync(2 * TEN_MINUTES)
  expect(run).toHaveBeenCalledTimes(2)
  await running.stop()
})

test('a stop waits for the run under way and starts no other', async () => {
  const long = Promise.withResolvers<void>()
  const run = vi.fn(() => long.promise)
  const running = runSchedules([scheduled(entry, run)])
  await vi.advanceTimersByTimeAsync(TEN_MINUTES)
  let stopped = false
  const stopping = running.stop().then(() => {
    stopped = true
  })
  await vi.advanceTimersByTimeAsync(2 * TEN_MINUTES)
  expect(stopped).toBe(false)
  long.resolve()
  await stopping
  await vi.advanceTimersByTimeAsync(2 * TEN_MINUTES)
  expect(run).toHaveBeenCalledTimes(1)
})
