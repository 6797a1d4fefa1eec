import { expect, it } from 'vitest'
import { scheduled } from '../../schedule.ts'
import { lambdaSchedule } from './schedule.ts'

const entry = { entry: 'planted/schedules/x', every: '10 minutes', summary: 'Planted', reaches: [] } as const

it('runs the function once a call, and passes its failure on', async () => {
  let runs = 0
  const handler = lambdaSchedule(
    scheduled(entry, async () => {
      if (++runs === 2) throw new Error('second')
    }),
  )
  await handler()
  expect(runs).toBe(1)
  await expect(handler()).rejects.toThrow('second')
})
