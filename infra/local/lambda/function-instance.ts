import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'

type Message = { ready: true } | { result: string } | { error: { errorType: string; errorMessage: string } }

/** A process that holds one function's bundle and takes one event at a time. */
export class FunctionInstance {
  readonly #process: ChildProcess
  #busy = false

  /** @param folder the bundle; @param environment all that the process sees of the environment */
  constructor(folder: string, environment: Record<string, string>) {
    this.#process = fork(join(import.meta.dirname, 'instance.mjs'), {
      cwd: folder,
      env: environment,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      execArgv: ['--enable-source-maps'],
    })
  }

  get busy(): boolean {
    return this.#busy
  }

  /**
   * Invokes the handler with an event that has passed through JSON.
   * @throws Error when the handler throws or the process ends
   */
  async invoke(event: unknown): Promise<unknown> {
    this.#busy = true
    try {
      const answer = this.#nextAnswer()
      this.#process.send({ event: JSON.parse(JSON.stringify(event)), requestId: crypto.randomUUID() })
      const message = await answer
      if ('error' in message) throw new Error(`${message.error.errorType}: ${message.error.errorMessage}`)
      return JSON.parse(message.result)
    } finally {
      this.#busy = false
    }
  }

  async #nextAnswer(): Promise<Exclude<Message, { ready: true }>> {
    const ended = new AbortController()
    const exit = once(this.#process, 'exit', { signal: ended.signal }).then(([code]) => {
      throw new Error(`the function's process ended with ${code}`)
    })
    exit.catch(() => {})
    try {
      for (;;) {
        const [message] = (await Promise.race([
          once(this.#process, 'message', { signal: ended.signal }),
          exit,
        ])) as [Message]
        if (!('ready' in message)) return message
      }
    } finally {
      ended.abort()
    }
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return
    const exited = once(this.#process, 'exit')
    this.#process.kill('SIGKILL')
    await exited
  }
}
