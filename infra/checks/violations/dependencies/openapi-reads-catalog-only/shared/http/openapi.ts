import { find } from '../../functions/bookings/index.ts'
import { route } from '../../functions/catalog.ts'

export const document = [find, route]
