import { command } from '../../../shared/http/command.ts'
import { quoteItinerary } from '../../catalog.ts'
import { describeRules } from '../../flights/index.ts'
import { Order, Quote } from '../models.ts'
import { ORDER_PROBLEMS, refusalOf, storeQuote } from '../store-quote.ts'

export const route = command(
  quoteItinerary,
  {
    description:
      'Prices one direction or two, each of one flight or more, for a party and its pets. Every line names its rule, its passenger or pet and its flight; the lines sum to the total. The price holds until expiresAt; seats are taken only by a booking.',
    body: Order,
    success: { status: 201, description: 'The price, held until expiresAt', schema: Quote },
    problems: ORDER_PROBLEMS,
    example: {
      body: {
        directions: [{ flights: ['flt_01990000000070008000000000000001'] }],
        passengers: [{ birthDate: '1990-05-17' }, { birthDate: '2014-02-03', residency: 'ADZ' }],
        pets: [{ service: 'PETC', species: 'dog', breed: 'beagle', weightKg: 8, carrierCm: [50, 30, 25] }],
      },
    },
  },
  async (sql, { caller, body }) => {
    const outcome = await storeQuote(sql, caller.id, body)
    switch (outcome.type) {
      case 'refused':
        return refusalOf(outcome)
      case 'quoted': {
        const { quoteId, quote } = outcome
        const { price, expiresAt, segments, passengers, pets } = quote
        const { currency, total, lines, counter } = price
        const rules = await describeRules(sql, [...lines, ...counter])
        const answer: Quote = {
          quoteId,
          expiresAt: expiresAt.toISOString(),
          currency,
          total,
          segments,
          passengers,
          pets,
          lines,
          counter,
          rules,
        }
        return { status: 201, body: answer }
      }
    }
  },
)
