import { Presets, SingleBar } from 'cli-progress'

/** Tells how far a step is. */
export type Report = (progress: { done: number; total: number }) => void

/**
 * Runs one step of a start and shows it: on a terminal its name, and a bar once it reports; anywhere one line with its
 * seconds when it ends.
 */
export async function step<T>(label: string, work: (report: Report) => Promise<T>): Promise<T> {
  const started = performance.now()
  const onTerminal = process.stdout.isTTY
  let bar: SingleBar | undefined
  const report: Report = ({ done, total }) => {
    if (bar) bar.update(done)
    else if (onTerminal) {
      bar = newBar(label)
      bar.start(total, done)
    }
  }
  if (onTerminal) process.stdout.write(`  ${label} …`)
  try {
    const result = await work(report)
    bar?.stop()
    console.log(
      `${onTerminal ? CLEAR_LINE : ''}  ${label} (${((performance.now() - started) / 1000).toFixed(1)} s)`,
    )
    return result
  } catch (error) {
    bar?.stop()
    if (onTerminal) process.stdout.write(CLEAR_LINE)
    throw error
  }
}

const CLEAR_LINE = '\r\x1b[K'

// Ctrl-C ends the bar and gives the cursor back (its option gracefulExit); it is not begun a second time.
const newBar = (label: string): SingleBar =>
  new SingleBar(
    {
      format: `  ${label} {bar} {percentage} %`,
      stream: process.stdout,
      clearOnComplete: true,
      hideCursor: true,
      gracefulExit: true,
    },
    Presets.shades_classic,
  )
