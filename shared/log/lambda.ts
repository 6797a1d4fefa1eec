import { config } from '../config.ts'
import { describeError } from './describe-error.ts'
import type { Log } from './port.ts'

const LEVELS = { trace: 10, debug: 20, info: 30, warn: 40, error: 50, fatal: 60, silent: 100 } as const

/**
 * The log on Lambda, where a line on standard output is a log event: pino's fields without pino, whose streams and
 * worker threads have no use there and would be a third of a bundle.
 */
export const log: Log = {
  info: (fields, message) => write('info', fields, message),
  warn: (fields, message) => write('warn', fields, message),
  error: (fields, message) => write('error', fields, message),
}

function write(level: 'info' | 'warn' | 'error', fields: object, msg?: string): void {
  if (LEVELS[level] < LEVELS[config().LOG_LEVEL]) return
  const err = 'err' in fields && { err: describeError(fields.err) }
  console.log(
    JSON.stringify({ level: LEVELS[level], time: Date.now(), ...fields, ...err, ...(msg && { msg }) }),
  )
}
