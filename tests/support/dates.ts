import { addDays, dateIn, type IsoDate } from '../../shared/dates.ts'

/** Today in the time zone of the sample airline. */
export const today = (): IsoDate => dateIn(new Date(), 'America/Bogota')

/** The next day on which New York's clocks skip the hour from 02:00 to 03:00: at most 372 days from now. */
export function nextSpringForward(): IsoDate {
  const offsetOn = (date: IsoDate) =>
    new Intl.DateTimeFormat('en', { timeZone: 'America/New_York', timeZoneName: 'longOffset' })
      .formatToParts(new Date(`${date}T17:00:00Z`))
      .find(({ type }) => type === 'timeZoneName')?.value
  let date = addDays(today(), 4)
  while (!(offsetOn(addDays(date, -1)) === 'GMT-05:00' && offsetOn(date) === 'GMT-04:00'))
    date = addDays(date, 1)
  return date
}
