import { log } from '#log'
import { database } from '../../../shared/postgres/client.ts'
import { scheduled } from '../../../shared/schedule.ts'
import { expireHolds } from '../../catalog.ts'

/** Holds that a commit ends at most: their flights' inventory is locked until then. */
const STEP = 20

/** Ends the holds whose deadline has passed: what they held is on sale again. */
export const schedule = scheduled(expireHolds, async () => {
  let ended = 0
  for (;;) {
    const [step] = await database()<{ ended: number }[]>`select bookings.expire_holds(${STEP}) as ended`
    ended += step?.ended ?? 0
    if ((step?.ended ?? 0) < STEP) break
  }
  if (ended > 0) log.info({ ended }, 'ended holds that were not paid')
})
