/** What is wrong with a Node version and the way out, or undefined when it serves. */
export function nodeComplaint(version: string, platform: string): string | undefined
