/** How values go to PostgreSQL and come back, where postgres.js alone would do it otherwise. Numbers are those of pg_type. */

function safeInteger(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is more than a safe integer holds`)
  return value
}
const same = (value: string): string => value

/** An array as PostgreSQL reads it (manual, 8.15.6): every element in quotes. */
const writeArray = (elements: readonly unknown[]): string =>
  `{${elements
    .map((element) => (element === null ? 'NULL' : `"${String(element).replace(/["\\]/g, '\\$&')}"`))
    .join(',')}}`

// An element in quotes, with what was escaped, or one without; a dimension more has a brace there.
const ELEMENT = /[{,](?:"((?:[^"\\]|\\.)*)"|([^"{},]+))/gsy

/** The elements of an array of one dimension, as PostgreSQL writes it. */
function readArray<T>(text: string, read: (element: string) => T): (T | null)[] {
  if (text === '{}') return []
  const elements = text.matchAll(ELEMENT).toArray()
  if (elements.reduce((length, [whole]) => length + whole.length, 1) !== text.length) {
    throw new TypeError(`an array of one dimension cannot be read from ${text.slice(0, 60)}`)
  }
  return elements.map(([, quoted, bare]) => {
    if (bare !== undefined) return bare === 'NULL' ? null : read(bare)
    return read((quoted ?? '').replace(/\\(.)/gs, '$1'))
  })
}

const arrayOf = <T>(number: number, read: (element: string) => T) => ({
  to: number,
  from: [number],
  serialize: writeArray,
  parse: (text: string) => readArray(text, read),
})

export const TYPES = {
  // A count or an amount beyond 2^53 is a fault, not a rounding.
  bigint: { to: 20, from: [20], serialize: (value: number) => String(value), parse: safeInteger },
  date: { to: 1082, from: [1082], serialize: same, parse: same },
  // Of arrays postgres.js knows what it asks each new connection for: a round trip and 600 rows before the first
  // statement, 5 to 8 ms of a cold start. So those that statements use are named here.
  smallints: arrayOf(1005, Number),
  integers: arrayOf(1007, Number),
  bigints: arrayOf(1016, safeInteger),
  texts: arrayOf(1009, same),
  dates: arrayOf(1182, same),
  uuids: arrayOf(2951, same),
}
