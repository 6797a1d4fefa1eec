import type { Metafile } from 'esbuild'

/** The packages through which a function opens a connection, and the name that the catalog has for what is behind. */
const CLIENTS: Record<string, string> = {
  postgres: 'postgres',
  stripe: 'stripe',
}

/** What a bundle can reach, by the client packages that esbuild put into it. */
export function reachedBy({ outputs }: Metafile): string[] {
  const inputs = Object.values(outputs).flatMap((output) =>
    Object.entries(output.inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0),
  )
  const packages = inputs.flatMap(([file]) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? [])
  return [...new Set(packages.flatMap((name) => CLIENTS[name] ?? []))]
}
