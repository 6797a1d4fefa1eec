export { find } from './queries/find.ts'
