/** A JSON object from outside, before it is understood. */
export type Given = Readonly<Record<string, unknown>>

/** Why something was not taken: what was given, and what is allowed. */
export type Problem = { readonly problem: string }

/** What `read` makes of something given, or the first thing wrong with it that a reader below met. */
export function readOrProblem<Value extends object>(read: () => Value): Value | Problem {
  try {
    return read()
  } catch (error) {
    if (error instanceof Unfit) return { problem: error.message }
    throw error
  }
}

/** Thrown by readers, and caught by `readOrProblem` only. */
class Unfit extends Error {}

/** Refuses what is given under `name`, in words that say what would be taken. */
export function unfit(name: string, given: unknown, allowed: string): Error {
  const shown = given === undefined ? 'missing' : (JSON.stringify(given) ?? 'unreadable').slice(0, 100)
  return new Unfit(`${name} is ${shown}; expected ${allowed}`)
}

/** Refuses something for a reason of its own. */
export function refused(reason: string): Error {
  return new Unfit(reason)
}

export function object(name: string, given: unknown): Given {
  if (typeof given === 'object' && given !== null && !Array.isArray(given)) return given as Given
  throw unfit(name, given, 'an object')
}

/** Names that are not known are refused: what is silently ignored proves nothing. */
export function allowOnly(name: string, given: Given, allowed: readonly string[]): void {
  const unknown = Object.keys(given).find(key => !allowed.includes(key))
  if (unknown !== undefined) throw new Unfit(`${name} has "${unknown}"; allowed are ${allowed.join(', ')}`)
}

export function choice<Value extends string>(name: string, given: unknown, allowed: readonly Value[]): Value {
  const found = allowed.find(value => value === given)
  if (found !== undefined) return found
  throw unfit(name, given, `one of ${allowed.join(', ')}`)
}

export function text(name: string, given: unknown): string {
  if (typeof given === 'string' && given !== '' && given.length <= 1000) return given
  throw unfit(name, given, 'a text of 1 to 1000 characters')
}

export function wholeNumber(name: string, given: unknown, min: number, max: number): number {
  if (Number.isInteger(given) && Number(given) >= min && Number(given) <= max) return Number(given)
  throw unfit(name, given, `a whole number from ${min} to ${max}`)
}

export function share(name: string, given: unknown): number {
  if (typeof given === 'number' && given >= 0 && given <= 1) return given
  throw unfit(name, given, 'a number from 0 to 1')
}

export function flag(name: string, given: unknown): boolean {
  if (typeof given === 'boolean') return given
  throw unfit(name, given, 'true or false')
}
