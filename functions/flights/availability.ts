/** A cabin's inventory as stored: classes dearest first, each limit shared with all cheaper classes. */
export type CabinInventory = {
  cabin: 'Y' | 'C'
  authorised: number
  sold: number
  classes: readonly string[]
  limits: readonly number[]
  classSold: readonly number[]
  salesOpen: boolean
}

/** What a booking class may still sell. */
export type ClassAvailability = { bookingClass: string; left: number; closed: boolean }

/**
 * Seats left in each class of a cabin. A class sells while it and every dearer one stay within their nested limits,
 * and the cabin within its authorised capacity: the rule of flights.cabin_refusal, seen from outside.
 */
export function classAvailability(inventory: CabinInventory): ClassAvailability[] {
  const { authorised, sold, classes, limits, classSold, salesOpen } = inventory
  const soldFrom = classes.map((_, from) => classSold.slice(from).reduce((total, seats) => total + seats, 0))
  let nested = authorised - sold
  return classes.map((bookingClass, at) => {
    nested = Math.min(nested, (limits[at] ?? 0) - (soldFrom[at] ?? 0))
    const closed = !salesOpen || limits[at] === 0
    return { bookingClass, closed, left: closed ? 0 : Math.max(nested, 0) }
  })
}
