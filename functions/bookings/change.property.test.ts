import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { runTrip, trip } from '../../tests/support/changing-trips.ts'
import type { PriceLine } from '../flights/index.ts'
import type { ComposedChange, PresentBooking, Today, WantedChange } from './change-models.ts'

const total = (lines: readonly PriceLine[]) => lines.reduce((all, { amount }) => all + BigInt(amount), 0n)

/** What must be true of every change that is composed. */
function check(
  present: PresentBooking,
  wanted: WantedChange,
  { refundableTaxes }: Today,
  change: ComposedChange,
): void {
  const { price, difference, due } = change
  for (const line of [...price.lines, ...price.counter, ...difference])
    expect(Number.isSafeInteger(line.amount)).toBe(true)
  expect(BigInt(price.total)).toBe(total(price.lines))
  expect(total(difference)).toBe(BigInt(price.total - present.total))
  expect(due).toBe(present.status === 'confirmed' ? price.total - present.total : 0)

  // What nobody touched is as it was sold, but for the number of its flight.
  const touched = new Set(
    present.segments
      .filter(({ direction }) => {
        const own = present.segments
          .filter((one) => one.direction === direction)
          .map(({ flightId }) => flightId)
        return JSON.stringify(own) !== JSON.stringify(wanted.directions?.[direction - 1]?.flights)
      })
      .map(({ direction }) => direction),
  )
  const isUntouched = (segments: PresentBooking['segments']) => (line: PriceLine) =>
    ['fare', 'discount', 'tax', 'pet-fee'].includes(line.kind) &&
    !touched.has(segments.find(({ number }) => number === line.segment)?.direction ?? 0) &&
    !(
      line.passenger !== null &&
      (wanted.removePassengers?.includes(line.passenger) || line.passenger > present.lastPassenger)
    ) &&
    !(line.pet !== null && (wanted.removePets?.includes(line.pet) || line.pet > present.lastPet))
  const bare = (segments: PresentBooking['segments'], lines: PriceLine[]) =>
    lines
      .filter(isUntouched(segments))
      .map((line) => ({ ...line, segment: segments.find(({ number }) => number === line.segment)?.flightId }))
  expect(bare(change.segments, price.lines)).toEqual(bare(present.segments, present.lines))

  // A paid booking gives back no more than may return, and fees of before stay.
  const stuck = (line: PriceLine) => {
    const fare = line.kind === 'fare' || line.kind === 'discount'
    if (fare)
      return present.segments.find(({ number }) => number === line.segment)?.conditions.refundable === false
    return line.kind === 'fee' || (line.kind === 'tax' && !refundableTaxes.has(line.rule))
  }
  if (present.status === 'confirmed') {
    expect(price.total).toBeGreaterThanOrEqual(Number(total(present.lines.filter(stuck))))
    const fees = (lines: PriceLine[]) =>
      lines.filter(({ kind }) => kind === 'fee').map(({ amount }) => amount)
    expect(fees(price.lines).slice(0, fees(present.lines).length)).toEqual(fees(present.lines))
  } else expect(price.lines.filter(({ kind }) => kind === 'fee')).toEqual([])

  // Everybody who stays is on every flight, and nobody else; infants have an adult each.
  const numbers = change.people.map(({ number }) => number)
  expect(numbers).toEqual([
    ...present.people
      .map(({ number }) => number)
      .filter((number) => !wanted.removePassengers?.includes(number)),
    ...(wanted.addPassengers ?? []).map((_, at) => present.lastPassenger + at + 1),
  ])
  expect(price.coupons.map(({ segment, passenger }) => [segment, passenger])).toEqual(
    change.segments.flatMap(({ number }) => numbers.map((passenger) => [number, passenger])),
  )
  for (const [at, { seats, infants }] of change.needs.entries()) {
    expect(seats + infants).toBe(numbers.length)
    expect(change.event.flights[at]).toMatchObject({ seats, infants })
  }
  const laps = change.people.filter(({ type }) => type === 'INF').map(({ accompaniedBy }) => accompaniedBy)
  expect(laps).not.toContain(null)
  expect(new Set(laps).size).toBe(laps.length)
  const places = change.seats.map(({ segment, seat }) => `${segment} ${seat}`)
  expect(new Set(places).size).toBe(places.length)
}

describe('a chain of changes', () => {
  test('keeps sums, what is untouched, what may not return, numbers and infants’ adults', () => {
    fc.assert(
      fc.property(trip, (one) =>
        runTrip(one, (outcome, wanted, present, today) => {
          if (outcome.type === 'composed') check(present, wanted, today, outcome.change)
        }),
      ),
      { numRuns: 600 },
    )
  })

  test('is tried with each case that matters', () => {
    const seen = new Map<string, number>()
    const note = (name: string, is: unknown) => is && seen.set(name, (seen.get(name) ?? 0) + 1)
    for (const one of fc.sample(trip, { numRuns: 600, seed: 7 })) {
      runTrip(one, (outcome, wanted, present) => {
        note(outcome.type === 'composed' ? 'composed' : outcome.code, true)
        if (outcome.type !== 'composed') return
        const { difference, due, segments, seats } = outcome.change
        for (const kind of ['CHG', 'RES', 'SEAT'])
          note(
            kind,
            difference.some(({ code }) => code === kind),
          )
        note('gives back', due < 0)
        note('pays', due > 0)
        note('renumbers', segments.length !== present.segments.length)
        note('leaves a direction', wanted.directions?.[0]?.flights[0] === present.segments[0]?.flightId)
        note('seats kept', seats.length > 1)
        note('joins and goes', wanted.addPassengers && wanted.removePassengers)
      })
    }
    const names = [
      ...[
        'composed',
        'fare-not-changeable',
        'infant-without-adult',
        'too-many-infants',
        'lap-infant-seat',
        'class-closed',
      ],
      ...[
        'seat-taken',
        'exit-row-unfit',
        'CHG',
        'RES',
        'SEAT',
        'gives back',
        'pays',
        'renumbers',
        'leaves a direction',
      ],
      ...['seats kept', 'joins and goes'],
    ]
    expect(
      names.filter((name) => (seen.get(name) ?? 0) < 2),
      JSON.stringify([...seen]),
    ).toEqual([])
  })
})
