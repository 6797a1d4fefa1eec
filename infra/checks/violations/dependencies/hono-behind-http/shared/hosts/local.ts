import { serve } from '@hono/node-server'

export const start = serve
