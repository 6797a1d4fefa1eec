import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { CONTAINER_FOLDER } from '../../infra/build/container.ts'

/** A role of the built container, in a process of its own. */
export type ContainerProcess = {
  url: string
  /** Sends SIGTERM and waits; answers the exit code. */
  terminate: () => Promise<number | null>
  kill: () => void
}

/** Starts the built container's server and waits until it is ready. `environment` is all that it sees. */
export async function startContainerServer(
  port: number,
  environment: Record<string, string>,
): Promise<ContainerProcess> {
  const child = spawn(process.execPath, [join(CONTAINER_FOLDER, 'main.mjs'), 'server'], {
    env: { ...environment, PORT: String(port) },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const url = `http://127.0.0.1:${port}`
  await ready(child, url)
  return {
    url,
    async terminate() {
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      const [code] = await exited
      return code
    },
    kill: () => child.kill('SIGKILL'),
  }
}

async function ready(child: ChildProcess, url: string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (child.exitCode !== null) throw new Error(`the container ended with ${child.exitCode}`)
    const answer = await fetch(`${url}/readyz`).catch(() => undefined)
    if (answer?.status === 200) return
    await sleep(50)
  }
  throw new Error('the container did not get ready in 10 s')
}
