const host = process

export const region = host.env.REGION
