import { mkdir, readFile, rename, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** Where the embedded default keeps what it made: its database and its keys. */
export const LOCAL_FOLDER = join(import.meta.dirname, '../../.local')

/** The text of a file, or undefined when there is none. */
export async function readKept(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw new Error(`${path} cannot be read: ${(error as Error).message}. Start as the user who made it.`, {
      cause: error,
    })
  }
}

/** The text of a file that only its owner may read, made and kept on first use. Whole or not there, never in part. */
export async function keep(path: string, make: () => Promise<string>): Promise<string> {
  const kept = await readKept(path)
  if (kept !== undefined) return kept
  const text = await make()
  await mkdir(dirname(path), { recursive: true })
  const staging = `${path}.${process.pid}`
  await writeFile(staging, text, { mode: 0o600 })
  await rename(staging, path)
  return text
}
