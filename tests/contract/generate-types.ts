/** Makes an openapi.d.ts of the openapi.json in each folder that it is given. */
import { readFileSync, writeFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { join } from 'node:path'

// The generator prints with the JavaScript API of TypeScript 5; 7 has none.
registerHooks({
  resolve: (name, context, next) => next(name === 'typescript' ? 'typescript5' : name, context),
})
const { default: openapiTypes, astToString } = await import('openapi-typescript')

for (const folder of process.argv.slice(2)) {
  const document = JSON.parse(readFileSync(join(folder, 'openapi.json'), 'utf8'))
  // What has a default may be left out of a request; answers list it as required.
  const types = await openapiTypes(document, { defaultNonNullable: false, silent: true })
  writeFileSync(join(folder, 'openapi.d.ts'), astToString(types))
}
