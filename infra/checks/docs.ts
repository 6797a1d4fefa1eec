import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Documents that are read as the repository's word: what they point at must be there. */
const DOCUMENTS = '{*.md,docs/**/*.md,functions/*/README.md}'

const FOLDER = /^(?:functions|stacks|shared|infra|tests|bench|docs|\.ci|\.github)\//
const ROOT_FILE =
  /^(?:README\.md|CONTRIBUTING\.md|CHANGELOG\.md|LICENSE|[a-z.-]+\.config\.ts|(?:package|tsconfig|biome|knip)\.jsonc?)$/

export const documents = (root: string): string[] =>
  globSync(DOCUMENTS, { cwd: root })
    .map((file) => file.replaceAll('\\', '/'))
    .sort()

/**
 * Repository paths written in code, in a span or in a fenced block: `infra/local/start.ts`. A placeholder or a
 * wildcard (`functions/<slice>/index.ts`, `docs/adr/*.md`) stands for at least one file.
 */
export function pathsInCode(markdown: string): string[] {
  const fenced = [...markdown.matchAll(/^```[^\n]*\n(.*?)^```/gms)].map((match) => match[1] ?? '')
  const spans = [...markdown.replace(/^```.*?^```/gms, '').matchAll(/`([^`\n]+)`/g)].map(
    (match) => match[1] ?? '',
  )
  return [...fenced, ...spans]
    .flatMap((code) => code.split(/\s+/))
    .map((word) => word.replace(/[#:].*$|[,;.)]+$/g, ''))
    .filter((word) => FOLDER.test(word) || ROOT_FILE.test(word))
}

/** Targets of relative links and images, without their #fragment. */
export function relativeLinks(markdown: string): string[] {
  const prose = markdown.replace(/^```.*?^```/gms, '').replace(/`[^`\n]+`/g, '')
  return [...prose.matchAll(/\]\(([^)\s]+)[^)]*\)|^\[[^\]]+\]:\s*(\S+)/gm)]
    .map((match) => (match[1] ?? match[2] ?? '').replace(/#.*$/, ''))
    .filter((target) => target !== '' && !/^[a-z]+:/i.test(target))
}

/** `document: path` for everything that a document points at and that is not there. */
export function deadReferences(root: string, document: string): string[] {
  const markdown = readFileSync(join(root, document), 'utf8')
  const dead = [
    ...pathsInCode(markdown).filter((path) => !isThere(root, path)),
    ...relativeLinks(markdown).filter(
      (target) => !existsSync(join(root, dirname(document), decodeURI(target))),
    ),
  ]
  return [...new Set(dead)].map((path) => `${document}: ${path}`)
}

function isThere(root: string, path: string): boolean {
  const pattern = path.replace(/<[^>]+>/g, '*')
  return /[*{]/.test(pattern) ? globSync(pattern, { cwd: root }).length > 0 : existsSync(join(root, path))
}
