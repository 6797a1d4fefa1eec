export type Mail = string
