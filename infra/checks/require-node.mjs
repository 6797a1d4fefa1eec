// Run first by every npm script. Plain JavaScript: the Node that must be told so cannot read TypeScript.
import { realpathSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const needed = 24

/**
 * What is wrong with a Node version and the way out, or undefined when it serves.
 * @param {string} version as in process.versions.node: "24.21.0"
 * @param {string} platform as "linux-x64"
 */
export function nodeComplaint(version, platform) {
  if (Number(version.split('.')[0]) >= needed) return undefined
  return `\
Node ${version} was found, and this project needs Node ${needed} or later.
npm scripts bring their own Node ${needed}, in an optional package for the platform (here ${platform}).
It is missing, or a script was started without npm. Any one of these helps:
  - run it through npm: npm start, npm test, npm run …
  - run npm install again, without --omit=optional or --no-optional
  - install Node ${needed} from https://nodejs.org and put it first on the PATH`
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const complaint = nodeComplaint(process.versions.node, `${process.platform}-${process.arch}`)
  if (complaint) {
    console.error(complaint)
    process.exit(1)
  }
}
