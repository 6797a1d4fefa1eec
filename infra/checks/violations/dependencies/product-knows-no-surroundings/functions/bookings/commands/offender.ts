import { start } from '../../../infra/local/start.ts'

export const create = start
