import { expect, test } from 'vitest'
import * as catalog from '../../functions/catalog.ts'
import { loadEndpoints, loadSchedules } from './functions.ts'

test('every function of the catalog loads, in its order', async () => {
  const lines = Object.values(catalog)
  const endpoints = await loadEndpoints()
  expect(endpoints.map(({ entry }) => entry)).toEqual(lines.filter((line) => 'http' in line))
  expect(endpoints.every(({ kind }) => kind === 'endpoint')).toBe(true)
  const schedules = await loadSchedules()
  expect(schedules.map(({ entry }) => entry)).toEqual(lines.filter((line) => 'every' in line))
  expect(schedules.every(({ kind }) => kind === 'schedule')).toBe(true)
})

test('names every function that cannot be loaded, and why', async () => {
  const http = 'GET /v1/x'
  const loading = loadEndpoints([
    { entry: 'flights/queries/absent', http },
    { entry: 'flights/policies', http },
    { entry: 'flights/queries/../queries/get-flight', http },
    { entry: 'flights/queries/get-flight', http },
  ])
  await expect(loading).rejects.toThrow(
    /^The catalog names functions that cannot be loaded:\n {2}functions\/flights\/queries\/absent\.ts: .+\n {2}functions\/flights\/policies\.ts: has no export `route`\n {2}functions\/flights\/queries\/\.\.\/queries\/get-flight\.ts: is defined on the catalog's line of flights\/queries\/get-flight$/,
  )
  await expect(loadSchedules([{ entry: 'flights/policies', every: '5 minutes' }])).rejects.toThrow(
    'functions/flights/policies.ts: has no export `schedule`',
  )
})
