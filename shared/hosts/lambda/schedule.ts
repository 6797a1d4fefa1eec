import type { Schedule } from '../../schedule.ts'

/** A scheduled function as the handler of a Lambda function that EventBridge Scheduler calls. A failure is thrown, so that it is tried again. */
export const lambdaSchedule =
  ({ run }: Schedule): (() => Promise<void>) =>
  () =>
    run()
