/**
 * Every function of the system, once: what the hosts, the OpenAPI document, the stacks and the chart read. Plain data
 * that imports nothing. `entry` is the file below functions/; `allow` who may call (`public` needs no token);
 * `reaches` what it opens connections to.
 */

// flights: commands ------------------------------------------------------------------------------------------------

export const scheduleFlight = {
  entry: 'flights/commands/schedule-flight',
  http: 'POST /v1/flights',
  summary: 'Schedule a flight',
  allow: ['admin'],
  reaches: ['postgres'],
} as const

export const scheduleSeries = {
  entry: 'flights/commands/schedule-series',
  http: 'POST /v1/series',
  summary: 'Schedule a series of flights on days of the week',
  allow: ['admin'],
  reaches: ['postgres'],
} as const

export const setFare = {
  entry: 'flights/commands/set-fare',
  http: 'POST /v1/fares',
  summary: 'Set the fare of a route and booking class from a day on',
  allow: ['revenue', 'admin'],
  reaches: ['postgres'],
} as const

export const setClassLimits = {
  entry: 'flights/commands/set-class-limits',
  http: 'PUT /v1/flights/:flight/class-limits',
  summary: 'Set how many seats each booking class of a flight may sell',
  allow: ['revenue', 'admin'],
  reaches: ['postgres'],
} as const

export const setPetCapacity = {
  entry: 'flights/commands/set-pet-capacity',
  http: 'PUT /v1/flights/:flight/pet-capacity',
  summary: 'Set how many pets a flight takes in the cabin and in the hold',
  allow: ['admin'],
  reaches: ['postgres'],
} as const

/** RegistrarImpuestoPorDestino */
export const registerDestinationTax = {
  entry: 'flights/commands/register-destination-tax',
  http: 'POST /v1/destinations/:destination/taxes',
  summary: 'Register a tax of a destination',
  allow: ['revenue', 'admin'],
  reaches: ['postgres'],
} as const

export const enterExchangeRate = {
  entry: 'flights/commands/enter-exchange-rate',
  http: 'POST /v1/exchange-rates',
  summary: 'Enter the exchange rate of a day',
  allow: ['revenue', 'admin'],
  reaches: ['postgres'],
} as const

export const startPromotion = {
  entry: 'flights/commands/start-promotion',
  http: 'POST /v1/promotions',
  summary: 'Start a promotion',
  allow: ['revenue', 'admin'],
  reaches: ['postgres'],
} as const

export const stopPromotion = {
  entry: 'flights/commands/stop-promotion',
  http: 'POST /v1/promotions/:promotion/stop',
  summary: 'Stop a promotion',
  allow: ['revenue', 'admin'],
  reaches: ['postgres'],
} as const

export const setPolicy = {
  entry: 'flights/commands/set-policy',
  http: 'POST /v1/policies',
  summary: 'Set a policy from a day on',
  allow: ['admin'],
  reaches: ['postgres'],
} as const

// flights: queries -------------------------------------------------------------------------------------------------

export const searchFlights = {
  entry: 'flights/queries/search-flights',
  http: 'GET /v1/flights',
  summary: 'Search flights out and back, with the price from and the seats left',
  allow: ['public'],
  reaches: ['postgres'],
} as const

export const findCheapestDays = {
  entry: 'flights/queries/find-cheapest-days',
  http: 'GET /v1/cheapest-days',
  summary: 'Find the cheapest flight of each day of a month',
  allow: ['public'],
  reaches: ['postgres'],
} as const

export const getFlight = {
  entry: 'flights/queries/get-flight',
  http: 'GET /v1/flights/:flight',
  summary: 'Read a flight with its fares and what is left',
  allow: ['public'],
  reaches: ['postgres'],
} as const

export const listDestinations = {
  entry: 'flights/queries/list-destinations',
  http: 'GET /v1/destinations',
  summary: 'List the airports that the airline flies to',
  allow: ['public'],
  reaches: ['postgres'],
} as const

/** ConsultarImpuestoPorCiudad */
export const getDestinationTaxes = {
  entry: 'flights/queries/get-destination-taxes',
  http: 'GET /v1/destinations/:destination/taxes',
  summary: 'Read the taxes of a destination on a date and what a party would pay',
  allow: ['public'],
  reaches: ['postgres'],
} as const

// bookings: commands -----------------------------------------------------------------------------------------------

export const quoteItinerary = {
  entry: 'bookings/commands/quote-itinerary',
  http: 'POST /v1/quotes',
  summary: 'Quote an itinerary: its exact price, held for some minutes',
  allow: ['public'],
  reaches: ['postgres'],
} as const

/** CrearReserva */
export const createBooking = {
  entry: 'bookings/commands/create-booking',
  http: 'POST /v1/bookings',
  summary: 'Create a booking from a quote or directly',
  allow: ['public'],
  reaches: ['postgres'],
} as const

// bookings: queries ------------------------------------------------------------------------------------------------

export const openBooking = {
  entry: 'bookings/queries/open-booking',
  http: 'POST /v1/booking-access',
  summary: 'Open a booking by its locator and a surname',
  allow: ['public'],
  reaches: ['postgres'],
} as const

export const getBooking = {
  entry: 'bookings/queries/get-booking',
  http: 'GET /v1/bookings/:locator',
  summary: 'Read a booking as its passenger, as the partner that made it, or as staff',
  allow: ['passenger', 'partner', 'agent', 'admin'],
  reaches: ['postgres'],
} as const

// bookings: schedules ----------------------------------------------------------------------------------------------

export const discardExpired = {
  entry: 'bookings/schedules/discard-expired',
  every: '10 minutes',
  summary: 'Discard expired quotes and idempotency keys older than a day',
  reaches: ['postgres'],
} as const
