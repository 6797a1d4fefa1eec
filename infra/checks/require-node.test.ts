import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { nodeComplaint } from './require-node.mjs'

test.each(['24.0.0', '24.21.0', '26.1.0', process.versions.node])('Node %s serves', (version) => {
  expect(nodeComplaint(version, 'linux-x64')).toBeUndefined()
})

test.each(['4.9.1', '20.20.2', '22.12.0', '23.11.1'])('Node %s is refused', (version) => {
  expect(nodeComplaint(version, 'linux-x64')).toBeDefined()
})

test('the complaint names what was found, what is needed and the ways out', () => {
  const complaint = nodeComplaint('20.20.2', 'linux-arm64')
  expect(complaint).toContain('Node 20.20.2 was found')
  expect(complaint).toContain('needs Node 24')
  expect(complaint).toContain('linux-arm64')
  expect(complaint).toContain('npm install')
  expect(complaint).toContain('https://nodejs.org')
})

test('every npm script asserts the version before anything else', () => {
  const manifest = readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')
  const { scripts } = JSON.parse(manifest) as { scripts: Record<string, string> }
  const unasserted = Object.entries(scripts)
    .filter(([, command]) => !command.startsWith('node infra/checks/require-node.mjs && '))
    .map(([name]) => name)
  expect(unasserted).toEqual([])
})
