import { route } from '../../functions/catalog.ts'

export const load = () => [route, import('../../functions/bookings/commands/create.ts')]
