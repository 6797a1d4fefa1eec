/** Calendar dates are `YYYY-MM-DD` strings: they compare as text, and no time zone can move them. */
export type IsoDate = string

/** True for a date that the Gregorian calendar has. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const parsed = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(text)
}

/** The local date of an instant in an IANA time zone. */
export const dateIn = (instant: Date, timeZone: string): IsoDate =>
  formatOf(calendars, timeZone, DATE).format(instant)

export function addDays(date: IsoDate, days: number): IsoDate {
  const moved = new Date(`${date}T00:00:00Z`)
  moved.setUTCDate(moved.getUTCDate() + days)
  return moved.toISOString().slice(0, 10)
}

/** Whole days from one date to another; negative when the second is earlier. */
export const daysBetween = (from: IsoDate, to: IsoDate): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000)

/** Age in whole years on a date. Who was born on 29 February is a year older on 1 March of a common year. */
export function ageOn(birthDate: IsoDate, date: IsoDate): number {
  const years = Number(date.slice(0, 4)) - Number(birthDate.slice(0, 4))
  return date.slice(5) < birthDate.slice(5) ? years - 1 : years
}

/** An instant as RFC 3339 with the offset that an IANA zone has then: 2026-12-10T08:15:00-05:00. */
export function instantIn(instant: Date, timeZone: string): string {
  const parts = formatOf(clocks, timeZone, DATE_AND_TIME).formatToParts(instant)
  const part = (type: Intl.DateTimeFormatPartTypes): string =>
    parts.find((one) => one.type === type)?.value ?? ''
  const offset = part('timeZoneName').slice('GMT'.length) || '+00:00'
  const date = `${part('year')}-${part('month')}-${part('day')}`
  return `${date}T${part('hour')}:${part('minute')}:${part('second')}${offset}`
}

const DATE: Intl.DateTimeFormatOptions = { year: 'numeric', month: '2-digit', day: '2-digit' }
const DATE_AND_TIME: Intl.DateTimeFormatOptions = {
  ...DATE,
  hourCycle: 'h23',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  timeZoneName: 'longOffset',
}
const calendars = new Map<string, Intl.DateTimeFormat>()
const clocks = new Map<string, Intl.DateTimeFormat>()

// Making a format takes a hundred times as long as using it.
function formatOf(
  known: Map<string, Intl.DateTimeFormat>,
  timeZone: string,
  options: Intl.DateTimeFormatOptions,
): Intl.DateTimeFormat {
  const made = known.get(timeZone) ?? new Intl.DateTimeFormat('en-CA', { ...options, timeZone })
  known.set(timeZone, made)
  return made
}
