export const region = globalThis.process.env.REGION
