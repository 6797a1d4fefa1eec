import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import fc from 'fast-check'
import type { Client } from '../support/client.ts'
import { type Quoted, type Step, take, type World } from './model.ts'
import {
  expected,
  observe,
  openSystem,
  PET_SLOTS,
  type Prepared,
  prepare,
  prices,
  SEATS,
  type System,
} from './system.ts'

/** Steps of a sequence; a pair of concurrent steps counts as one. */
const LENGTH = 30

export type LifeFigures = { sequences: number; steps: number; pairs: number }

/**
 * Walks random lives of bookings through the API and through the model, and holds the tables against the model after
 * every step. Two steps at once are right when some order of them explains both answers and what is in the tables.
 * @throws with the shortest sequence found that parts them
 */
export async function compareLives(
  client: Client,
  sequences: number,
  seed: number,
  { shrink = true, onSequence = () => {} }: { shrink?: boolean; onSequence?: (done: number) => void } = {},
): Promise<LifeFigures> {
  const figures = { sequences: 0, steps: 0, pairs: 0 }
  const property = fc.asyncProperty(
    fc.array(command(client, figures), { minLength: LENGTH, maxLength: LENGTH }),
    async (commands) => {
      onSequence(++figures.sequences)
      const setup = async () => ({ model: { world: newWorld() }, real: await openSystem() })
      await fc.asyncModelRun(setup, commands)
    },
  )
  await fc.assert(property, {
    numRuns: sequences,
    seed,
    endOnFailure: !shrink,
    interruptAfterTimeLimit: 3_600_000,
    markInterruptAsFailure: true,
  })
  return figures
}

type Model = { world: World }

const newWorld = (): World => {
  const flight = () => ({ seats: SEATS, sold: 0, petSlots: PET_SLOTS, petsSold: 0 })
  return { flights: [flight(), flight()], bookings: [] }
}

const number = (max: number) => fc.integer({ min: 0, max })
const leg = fc.constantFrom(0 as const, 1 as const)
/** Bookings are drawn from the first few, so that steps meet on them. */
const booking = number(3)
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('hold' as const),
      flight: leg,
      seats: fc.integer({ min: 1, max: 3 }),
      pets: number(1),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('pay' as const),
      booking,
      how: fc.constantFrom(
        'cash' as const,
        'card' as const,
        'declined' as const,
        'unseen' as const,
        'lost' as const,
      ),
      short: number(9).map((drawn) => drawn === 0),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('cancel' as const),
      booking,
      stale: number(9).map((drawn) => drawn === 0),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ do: fc.constant('change' as const), booking, to: leg, pets: number(1) }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('lapse' as const), booking }) },
  { weight: 1, arbitrary: fc.constant({ do: 'expire' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'reconcile' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'settle-refunds' as const }) },
)

type Command = fc.AsyncCommand<Model, System>

const command = (client: Client, figures: LifeFigures): fc.Arbitrary<Command> =>
  fc.oneof(
    { weight: 3, arbitrary: step.map((one) => commandOf(client, figures, [one])) },
    { weight: 1, arbitrary: fc.tuple(step, step).map((two) => commandOf(client, figures, two)) },
  )

/** One step, or two at once. Steps of bookings that are not there yet are left out. */
function commandOf(client: Client, figures: LifeFigures, steps: readonly Step[]): Command {
  return {
    check: ({ world }) => steps.every((one) => !('booking' in one) || one.booking < world.bookings.length),
    async run(model, system) {
      figures.steps++
      if (steps.length > 1) figures.pairs++
      const prepared: Prepared[] = []
      for (const one of steps) prepared.push(await prepare(client, system, one, model.world))
      const answers = await Promise.all(
        prepared.map(({ ask, refused }) => ask?.() ?? Promise.resolve(refused ?? '')),
      )
      for (const { made } of prepared) if (made) system.bookings.push(made)
      const found = await observe(system)
      const worlds = orders(model.world, steps, prepared, answers, system)
      const fitting = worlds.find((world) => isDeepEqual(expected(world), found))
      if (fitting) {
        model.world = fitting
        return
      }
      const alone = steps.length === 1 ? inOrder(model.world, steps, prepared) : undefined
      throw new Error(
        `the system and the model part at ${this.toString()}: ${inspect(
          alone
            ? { answered: answers, due: alone.said, found, expected: expected(priced(alone.world, system)) }
            : { answered: answers, found, expected: worlds.map(expected) },
          { depth: null },
        )}`,
      )
    },
    toString: () => steps.map((one) => JSON.stringify(one)).join(' || '),
  }
}

