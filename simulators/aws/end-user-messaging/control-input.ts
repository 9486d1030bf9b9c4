/** A JSON object from outside, not yet validated. */
export type InputObject = Readonly<Record<string, unknown>>

/** Why an input is refused: what was sent, and what is allowed. */
export type Problem = { readonly problem: string }

/** The result of `read`, or the first problem that a reader below found. */
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

/** The error for an input that is not allowed; it says what is allowed. */
export function unfit(name: string, input: unknown, allowed: string): Error {
  const shown = input === undefined ? 'missing' : (JSON.stringify(input) ?? 'unreadable').slice(0, 100)
  return new Unfit(`${name} is ${shown}; expected ${allowed}`)
}

/** The error for a reason that is not about one input. */
export function refused(reason: string): Error {
  return new Unfit(reason)
}

export function object(name: string, input: unknown): InputObject {
  if (typeof input === 'object' && input !== null && !Array.isArray(input)) return input as InputObject
  throw unfit(name, input, 'an object')
}

/** Unknown names are refused: a test must not pass because a setting was ignored. */
export function allowOnly(name: string, input: InputObject, allowed: readonly string[]): void {
  const unknown = Object.keys(input).find(key => !allowed.includes(key))
  if (unknown !== undefined) throw new Unfit(`${name} has "${unknown}"; allowed are ${allowed.join(', ')}`)
}

export function choice<Value extends string>(name: string, input: unknown, allowed: readonly Value[]): Value {
  const found = allowed.find(value => value === input)
  if (found !== undefined) return found
  throw unfit(name, input, `one of ${allowed.join(', ')}`)
}

export function text(name: string, input: unknown): string {
  if (typeof input === 'string' && input !== '' && input.length <= 1000) return input
  throw unfit(name, input, 'a text of 1 to 1000 characters')
}

export function matching(name: string, input: unknown, pattern: RegExp, allowed: string): string {
  if (typeof input === 'string' && pattern.test(input)) return input
  throw unfit(name, input, allowed)
}

export function wholeNumber(name: string, input: unknown, min: number, max: number): number {
  if (Number.isInteger(input) && Number(input) >= min && Number(input) <= max) return Number(input)
  throw unfit(name, input, `a whole number from ${min} to ${max}`)
}

export function share(name: string, input: unknown): number {
  if (typeof input === 'number' && input >= 0 && input <= 1) return input
  throw unfit(name, input, 'a number from 0 to 1')
}

export function flag(name: string, input: unknown): boolean {
  if (typeof input === 'boolean') return input
  throw unfit(name, input, 'true or false')
}
