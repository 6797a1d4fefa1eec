/**
 * What bookings, flights and money are to be after any steps, without a database: small enough to be believed. Money
 * comes in as the API quoted it; the model knows where it goes.
 */

/** Flights of a world: two on one route, the second a day after the first. */
export type Leg = 0 | 1
export type ModelFlight = { seats: number; sold: number; petSlots: number; petsSold: number }
export type ModelBooking = {
  status: 'held' | 'confirmed' | 'cancelled' | 'expired'
  version: number
  flight: Leg
  seats: number
  pets: number
  total: number
  /** The deadline has passed, whether or not the hold was released. */
  lapsed: boolean
  captured: number
  givenBack: number
  /** A payment whose outcome the system does not know yet, and what it will turn out to be. */
  underWay: { amount: number; outcome: 'captured' | 'lost'; changeTo: Quoted['change'] } | null
}
export type World = { flights: [ModelFlight, ModelFlight]; bookings: ModelBooking[] }

/** What was quoted before a step: of which version, and for how much. */
export type Quoted = {
  /** What a payment offers. */
  amount?: number | undefined
  refund?: { version: number; amount: number } | undefined
  change?: { version: number; to: Leg; pets: number; due: number; total: number } | undefined
}

export type Step =
  | { do: 'hold'; flight: Leg; seats: number; pets: number }
  | { do: 'pay'; booking: number; how: 'cash' | 'card' | 'declined' | 'unseen' | 'lost'; short: boolean }
  | { do: 'cancel'; booking: number; stale: boolean }
  | { do: 'change'; booking: number; to: Leg; pets: number }
  | { do: 'lapse'; booking: number }
  | { do: 'expire'; except?: number }
  | { do: 'reconcile'; only?: number }
  | { do: 'settle-refunds' }

/** Takes a step in the model, which it changes, and says what the API is to answer. */
export function take(world: World, step: Step, quoted: Quoted): string {
  switch (step.do) {
    case 'hold':
      return hold(world, step)
    case 'lapse': {
      const booking = bookingOf(world, step.booking)
      if (booking.status === 'held') booking.lapsed = true
      return 'done'
    }
    case 'expire':
      for (const [at, booking] of world.bookings.entries()) {
        if (booking.status === 'held' && booking.lapsed && at !== step.except)
          close(world, booking, 'expired')
      }
      return 'done'
    case 'reconcile':
      for (const [at, booking] of world.bookings.entries()) {
        if (step.only === undefined || step.only === at) resolve(world, booking)
      }
      return 'done'
    case 'settle-refunds':
      return 'done'
    case 'pay':
      return pay(world, bookingOf(world, step.booking), step, quoted)
    case 'cancel':
      return cancel(world, bookingOf(world, step.booking), step.stale, quoted)
    case 'change':
      return change(world, bookingOf(world, step.booking), step, quoted)
  }
}

function bookingOf(world: World, at: number): ModelBooking {
  const booking = world.bookings[at]
  if (!booking) throw new RangeError(`the world has no booking ${at}`)
  return booking
}

function hold(world: World, { flight: leg, seats, pets }: Step & { do: 'hold' }): string {
  const flight = world.flights[leg]
  if (!fits(flight, seats, pets)) return 'full'
  flight.sold += seats
  flight.petsSold += pets
  const money = { total: 0, captured: 0, givenBack: 0, underWay: null }
  world.bookings.push({ status: 'held', version: 1, flight: leg, seats, pets, lapsed: false, ...money })
  return 'held'
}

const fits = (flight: ModelFlight, seats: number, pets: number): boolean =>
  flight.sold + seats <= flight.seats && flight.petsSold + pets <= flight.petSlots

