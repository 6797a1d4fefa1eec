export { sweep } from '../schedules/sweep.ts'
