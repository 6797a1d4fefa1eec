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
})
export type BookingProblemCode = keyof typeof BOOKING_PROBLEMS
