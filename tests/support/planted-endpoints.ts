import * as z from 'zod/mini'
import { command } from '../../shared/http/command.ts'
import { endpoint } from '../../shared/http/endpoint.ts'
import { defineProblems } from '../../shared/http/problem.ts'
import { Count, DateText, Id, Instant, Line } from '../../shared/schemas.ts'

/** Three small endpoints: a public query, a command with a body and roles, a command with neither path nor body. */

const PROBLEMS = defineProblems({
  'gate-closed': [409, 'The gate is closed', 'Take the next flight.'],
  'unknown-gate': [404, 'There is no such gate', 'Use a gate of the airport.'],
})

export const findGates = endpoint(
  {
    entry: 'flights/queries/find-gates',
    http: 'GET /v1/airports/:airport/gates',
    summary: 'Find gates',
    allow: ['public'],
    reaches: [],
  },
  {
    params: z.strictObject({ airport: z.string().check(z.length(3)) }),
    query: z.strictObject({
      day: DateText,
      open: z.optional(z.stringbool()),
      limit: z._default(Count(1, 50), 20),
    }),
    success: {
      status: 200,
      description: 'The gates',
      schema: z.object({
        gates: z.array(z.object({ gate: z.string(), opens: Instant, closes: z.nullable(Instant) })),
        next: z.optional(z.string()),
        complete: z._default(z.boolean(), true),
      }),
    },
    problems: [PROBLEMS['unknown-gate']],
    example: { params: { airport: 'BOG' }, query: { day: '2027-02-28', limit: '5' } },
  },
  async () => ({ status: 200 }),
)

export const assignGate = command(
  {
    entry: 'flights/commands/assign-gate',
    http: 'PUT /v1/flights/:flight/gate',
    summary: 'Assign a gate',
    allow: ['agent', 'admin'],
    reaches: ['postgres'],
  },
  {
    description: 'Gives the gate to the flight.',
    params: z.strictObject({ flight: Id('flight') }),
    body: z.strictObject({
      gate: Line(4),
      from: z._default(z.optional(DateText), '2027-01-01'),
      note: z.pipe(
        z.string(),
        z.transform((text) => text.length),
      ),
    }),
    success: { status: 201, description: 'Assigned', schema: z.object({ assigned: z.boolean() }) },
    problems: [PROBLEMS['gate-closed'], PROBLEMS['unknown-gate']],
    example: {
      params: { flight: `flt_${'0'.repeat(32)}` },
      body: { gate: 'A4', note: 'near the lift' },
    },
  },
  async () => ({ status: 201 }),
)

export const callFlight = command(
  {
    entry: 'bookings/commands/call-flight',
    http: 'POST /v1/calls',
    summary: 'Call a flight',
    allow: ['admin'],
    reaches: [],
  },
  { success: { status: 200, description: 'Called', schema: z.object({}) }, problems: [] },
  async () => ({ status: 200 }),
)
