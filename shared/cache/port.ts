/** A counter after it was raised, and when it starts anew. */
export type Counted = { count: number; resetMs: number }

/**
 * What may be forgotten at any time: counters today. Adapters answer alike; a contract test holds them to it.
 */
export type Cache = {
  /** Raises a counter by one. Its window begins with the first count and lasts `windowMs`; then it is gone. */
  count: (key: string, windowMs: number) => Promise<Counted>
  close: () => Promise<void>
}
