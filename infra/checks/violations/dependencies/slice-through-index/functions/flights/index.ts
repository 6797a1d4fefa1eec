export { rate as taxes } from './tax.ts'
