import { getRuntimeKey } from 'hono/adapter'

export const key = getRuntimeKey
