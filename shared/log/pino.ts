import pino from 'pino'
import { config } from '../config.ts'
import { describeError } from './describe-error.ts'
import type { Log } from './port.ts'

let logger: pino.Logger | undefined
const open = (): pino.Logger => {
  logger ??= pino({ level: config().LOG_LEVEL, base: null, serializers: { err: describeError } })
  return logger
}

/** The log of the long-running hosts. */
export const log: Log = {
  info: (fields, message) => open().info(fields, message),
  warn: (fields, message) => open().warn(fields, message),
  error: (fields, message) => open().error(fields, message),
}
