import { en } from 'zod/locales'
import * as z from 'zod/mini'
import { type Fault, problem, Refusal } from './problem.ts'
import { HTTP_PROBLEMS } from './problems.ts'

// zod/mini carries no messages of its own; without these every fault would read "Invalid input".
z.config(en())

type Place = 'body' | 'query' | 'path'

/**
 * Parses what a client sent, or refuses with every fault by its place. The output has its members in the schema's
 * order, so its JSON is a canonical form of the request.
 */
export function parse<Schema extends z.ZodMiniType>(
  schema: Schema,
  value: unknown,
  place: Place,
): z.output<Schema> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const errors = parsed.error.issues.flatMap((issue) => faultsOf(issue, place))
  throw new Refusal(problem(HTTP_PROBLEMS['invalid-request'], { errors }))
}

function faultsOf(issue: z.core.$ZodIssue, place: Place): Fault[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      ...whereIs([...issue.path, key], place),
      detail: 'is not a known field',
    }))
  }
  return [{ ...whereIs(issue.path, place), detail: issue.message }]
}

function whereIs(
  path: readonly PropertyKey[],
  place: Place,
): Fault | { pointer: string } | { parameter: string } {
  if (place !== 'body') return { parameter: String(path[0] ?? '') }
  const escaped = path.map((step) => String(step).replaceAll('~', '~0').replaceAll('/', '~1'))
  return { pointer: escaped.map((step) => `/${step}`).join('') }
}