function pay(world: World, booking: ModelBooking, { how }: Step & { do: 'pay' }, { amount }: Quoted): string {
  if (booking.status === 'expired') return 'hold-expired'
  if (booking.status === 'cancelled') return 'booking-closed'
  if (booking.underWay) return 'payment-under-way'
  if (booking.status === 'confirmed') return 'already-paid'
  if (booking.lapsed) return 'hold-expired'
  if (amount !== booking.total) return 'amount-mismatch'
  if (how === 'declined') return 'declined'
  if (how === 'cash' || how === 'card') {
    capture(world, booking, booking.total, undefined)
    return 'captured'
  }
  const outcome = how === 'unseen' ? 'captured' : 'lost'
  booking.underWay = { amount: booking.total, outcome, changeTo: undefined }
  return 'pending'
}

/** Money that came in confirms what it was for, or goes back. */
function capture(world: World, booking: ModelBooking, amount: number, changeTo: Quoted['change']): void {
  booking.captured += amount
  if (changeTo) {
    if (apply(world, booking, changeTo) !== undefined) booking.givenBack += amount
  } else if (booking.status === 'held' && booking.total === amount) {
    booking.status = 'confirmed'
    booking.version++
  } else booking.givenBack += amount
}

function resolve(world: World, booking: ModelBooking): void {
  const { underWay } = booking
  if (!underWay) return
  booking.underWay = null
  if (underWay.outcome === 'captured') capture(world, booking, underWay.amount, underWay.changeTo)
}

function cancel(world: World, booking: ModelBooking, stale: boolean, { refund }: Quoted): string {
  if (!refund && isClosed(booking)) return 'booking-closed'
  if (stale) return 'version-stale'
  if (isClosed(booking)) return 'booking-closed'
  if (!refund || refund.version !== booking.version) return 'refund-quote-outdated'
  close(world, booking, 'cancelled')
  booking.givenBack += refund.amount
  return 'cancelled'
}

function change(
  world: World,
  booking: ModelBooking,
  step: Step & { do: 'change' },
  { change: wanted }: Quoted,
): string {
  if (!wanted) return isClosed(booking) ? 'booking-closed' : quoteOf(world, booking, step)
  if (wanted.due > 0) {
    if (booking.status === 'expired') return 'hold-expired'
    if (booking.status === 'cancelled') return 'booking-closed'
    if (booking.underWay) return 'payment-under-way'
    if (wanted.version !== booking.version) return 'change-outdated'
    const before = booking.givenBack
    capture(world, booking, wanted.due, wanted)
    return booking.givenBack === before ? 'changed' : 'given-back'
  }
  return apply(world, booking, wanted) ?? 'changed'
}

/** Whether a change is offered: what does not fit is refused when it is quoted. */
function quoteOf(world: World, booking: ModelBooking, { to, pets }: Step & { do: 'change' }): string {
  const moves = booking.flight !== to
  const more = Math.max(pets - booking.pets, 0)
  return fits(world.flights[to], moves ? booking.seats : 0, moves ? booking.pets + more : more)
    ? 'offered'
    : 'full'
}

/** Makes a change, or says why not and leaves all as it was. */
function apply(
  world: World,
  booking: ModelBooking,
  wanted: NonNullable<Quoted['change']>,
): string | undefined {
  if (isClosed(booking)) return 'booking-closed'
  if (wanted.version !== booking.version) return 'change-outdated'
  const [from, to] = [world.flights[booking.flight], world.flights[wanted.to]]
  const moves = from !== to
  const seats = moves ? booking.seats : 0
  const pets = moves ? wanted.pets : wanted.pets - booking.pets
  if (!fits(to, seats, pets)) return 'full'
  from.sold -= booking.seats
  from.petsSold -= booking.pets
  to.sold += booking.seats
  to.petsSold += wanted.pets
  booking.flight = wanted.to
  booking.pets = wanted.pets
  booking.total = wanted.total
  booking.version++
  if (wanted.due < 0) booking.givenBack -= wanted.due
  return undefined
}

function close(world: World, booking: ModelBooking, status: 'cancelled' | 'expired'): void {
  const flight = world.flights[booking.flight]
  flight.sold -= booking.seats
  flight.petsSold -= booking.pets
  booking.status = status
  booking.version++
}

const isClosed = ({ status }: ModelBooking): boolean => status === 'cancelled' || status === 'expired'