/** A card payment takes two commits: what it was begun with, and what the bank said. */
const isCardPayment = (one: Step | undefined): boolean =>
  one?.do === 'pay' && (one.how === 'card' || one.how === 'declined')

/** The worlds that the orders of the steps lead to, of those orders that give these answers. */
function orders(
  world: World,
  steps: readonly Step[],
  prepared: readonly Prepared[],
  answers: readonly string[],
  system: System,
): World[] {
  const [first, second] = steps
  const sequences =
    steps.length === 1
      ? [[0]]
      : [
          [0, 1],
          [1, 0],
        ]
  const reached: World[] = []
  for (const sequence of sequences) {
    for (const variant of [steps, passingOver(steps)]) {
      const outcome = inOrder(world, variant, prepared, sequence)
      if (sequence.every((at) => outcome.said[at] === answers[at]))
        reached.push(priced(outcome.world, system))
    }
  }
  for (const [at, one] of [first, second].entries()) {
    const other = steps[1 - at]
    if (steps.length === 1 || !one || !other || !isCardPayment(one)) continue
    const between = aroundAnother(
      world,
      [one, prepared[at]?.quoted ?? {}],
      [other, prepared[1 - at]?.quoted ?? {}],
    )
    if (between.said[0] === answers[at] && between.said[1] === answers[1 - at])
      reached.push(priced(between.world, system))
  }
  return reached
}

/** Holds are ended past those whose rows another step has: the next run ends them. */
function passingOver(steps: readonly Step[]): readonly Step[] {
  const other = steps.find((one) => 'booking' in one)
  if (steps.length === 1 || !other || !('booking' in other)) return steps
  return steps.map((one) => (one.do === 'expire' ? { ...one, except: other.booking } : one))
}

function inOrder(
  world: World,
  steps: readonly Step[],
  prepared: readonly Prepared[],
  sequence = [0],
): { world: World; said: string[] } {
  const next = structuredClone(world)
  const said: string[] = []
  for (const at of sequence) {
    const one = steps[at]
    const ready = prepared[at]
    if (!one || !ready) throw new RangeError('a step is missing')
    // What was refused when it was quoted did not act: the refusal is the step's, from before either acted.
    said[at] = take(ready.refused === undefined ? next : structuredClone(world), one, ready.quoted)
  }
  return { world: next, said }
}

function aroundAnother(
  world: World,
  [card, offered]: [Step, Quoted],
  [other, quoted]: [Step, Quoted],
): { world: World; said: [string, string] } {
  const next = structuredClone(world)
  const isTaken = (card as { how: string }).how === 'card'
  const begun = take(next, { ...card, how: isTaken ? 'unseen' : 'lost' } as Step, offered)
  const second = take(next, other, quoted)
  if (begun !== 'pending') return { world: next, said: [begun, second] }
  take(next, { do: 'reconcile', only: (card as { booking: number }).booking }, {})
  return { world: next, said: [isTaken ? 'captured' : 'declined', second] }
}

/** The price of a booking just made is the API's. */
function priced(world: World, system: System): World {
  world.bookings.forEach((one, at) => {
    if (one.version === 1 && one.total === 0) one.total = prices.get(system.bookings[at]?.locator ?? '') ?? 0
  })
  return world
}

function isDeepEqual(one: object, other: object): boolean {
  try {
    assert.deepEqual(one, other)
    return true
  } catch {
    return false
  }
}
