import pino from 'pino'
import { config } from './config.ts'

let logger: pino.Logger | undefined
const open = (): pino.Logger => {
  logger ??= pino({ level: config().LOG_LEVEL, base: null, serializers: { err: describe } })
  return logger
}

/** The process's log: one JSON object a line. Log ids, codes and counts; never a name, an address or a body. */
export const log = {
  info: (fields: object, message?: string): void => open().info(fields, message),
  warn: (fields: object, message?: string): void => open().warn(fields, message),
  error: (fields: object, message?: string): void => open().error(fields, message),
}

// A database error's detail quotes the row, and a row may hold a name: the message and the place are enough.
function describe(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error }
  const { name, message, stack } = error
  return { type: name, message, stack, ...('code' in error && { code: error.code }) }
}
