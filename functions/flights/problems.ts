import { defineProblems } from '../../shared/http/problem.ts'

/** What a client of the flights slice may be told; the codes are part of the contract. */
export const FLIGHT_PROBLEMS = defineProblems({
  'unknown-airport': [
    422,
    'The airline does not know this airport',
    'Use an IATA code of GET /v1/destinations.',
  ],
  'date-in-past': [
    422,
    'The date has passed',
    'Give today or a later date: local to the origin for a flight, to the airline for what is sold or decided.',
  ],
  'date-in-future': [
    422,
    'The date has not come yet',
    'Give today or an earlier date, local to the airline.',
  ],
  'date-beyond-horizon': [
    422,
    'The date is beyond what is on sale',
    'Give a date within the booking horizon.',
  ],
  'unknown-flight': [404, 'There is no such flight', 'Use a flight id that a search gave.'],
  'unknown-promotion': [404, 'There is no such promotion', 'Use a promotion id that starting one gave.'],
  'tax-rule-overlaps': [
    409,
    'Another rule of this tax is in force at the same time',
    'Choose dates or ages that no other rule of the tax holds, or name the open-ended rule in supersedes to end it the day before.',
  ],
  'nothing-to-supersede': [
    409,
    'The rule named in supersedes cannot be ended',
    'Name a rule of the same tax that is open-ended and began before validFrom.',
  ],
  'promotion-code-taken': [
    409,
    'A running promotion has this code',
    'Choose another code, or stop that promotion first.',
  ],
  'promotion-stopped': [409, 'The promotion was stopped before', 'Nothing is left to do.'],
  'flight-number-taken': [
    409,
    'The flight number already flies on this day',
    'Choose another flight number or another day.',
  ],
  'foreign-designator': [
    422,
    "The flight number does not begin with the airline's designator",
    "Begin the flight number with the airline's own two characters.",
  ],
  'series-without-flights': [
    422,
    'None of the days of the week falls between validFrom and validTo',
    'Add a day, or move validTo.',
  ],
  'unknown-aircraft-type': [422, 'The airline does not fly this aircraft type', 'Use a code of the fleet.'],
  'unknown-cabin': [422, 'The flight does not have this cabin', "Use a cabin of the flight's aircraft."],
  'unknown-booking-class': [
    422,
    'The cabin does not have this booking class',
    'Use the classes of the ladder.',
  ],
  'limits-not-nested': [
    422,
    'The limits do not nest',
    'Give every class of the cabin, dearest first, each with at most the limit of the one before; the dearest at most the authorised capacity.',
  ],
  'fare-currency': [
    422,
    "The fare is not in the airline's currency",
    'File fares in the currency of the airline.',
  ],
  'rate-currency': [
    422,
    "The rate does not lead to the airline's currency",
    'Enter rates to the currency of the airline: units of it for one unit of from.',
  ],
  'capacity-below-sold': [409, 'More are sold than the new capacity holds', 'Give at least what is sold.'],
  // Operations
  'flight-not-scheduled': [
    409,
    'The flight is cancelled or closed',
    'Nothing of it can be changed any more: flightStatus says which it is.',
  ],
  'flight-departed': [
    409,
    'The flight has left',
    'Nothing of it can be changed any more: what is left to do is to close it.',
  ],
  'flight-not-departed': [409, 'The flight has not left yet', 'Close it after departsAt.'],
  'flight-unchanged': [409, 'The flight is like that already', 'Nothing is left to do.'],
  'block-time-unfit': [
    422,
    'The flight would take too short or too long',
    'Let it arrive 15 to 1200 minutes after it departs; each time is local to its airport.',
  ],
  'exchange-rate-missing': [
    409,
    'A tax cannot be converted: no exchange rate is stored for the day',
    'The airline’s staff must enter the rate of its currency (POST /v1/exchange-rates).',
  ],
})
