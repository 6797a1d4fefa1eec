const { env } = process

export const region = env.REGION
