import { send } from '#mail'
import type { Mail } from '../../../shared/mail/port.ts'

export const mail = (letter: Mail) => [send, letter]
