export const cancel = 1
