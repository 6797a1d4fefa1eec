import { database } from '../../shared/postgres/client.ts'

/** Faults that are planted in the database's functions, each of which the comparison with the model must find. */
export const FAULTS = [
  {
    name: 'a cancelled booking is released twice',
    routine: 'bookings.release',
    from: /(\n\s*ignored := flights\.exchange_inventory\([^;]*;)/,
    to: '$1$1',
  },
  {
    name: 'a refund without a release',
    routine: 'bookings.close',
    from: /\n\s*perform bookings\.release\([^;]*;/,
    to: '',
  },
  {
    name: 'a late payment is kept',
    routine: 'bookings.settle_payment',
    from: /\n\s*insert into bookings\.refunds[^;]*;/,
    to: '',
  },
] as const

/** Replaces a part of a function's body. @returns what puts it back */
export async function plant({ routine, from, to }: (typeof FAULTS)[number]): Promise<() => Promise<void>> {
  const sql = database()
  const [found] = await sql<
    { definition: string }[]
  >`select pg_get_functiondef(${routine}::regproc) as definition`
  if (!found) throw new Error(`${routine} is not there`)
  const { definition } = found
  const faulty = definition.replace(from, to)
  if (faulty === definition) throw new Error(`${routine} has no place for the fault`)
  await sql.unsafe(faulty)
  return async () => {
    await sql.unsafe(definition)
  }
}
