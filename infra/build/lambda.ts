import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type BuildOptions, build, type Metafile } from 'esbuild'
import type { BuiltFunction, Kind } from './functions.ts'

export const REPOSITORY = join(import.meta.dirname, '../..')
/** Where the bundles stand: a folder a function, which is what is uploaded. */
export const LAMBDA_FOLDER = join(REPOSITORY, '.build/lambda')

/** A function's bundle: its folder, bytes of code (the source map apart) and what esbuild put in. */
export type Bundle = BuiltFunction & { folder: string; bytes: number; metafile: Metafile }

const WRAP: Record<Kind, string> = { http: 'lambdaHttp', queue: 'lambdaQueue', schedule: 'lambdaSchedule' }

/** Bundles a function with the Lambda host around it: `index.mjs` exports `handler`, and needs no node_modules. */
export async function bundleFunction(one: BuiltFunction): Promise<Bundle> {
  const wrap = WRAP[one.kind]
  const code = `
    import { ${one.export} } from './functions/${one.entry}.ts'
    import { ${wrap} } from './shared/hosts/lambda/${one.kind}.ts'
    export const handler = ${wrap}(${one.export})`
  return { ...one, ...(await bundle(one.name, code)) }
}

/** An empty Hono function: what every bundle is compared with. */
export const bundleEmpty = (): Promise<{ folder: string; bytes: number; metafile: Metafile }> =>
  bundle(
    'empty-hono',
    `import { Hono } from 'hono'
     import { handle } from 'hono/aws-lambda'
     const app = new Hono()
     app.get('/', (c) => c.json({ ok: true }))
     export const handler = handle(app)`,
  )

async function bundle(name: string, code: string) {
  const folder = join(LAMBDA_FOLDER, name)
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const { metafile } = await build({
    ...OPTIONS,
    stdin: { contents: code, resolveDir: REPOSITORY, sourcefile: `${name}.ts`, loader: 'ts' },
    outfile: join(folder, 'index.mjs'),
  })
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }\n')
  const output = Object.entries(metafile.outputs).find(([file]) => file.endsWith('index.mjs'))
  return { folder, bytes: output?.[1].bytes ?? 0, metafile }
}

const OPTIONS = {
  absWorkingDir: REPOSITORY,
  bundle: true,
  minify: true,
  sourcemap: true,
  metafile: true,
  platform: 'node',
  target: 'node24',
  format: 'esm',
  conditions: ['lambda'],
  legalComments: 'none',
  // CommonJS packages inside an ES module still call require for Node's own modules.
  banner: {
    js: "import{createRequire as r$}from'node:module';const require=r$(import.meta.url);",
  },
  logLevel: 'warning',
} as const satisfies BuildOptions
