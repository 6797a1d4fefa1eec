export type Rate = number
export const rate: Rate = 19
