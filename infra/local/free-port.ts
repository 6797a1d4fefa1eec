import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * The port on 127.0.0.1 when nobody holds it, or any free one for 0. Asked before a start's slow steps.
 * @throws Error that names the port and the way out
 */
export async function freePort(wished: number): Promise<number> {
  const probe = createServer()
  try {
    probe.listen({ port: wished, host: '127.0.0.1', exclusive: true })
    await once(probe, 'listening')
  } catch (cause) {
    throw explained(wished, cause as NodeJS.ErrnoException)
  }
  const { port } = probe.address() as { port: number }
  probe.close()
  await once(probe, 'close')
  return port
}

function explained(port: number, cause: NodeJS.ErrnoException): Error {
  const other = port === 3000 ? 3001 : 3000
  const reason = {
    EADDRINUSE: `Port ${port} is taken by another program, or by this one started twice.`,
    EACCES: `Port ${port} may not be opened by this user: ports below 1024 often belong to root.`,
  }[cause.code ?? '']
  return new Error(
    `${reason ?? `Port ${port} cannot be opened: ${cause.message}.`} Take another one: PORT=${other} npm start`,
    { cause },
  )
}
