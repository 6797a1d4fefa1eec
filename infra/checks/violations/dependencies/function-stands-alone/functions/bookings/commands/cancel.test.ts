import { find } from '../queries/find.ts'
import { cancel } from './cancel.ts'

export const both = [cancel, find]
