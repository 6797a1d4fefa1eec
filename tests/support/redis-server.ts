import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../infra/local/free-port.ts'

export type RedisServer = { url: string; stop: () => Promise<void> }

/**
 * Starts a redis-server of its own on a free port, with nothing kept on disk.
 * @throws Error that says how to get one when the machine has none
 */
export async function startRedis(port?: number): Promise<RedisServer> {
  const chosen = port ?? (await freePort(0))
  const args = ['--port', String(chosen), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
  const server = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] })
  await ready(server)
  return {
    url: `redis://127.0.0.1:${chosen}`,
    async stop() {
      if (server.exitCode !== null || server.signalCode !== null) return
      const exited = once(server, 'exit')
      server.kill('SIGKILL')
      await exited
    },
  }
}

async function ready(server: ChildProcess): Promise<void> {
  const failed = once(server, 'error').then(([error]) => {
    throw new Error(`redis-server cannot be started (${error.message}): apt-get install redis-server`)
  })
  let said = ''
  const accepts = (async () => {
    for await (const chunk of server.stdout ?? []) {
      said += chunk
      if (said.includes('Ready to accept connections')) return
    }
    throw new Error(`redis-server ended: ${said}`)
  })()
  await Promise.race([
    failed,
    accepts,
    sleep(10_000).then(() => Promise.reject(new Error('redis-server is slow'))),
  ])
  server.stdout?.resume()
}
