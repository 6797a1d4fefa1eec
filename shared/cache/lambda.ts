import { memoryCache } from './memory.ts'
import type { Cache } from './port.ts'

const current = memoryCache()

/** An instance's own memory: each counts for itself, behind the throttling of the gateway. */
export const cache = (): Cache => current
export const closeCache = (): Promise<void> => current.close()
