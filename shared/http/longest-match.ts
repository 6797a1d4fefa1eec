/**
 * How many characters a string may have at most that a pattern matches from its start to its end. It reads what
 * patterns of schemas are made of: classes, groups, alternatives, quantifiers, look-arounds and back references.
 * @param pattern the source of a regular expression with the `u` flag, anchored at both ends
 * @returns undefined when there is no end to it, or the pattern is not anchored
 */
export function longestMatch(pattern: string): number | undefined {
  if (!/^\^(.*[^\\])?\$$/s.test(pattern)) return undefined
  const reader = { rest: pattern.slice(1, -1), groups: [] as number[] }
  const longest = alternatives(reader)
  // An anchor holds for the first or the last alternative alone; a bracket that was never opened ends the reading.
  return Number.isFinite(longest.length) && longest.count === 1 && reader.rest === ''
    ? longest.length
    : undefined
}

type Reader = { rest: string; groups: number[] }

/** Reads up to the end of the group that it stands in. */
function alternatives(reader: Reader): { length: number; count: number } {
  const lengths = [0]
  while (reader.rest !== '' && !reader.rest.startsWith(')')) {
    if (take(reader, /^\|/)) lengths.unshift(0)
    else lengths[0] = (lengths[0] ?? 0) + quantified(reader)
  }
  return { length: Math.max(...lengths), count: lengths.length }
}

function quantified(reader: Reader): number {
  const length = atom(reader)
  const [quantifier, least, open, most] = take(reader, /^(?:[?*+]|\{(\d+)(,)?(\d+)?\})\??/) ?? []
  if (quantifier === undefined || quantifier.startsWith('?')) return length
  const times = least === undefined || (open && most === undefined) ? Infinity : Number(most ?? least)
  // Nothing, however often, is nothing.
  return length === 0 ? 0 : length * times
}

function atom(reader: Reader): number {
  const back = take(reader, /^\\([1-9])/)
  if (back) return reader.groups[Number(back[1]) - 1] ?? Infinity
  if (take(reader, /^(?:\\[bB]|[\^$])/)) return 0
  const group = take(reader, /^\((\?(?::|<?[!=]|<\w+>))?/)
  if (!group) {
    take(
      reader,
      /^(?:\\[pP]\{[^}]*\}|\\u\{[^}]*\}|\\u[\da-f]{4}|\\x[\da-f]{2}|\\.|\[(?:\\.|[^\]\\])*\]|.)/isu,
    )
    return 1
  }
  const kind = group[1] ?? ''
  const captures = kind === '' || /^\?<\w/.test(kind)
  // Groups are numbered as they open.
  const at = captures ? reader.groups.push(Infinity) - 1 : -1
  const { length } = alternatives(reader)
  take(reader, /^\)/)
  if (captures) reader.groups[at] = length
  return captures || kind === '?:' ? length : 0
}

function take(reader: Reader, token: RegExp): RegExpExecArray | null {
  const found = token.exec(reader.rest)
  if (found) reader.rest = reader.rest.slice(found[0].length)
  return found
}
