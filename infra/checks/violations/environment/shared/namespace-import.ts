import * as host from 'node:process'

export const region = host.env.REGION
