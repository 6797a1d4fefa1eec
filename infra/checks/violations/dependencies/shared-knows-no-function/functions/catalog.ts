export const route = 'POST /v1/bookings'
