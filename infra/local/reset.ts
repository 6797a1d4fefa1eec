// npm run reset: removes the embedded database and the keys that `npm start` made, so that the next start is a first one.
import { existsSync } from 'node:fs'
import { readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { EmbeddedPostgresError } from './embedded-postgres-error.ts'
import { LOCAL_FOLDER } from './kept-file.ts'
import { assertNotInUse } from './postgres-folder.ts'

/** Exact names, and what a start that was killed leaves beside them. The tests' database is not among them. */
const MADE_BY_START = /^(?:postgres|postgres-initdb-\d+|(?:issuer\.json|lookup-key|document-keys)(?:\.\d+)?)$/

/**
 * Removes what `npm start` made in the folder.
 * @returns the names removed
 * @throws Error when the database in it is running
 */
export async function reset(folder = LOCAL_FOLDER): Promise<string[]> {
  await refuseWhileRunning(join(folder, 'postgres'))
  const names = existsSync(folder) ? await readdir(folder) : []
  const made = names.filter((name) => MADE_BY_START.test(name))
  for (const name of made) await rm(join(folder, name), { recursive: true, force: true })
  return made
}

async function refuseWhileRunning(folder: string): Promise<void> {
  try {
    await assertNotInUse(folder)
  } catch (error) {
    if (!(error instanceof EmbeddedPostgresError && error.problem === 'in use')) throw error
    throw new Error(
      'The system is running, and its database cannot be removed under it. Stop it with Ctrl-C where npm start runs, then run this again.',
      { cause: error },
    )
  }
}

if (import.meta.main) {
  try {
    const removed = await reset()
    console.log(
      removed.length === 0
        ? 'There is nothing to remove: the system was never started here.'
        : `Removed ${removed.map((name) => `.local/${name}`).join(', ')}. The next npm start begins anew.`,
    )
  } catch (error) {
    console.error((error as Error).message)
    process.exit(1)
  }
}
