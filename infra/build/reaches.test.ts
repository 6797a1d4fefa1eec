import { describe, expect, it } from 'vitest'
import { reachedBy } from './reaches.ts'

const metafile = (inputs: Record<string, number>) => ({
  inputs: {},
  outputs: {
    'index.mjs': {
      bytes: 1,
      imports: [],
      exports: [],
      inputs: Object.fromEntries(
        Object.entries(inputs).map(([file, bytesInOutput]) => [file, { bytesInOutput }]),
      ),
    },
  },
})

describe('reachedBy', () => {
  it('names what a bundled client package connects to, once', () => {
    const found = metafile({
      'node_modules/postgres/src/index.js': 100,
      'node_modules/postgres/src/connection.js': 200,
      'node_modules/hono/dist/hono.js': 300,
    })
    expect(reachedBy(found)).toEqual(['postgres'])
  })

  it('passes over what was shaken out, and what only looks like it', () => {
    const found = metafile({
      'node_modules/postgres/src/index.js': 0,
      'node_modules/postgres-date/index.js': 10,
      'shared/postgres/client.ts': 10,
    })
    expect(reachedBy(found)).toEqual([])
  })
})
