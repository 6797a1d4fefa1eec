import { log } from '#log'
import { periodOf, type Schedule } from '../schedule.ts'

/** Schedules that run in this process. */
export type RunningSchedules = {
  /** Starts no further run; resolves when those under way have ended. */
  stop: () => Promise<void>
}

/**
 * Runs each schedule at its period, first one period from now, until stopped. A run that is still under way when the
 * next is due takes its place; one that fails is logged, and the next comes all the same. Keeps no process alive.
 */
export function runSchedules(schedules: readonly Schedule[]): RunningSchedules {
  const underWay = new Map<Schedule, Promise<void>>()
  const timers = schedules.map((schedule) =>
    setInterval(() => {
      if (underWay.has(schedule)) return
      underWay.set(
        schedule,
        runOnce(schedule).finally(() => underWay.delete(schedule)),
      )
    }, periodOf(schedule.entry)).unref(),
  )
  return {
    async stop() {
      for (const timer of timers) clearInterval(timer)
      await Promise.all(underWay.values())
    },
  }
}

async function runOnce({ entry, run }: Schedule): Promise<void> {
  const started = performance.now()
  try {
    await run()
    log.info({ schedule: entry.entry, ms: Math.round(performance.now() - started) })
  } catch (err) {
    log.error({ schedule: entry.entry, err }, 'schedule failed')
  }
}
