/** One JSON object a line. Log ids, codes and counts; never a name, an address or a body. `err` is described. */
export type Log = {
  info: (fields: object, message?: string) => void
  warn: (fields: object, message?: string) => void
  error: (fields: object, message?: string) => void
}
