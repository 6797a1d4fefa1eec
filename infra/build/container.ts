import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { build } from 'esbuild'
import { functionsToBuild } from './functions.ts'
import { REPOSITORY } from './lambda.ts'

/** Where the container's code stands; `node main.mjs <role>` runs it. */
export const CONTAINER_FOLDER = join(REPOSITORY, '.build/container')

/** Bundles the container host with every function of the catalog: split, so that the pool and the writer are one a process. */
export async function buildContainer(): Promise<void> {
  const loaders = (kind: string) =>
    functionsToBuild()
      .filter((one) => one.export === kind)
      .map(({ name, entry }) => `${name}: () => import('./functions/${entry}.ts').then((m) => m.${kind}),`)
      .join('\n')
  const code = `
    import { runContainer } from './shared/hosts/container.ts'
    await runContainer(process.argv.slice(2), {
      routes: { ${loaders('route')} },
      workers: { ${loaders('worker')} },
      schedules: { ${loaders('schedule')} },
    })`
  await rm(CONTAINER_FOLDER, { recursive: true, force: true })
  await build({
    absWorkingDir: REPOSITORY,
    stdin: { contents: code, resolveDir: REPOSITORY, sourcefile: 'main.ts', loader: 'ts' },
    outdir: CONTAINER_FOLDER,
    entryNames: 'main',
    chunkNames: 'chunks/[name]-[hash]',
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    minify: true,
    sourcemap: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    legalComments: 'none',
    banner: { js: "import{createRequire as r$}from'node:module';const require=r$(import.meta.url);" },
    logLevel: 'warning',
  })
  await writeFile(join(CONTAINER_FOLDER, 'package.json'), '{ "type": "module" }\n')
}
