export type Queue = string
