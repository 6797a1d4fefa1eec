import { defineProblems } from '../../shared/http/problem.ts'

/** What a client of the bookings slice may be told; the codes are part of the contract. */
export const BOOKING_PROBLEMS = defineProblems({
  'birth-date-in-future': [
    422,
    'A birth date is in the future',
    'Give the passenger’s birth date, YYYY-MM-DD.',
  ],
  'too-many-passengers': [
    422,
    'A booking seats fewer passengers',
    'Split the party into several bookings; lap infants do not count.',
  ],
  'infant-without-adult': [422, 'An infant needs an adult', 'Add an adult who travels with the infant.'],
  'too-many-infants': [
    422,
    'There are more infants than adults',
    'Each adult may hold one infant: add adults.',
  ],
  'minor-unaccompanied': [
    422,
    'A minor needs an accompanying adult',
    'Add an adult who travels with the minor.',
  ],
  'pet-too-heavy': [
    422,
    'The pet is too heavy for the cabin',
    'Book it in the hold (AVIH), or give the weight with the carrier if it was wrong.',
  ],
  'pet-carrier-too-large': [
    422,
    'The carrier is too large for the cabin',
    'Use a smaller carrier, or book the pet in the hold (AVIH).',
  ],
  'pet-breed-refused': [
    422,
    'Short-nosed breeds do not travel in the hold',
    'Book the pet in the cabin (PETC) if its weight allows.',
  ],
  'itinerary-broken': [
    422,
    'The flights do not form an itinerary',
    'Each flight must leave from where the one before arrived, after it arrived; the way back must start where the way out ended.',
  ],
  'flight-not-bookable': [
    409,
    'The flight is not on sale',
    'It has left, closed or was cancelled: search again.',
  ],
  'class-closed': [
    409,
    'The booking class is closed',
    'Ask for another class, or for none to get the cheapest open one.',
  ],
  'class-sold-out': [409, 'The booking class is sold out', 'Quote again: another class may have seats.'],
  'sold-out': [409, 'The flight has not enough seats left', 'Choose another flight, or a smaller party.'],
  'infants-full': [409, 'The flight takes no more lap infants', 'Choose another flight.'],
  'pets-full': [409, 'The flight takes no more pets', 'Choose another flight, or the other way of carriage.'],
  'cabin-not-offered': [
    409,
    'The flight does not have this cabin',
    'Ask for cabin Y, or choose another flight.',
  ],
  'promotion-not-applicable': [
    422,
    'The promotion code applies to none of the flights',
    'Leave the code out, or check its routes and dates.',
  ],
  'unknown-quote': [404, 'There is no such quote', 'Use the quote id that this caller was given.'],
  'quote-expired': [409, 'The quote has expired', 'Quote again: seats and price may have changed.'],
  'quote-used': [
    409,
    'The quote was booked before',
    'Quote again for another booking; to repeat one, send its Idempotency-Key.',
  ],
  'passengers-mismatch': [
    409,
    'The passengers are not those of the quote',
    'Name each passenger of the quote once, in its order.',
  ],
  'price-changed': [
    409,
    'The price is not the expected one',
    'Accept the total of the quote in quoteId by booking that quote, or search again.',
  ],
  'account-unusable': [
    409,
    'The agency account cannot be used',
    'Use an active account that belongs to the caller.',
  ],
  'booking-not-found': [
    404,
    'No booking has this locator and surname',
    'Check both as they stand on the confirmation.',
  ],
  'version-stale': [
    412,
    'The booking has changed since it was read',
    'Read it again, and send its new ETag in If-Match.',
  ],
  'booking-closed': [
    409,
    'The booking is cancelled or has expired',
    'Make a new booking: this one holds no seats any more.',
  ],
  // Payments
  'payment-declined': [
    402,
    'The card was declined',
    'Pay with another card, under a new Idempotency-Key; reason is what the provider said.',
  ],
  'payment-method-forbidden': [
    403,
    'Cash and transfers are recorded by staff',
    'Pay by card, or at a counter of the airline.',
  ],
  'card-details-unfit': [
    422,
    'The card is not given in the way that the provider takes',
    'Send card.token, the payment method that the provider’s form made; card.number is for the test card alone.',
  ],
  'payment-under-way': [
    409,
    'A payment of the booking is under way',
    'Wait until its outcome is known: the booking’s payments tell it.',
  ],
  'already-paid': [409, 'The booking is paid', 'Nothing is due: read its payments.'],
  'hold-expired': [
    409,
    'The booking was not paid in time',
    'Make a new booking: its seats are on sale again.',
  ],
  'amount-mismatch': [409, 'The amount is not what is due', 'Pay the amount in due, in its currency, whole.'],
  'reference-used': [
    409,
    'The reference belongs to another payment',
    'Check the number of the cash receipt or of the transfer: each pays once.',
  ],
  'unknown-change': [
    404,
    'The booking has no such change',
    'Use the change id that this booking was quoted.',
  ],
  'change-outdated': [
    409,
    'The change was priced for another state of the booking',
    'Quote the change again: the booking has changed since.',
  ],
  'change-expired': [409, 'The price of the change has expired', 'Quote the change again.'],
  'unknown-refund': [404, 'The booking has no such refund', 'Use the id of one of the booking’s refunds.'],
  'refund-settled': [
    409,
    'The refund was paid before',
    'Nothing is left to be done: read the booking’s payments.',
  ],
  'refund-by-provider': [
    409,
    'The card’s provider pays this refund',
    'Wait: it goes back to the card, and the booking’s payments tell when.',
  ],
  'webhook-signature-invalid': [
    400,
    'The notice is not signed by the payment provider',
    'Sign it with the secret of this endpoint, within five minutes.',
  ],
  // Cancellation
  'unknown-refund-quote': [
    404,
    'The booking has no such refund quote',
    'Use the refund quote id that this booking was given; old ones are discarded.',
  ],
  'refund-quote-expired': [
    409,
    'The refund quote has expired',
    'Quote the refund again: what returns may have changed.',
  ],
  'refund-quote-outdated': [
    409,
    'The refund was quoted for another state of the booking',
    'Quote the refund again: the booking has changed since.',
  ],
  departed: [409, 'All flights of the booking have left', 'Nothing is left to be cancelled.'],
  // People
  'unknown-passenger': [
    404,
    'The booking has no passenger of this number',
    'Use a number that the booking lists, or 0 for the payer.',
  ],
  'document-not-recorded': [404, 'No identity document is recorded', 'Record it with PUT on the same path.'],
  'document-kind-unfit': [
    422,
    'A NIT identifies a payer, not a passenger',
    'Give the document with which the passenger travels.',
  ],
  'document-expired': [
    422,
    'The document expires before the last flight',
    'Give a document that is valid on every flight of the booking.',
  ],
  'booking-erased': [
    409,
    'The people of the booking were erased',
    'Nothing is left to be done: what was erased does not come back.',
  ],
  'erasure-too-early': [
    409,
    'The booking is not over',
    'Erase it when because no longer holds: it is held, has a flight to come, or money is pending.',
  ],
  // Operations
  'booking-unpaid': [409, 'The booking is not paid', 'Pay it first: payBy says until when.'],
  'unknown-segment': [
    422,
    'The booking has no such flight',
    'Give the number of one of its segments that is still to be flown.',
  ],
  'check-in-not-open': [409, 'Check-in has not opened yet', 'Check in from opensAt on.'],
  'check-in-closed': [409, 'Check-in has closed', 'Go to the counter of the airline at once.'],
  'coupon-not-open': [
    409,
    'A passenger cannot be checked in for this flight',
    'Name passengers whose coupon on the flight is open, each once; errors says what is the matter with whom.',
  ],
  'not-on-flight': [409, 'The passenger is not on this flight', 'Check the flight and the booking.'],
  'not-checked-in': [409, 'The passenger is not checked in', 'Check the passenger in first.'],
  'already-boarded': [409, 'The passenger has boarded before', 'Look for another with this boarding pass.'],
  'unknown-disruption': [
    404,
    'The booking has no such disruption',
    'Use the id of a disruption that the booking tells.',
  ],
  'disruption-answered': [
    409,
    'The disruption is answered',
    'Nothing is left to choose: to go another way, change or cancel the booking.',
  ],
  'disruption-with-airline': [
    409,
    'The flight is cancelled, and the airline settles the booking',
    'Wait some minutes, and read the booking again: it is rebooked or refunded.',
  ],
  'rebook-flight-unfit': [
    409,
    'The booking cannot move to this flight',
    'Choose a flight of the same route, a few days away at most, that joins the other flights of the booking.',
  ],
  // Changes and seats
  'not-travelling': [
    422,
    'The passenger does not travel',
    'Give the number of one of its passengers who travels on the flight.',
  ],
  'unknown-pet': [422, 'The booking has no such pet', 'Give the number of one of its pets.'],
  'nobody-left': [422, 'Nobody would be left in the booking', 'Cancel it instead.'],
  'fare-not-changeable': [
    409,
    'The fare of the flight cannot be changed',
    'Keep the flights of this direction, or cancel: the refund quote says what returns.',
  ],
  'coupon-used': [
    409,
    'The flight is flown, or its passenger is checked in',
    'Change what is still to be flown; for a passenger who is checked in, go to a counter of the airline.',
  ],
  'unknown-seat': [
    422,
    'There is no such seat in the booked cabin',
    'Take a seat of the flight’s seat map, in the cabin of the booking.',
  ],
  'seat-taken': [409, 'The seat is taken', 'Take another seat: the flight’s seat map says which are free.'],
  'lap-infant-seat': [422, 'A lap infant has no seat of its own', 'Choose a seat for the adult alone.'],
  'exit-row-unfit': [
    422,
    'A passenger may not sit in an exit row',
    'Choose another row: exit rows are for passengers of the age in limit or more, without an infant on the lap or a pet in the cabin.',
  ],
  'payment-needed': [
    402,
    'The change is to be paid for',
    'Pay the amount in due with changeId: the payment makes the change.',
  ],
})
export type BookingProblemCode = keyof typeof BOOKING_PROBLEMS
