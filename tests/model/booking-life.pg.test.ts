import { expect, it } from 'vitest'
import { useApi } from '../support/api.ts'
import { FAULTS, plant } from './faults.ts'
import { compareLives } from './life.ts'

const api = useApi()
/** Another each day, told when it fails. */
const seed = Math.floor(Date.now() / 86_400_000)

it('goes as the model goes, step by step, alone and two at once', { timeout: 120_000 }, async () => {
  const { steps, pairs } = await compareLives(api, 25, seed)
  expect(steps).toBeGreaterThan(25 * 20)
  expect(pairs).toBeGreaterThan(25)
})

it.each(FAULTS)('finds $name', { timeout: 120_000 }, async (fault) => {
  const restore = await plant(fault)
  try {
    await expect(compareLives(api, 200, seed, { shrink: false })).rejects.toMatchObject({
      cause: { message: expect.stringMatching(/the model|answered 500/) },
    })
  } finally {
    await restore()
  }
})
