import * as z from 'zod/mini'

/**
 * Opaque cursors of keyset pages: where the page before ended. What a client sends back is checked like any input.
 */
export const encodeCursor = (position: unknown): string =>
  Buffer.from(JSON.stringify(position)).toString('base64url')

/** A query parameter that holds a cursor of this shape. */
export const Cursor = <Position extends z.ZodMiniType>(position: Position) =>
  z.pipe(
    z.string().check(z.maxLength(500), z.regex(/^[\w-]*$/, NOT_OURS)),
    z.pipe(
      z.transform((text: string, context): unknown => {
        try {
          return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'))
        } catch {
          context.issues.push({ code: 'custom', message: NOT_OURS, input: text })
          return z.NEVER
        }
      }),
      position,
    ),
  )

const NOT_OURS = 'must be a cursor that an earlier page gave'

/** RFC 8288 link to the next page: the same request with the cursor. */
export function nextLink(url: URL, parameter: string, cursor: string): string {
  const next = new URL(url)
  next.searchParams.set(parameter, cursor)
  return `<${next.pathname}${next.search}>; rel="next"`
}
