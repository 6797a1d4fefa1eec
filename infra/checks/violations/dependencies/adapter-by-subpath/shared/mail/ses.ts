export const send = 2
