import process from 'node:process'

export const region = process.env.REGION
