/** A scheduled function's line in the catalog. */
export type ScheduleEntry = {
  entry: string
  /** How often it runs: a number of minutes. */
  every: `${number} minutes`
  summary: string
  reaches: readonly string[]
}

/** A function that a clock calls. It knows no host, and bears being run twice or from several places at once. */
export type Schedule = { kind: 'schedule'; entry: ScheduleEntry; run: () => Promise<void> }

/** Defines a scheduled function. */
export const scheduled = (entry: ScheduleEntry, run: () => Promise<void>): Schedule => ({
  kind: 'schedule',
  entry,
  run,
})

/** The time between two runs, in milliseconds. */
export const periodOf = ({ every }: ScheduleEntry): number => Number.parseInt(every, 10) * 60_000
