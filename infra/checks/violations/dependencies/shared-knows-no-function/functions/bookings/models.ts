export type Booking = string
