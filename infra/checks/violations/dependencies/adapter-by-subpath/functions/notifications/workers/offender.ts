import { send } from '../../../shared/mail/smtp.ts'

export const mail = send
