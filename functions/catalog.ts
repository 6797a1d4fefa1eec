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

// flights: operations ----------------------------------------------------------------------------------------------

export const retimeFlight = {
  entry: 'flights/commands/retime-flight',
  http: 'POST /v1/flights/:flight/retiming',
  summary: 'Give a flight other times',
  allow: ['admin'],
  reaches: ['postgres'],
} as const

export const changeEquipment = {
  entry: 'flights/commands/change-equipment',
  http: 'POST /v1/flights/:flight/equipment',
  summary: 'Fly a flight with another type of aircraft',
  allow: ['admin'],
  reaches: ['postgres'],
} as const

export const cancelFlight = {
  entry: 'flights/commands/cancel-flight',
  http: 'POST /v1/flights/:flight/cancellation',
  summary: 'Cancel a flight, and rebook or refund everybody on it',
  allow: ['admin'],
  reaches: ['postgres'],
} as const

export const closeFlight = {
  entry: 'flights/commands/close-flight',
  http: 'POST /v1/flights/:flight/closure',
  summary: 'Close a flight that has left: who boarded has flown',
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

// bookings: changes and seats --------------------------------------------------------------------------------------

export const quoteChange = {
  entry: 'bookings/commands/quote-change',
  http: 'POST /v1/bookings/:locator/change-quotes',
  summary: 'Quote a change of a booking',
  allow: ['passenger', 'partner', 'agent', 'admin'],
  reaches: ['postgres'],
} as const

export const changeBooking = {
  entry: 'bookings/commands/change-booking',
  http: 'POST /v1/bookings/:locator/changes',
  summary: 'Make a quoted change for which nothing is due',
  allow: ['passenger', 'partner', 'agent', 'admin'],
  reaches: ['postgres'],
} as const

export const getSeatMap = {
  entry: 'bookings/queries/get-seat-map',
  http: 'GET /v1/flights/:flight/seats',
  summary: 'Read the seat map of a flight: which are free, and what they cost',
  allow: ['public'],
  reaches: ['postgres'],
} as const

// bookings: operations ---------------------------------------------------------------------------------------------

export const answerDisruption = {
  entry: 'bookings/commands/answer-disruption',
  http: 'POST /v1/bookings/:locator/disruptions/:disruption',
  summary: 'Accept a changed flight, move to another, or take the money back',
  allow: ['passenger', 'partner', 'agent', 'admin'],
  reaches: ['postgres'],
} as const

export const checkIn = {
  entry: 'bookings/commands/check-in',
  http: 'POST /v1/bookings/:locator/check-in',
  summary: 'Check passengers in for a flight',
  allow: ['passenger', 'partner', 'agent', 'admin'],
  reaches: ['postgres'],
} as const

export const boardPassenger = {
  entry: 'bookings/commands/board-passenger',
  http: 'POST /v1/flights/:flight/boarding',
  summary: 'Mark a passenger as boarded',
  allow: ['agent', 'admin'],
  reaches: ['postgres'],
} as const

export const getManifest = {
  entry: 'bookings/queries/get-manifest',
  http: 'GET /v1/flights/:flight/manifest',
  summary: 'Read who is on a flight, as JSON or CSV',
  allow: ['agent', 'admin'],
  reaches: ['postgres'],
} as const

export const getDisruption = {
  entry: 'bookings/queries/get-disruption',
  http: 'GET /v1/flights/:flight/disruption',
  summary: 'Read how far the bookings of a changed or cancelled flight are settled',
  allow: ['agent', 'admin'],
  reaches: ['postgres'],
} as const

export const noteFlightChange = {
  entry: 'bookings/workers/note-flight-change',
  on: [
    'flights.flight-retimed.v1',
    'flights.flight-equipment-changed.v1',
    'flights.flight-cancelled.v1',
    'flights.flight-closed.v1',
  ],
  summary: 'Note what happened to a flight with every booking that is on it',
  reaches: ['postgres'],
} as const

export const settleCancelledFlights = {
  entry: 'bookings/schedules/settle-cancelled-flights',
  every: '1 minutes',
  summary: 'Rebook or refund everybody on cancelled flights',
  reaches: ['postgres'],
} as const

export const recordIdentityDocument = {
  entry: 'bookings/commands/record-identity-document',
  http: 'PUT /v1/bookings/:locator/passengers/:number/document',
  summary: 'Record the identity document of a passenger or of the payer',
  allow: ['passenger', 'partner', 'agent', 'admin'],
  reaches: ['postgres'],
} as const

export const eraseBooking = {
  entry: 'bookings/commands/erase-booking',
  http: 'POST /v1/bookings/:locator/erasure',
  summary: 'Erase the people of a booking that is over, and keep its accounts',
  allow: ['admin'],
  reaches: ['postgres'],
} as const

// bookings: cancellation -------------------------------------------------------------------------------------------

export const quoteRefund = {
  entry: 'bookings/commands/quote-refund',
  http: 'POST /v1/bookings/:locator/refund-quotes',
  summary: 'Quote what cancelling a booking gives back, line by line',
  allow: ['passenger', 'partner', 'agent', 'admin'],
  reaches: ['postgres'],
} as const

export const cancelBooking = {
  entry: 'bookings/commands/cancel-booking',
  http: 'POST /v1/bookings/:locator/cancellation',
  summary: 'Cancel a booking by its refund quote',
  allow: ['passenger', 'partner', 'agent', 'admin'],
  reaches: ['postgres'],
} as const

export const getHistory = {
  entry: 'bookings/queries/get-history',
  http: 'GET /v1/bookings/:locator/history',
  summary: 'Read who did what with a booking, and when',
  allow: ['passenger', 'partner', 'agent', 'admin'],
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

// bookings: payments -----------------------------------------------------------------------------------------------

export const payBooking = {
  entry: 'bookings/commands/pay-booking',
  http: 'POST /v1/bookings/:locator/payments',
  summary: 'Pay a booking, or a change of it',
  allow: ['passenger', 'partner', 'agent', 'admin'],
  reaches: ['postgres', 'stripe'],
} as const

export const recordRefund = {
  entry: 'bookings/commands/record-refund',
  http: 'POST /v1/bookings/:locator/refunds/:refund/settlement',
  summary: 'Record that staff paid a refund back',
  allow: ['agent', 'admin'],
  reaches: ['postgres'],
} as const

export const receiveStripeNotice = {
  entry: 'bookings/commands/receive-stripe-notice',
  http: 'POST /v1/webhooks/stripe',
  summary: 'Take an event of Stripe’s webhook',
  allow: ['public'],
  reaches: ['postgres', 'stripe'],
  signedBy: 'stripe-signature',
} as const

export const listPayments = {
  entry: 'bookings/queries/list-payments',
  http: 'GET /v1/bookings/:locator/payments',
  summary: 'Read the payments and refunds of a booking',
  allow: ['passenger', 'partner', 'agent', 'admin'],
  reaches: ['postgres'],
} as const

export const listDocuments = {
  entry: 'bookings/queries/list-documents',
  http: 'GET /v1/bookings/:locator/documents',
  summary: 'Read the receipts and credit notes of a booking',
  allow: ['passenger', 'partner', 'agent', 'admin'],
  reaches: ['postgres'],
} as const

export const expireHolds = {
  entry: 'bookings/schedules/expire-holds',
  every: '1 minutes',
  summary: 'End the holds that were not paid in time',
  reaches: ['postgres'],
} as const

export const reconcilePayments = {
  entry: 'bookings/schedules/reconcile-payments',
  every: '1 minutes',
  summary: 'Find the outcome of payments that are pending',
  reaches: ['postgres', 'stripe'],
} as const

export const settleRefunds = {
  entry: 'bookings/schedules/settle-refunds',
  every: '1 minutes',
  summary: 'Have refunds to cards made by their provider',
  reaches: ['postgres', 'stripe'],
} as const

export const getIdentityDocument = {
  entry: 'bookings/queries/get-identity-document',
  http: 'GET /v1/bookings/:locator/passengers/:number/document',
  summary: 'Read the identity document of a passenger or of the payer',
  allow: ['passenger', 'partner', 'agent', 'admin'],
  reaches: ['postgres'],
} as const

export const findByDocument = {
  entry: 'bookings/queries/find-by-document',
  http: 'POST /v1/booking-lookups',
  summary: 'Find the bookings of the holder of an identity document',
  allow: ['agent', 'admin'],
  reaches: ['postgres'],
} as const

// bookings: schedules ----------------------------------------------------------------------------------------------

export const discardExpired = {
  entry: 'bookings/schedules/discard-expired',
  every: '10 minutes',
  summary: 'Discard expired quotes, changes and refund quotes, and idempotency keys older than a day',
  reaches: ['postgres'],
} as const

export const rotateDataKeys = {
  entry: 'bookings/schedules/rotate-data-keys',
  every: '60 minutes',
  summary: 'Wrap the data keys of bookings anew that an old master key wraps',
  reaches: ['postgres'],
} as const
