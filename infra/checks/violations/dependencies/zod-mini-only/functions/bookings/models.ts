import { en } from 'zod/locales'
import * as z from 'zod/mini'

export const schema = z.config(en())
