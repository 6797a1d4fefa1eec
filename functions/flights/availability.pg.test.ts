import fc from 'fast-check'
import { expect, it } from 'vitest'
import { database } from '../../shared/postgres/client.ts'
import { useDatabase } from '../../tests/support/database.ts'
import { type CabinInventory, classAvailability } from './availability.ts'

useDatabase()

const CLASSES = ['Y', 'B', 'M', 'Q', 'L']

/** An inventory as sales and staff may leave it: limits that nest, and perhaps fewer than were sold. */
const inventories = fc
  .record({
    authorised: fc.integer({ min: 0, max: 40 }),
    limits: fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 5, maxLength: 5 }),
    classSold: fc.array(fc.integer({ min: 0, max: 8 }), { minLength: 5, maxLength: 5 }),
    salesOpen: fc.boolean(),
  })
  .map(({ authorised, limits, classSold, salesOpen }): CabinInventory => {
    const sold = classSold.reduce((total, seats) => total + seats, 0)
    const nested = limits.toSorted((one, other) => other - one)
    return {
      cabin: 'Y',
      authorised: authorised + sold,
      sold,
      classes: CLASSES,
      limits: nested,
      classSold,
      salesOpen,
    }
  })

// Availability is shown by TypeScript and guarded by SQL: for every class, what is shown can be sold and no seat more.
it('shows exactly what flights.cabin_refusal lets be sold', async () => {
  const sql = database()
  const refusal = async (inventory: CabinInventory, bookingClass: string, seats: number) => {
    const { authorised, sold, limits, classSold, salesOpen } = inventory
    const [row] = await sql<{ refusal: string | null }[]>`
      select flights.cabin_refusal(${CLASSES}::text[], ${authorised}, ${sold}, ${limits as number[]}::integer[],
        ${classSold as number[]}::integer[], now() + ${salesOpen ? '1 hour' : '-1 hour'}::interval,
        ${[bookingClass]}::text[], ${[seats]}::integer[]) as refusal`
    return row?.refusal ?? null
  }
  await fc.assert(
    fc.asyncProperty(inventories, fc.constantFrom(...CLASSES), async (inventory, bookingClass) => {
      const shown = classAvailability(inventory).find((one) => one.bookingClass === bookingClass)
      const left = shown?.left ?? 0
      if (left > 0) expect(await refusal(inventory, bookingClass, left)).toBeNull()
      expect(await refusal(inventory, bookingClass, left + 1)).not.toBeNull()
      if (shown?.closed && inventory.salesOpen) {
        expect(['class-closed', 'sold-out', 'class-sold-out']).toContain(
          await refusal(inventory, bookingClass, 1),
        )
      }
    }),
    { numRuns: 300 },
  )
})
