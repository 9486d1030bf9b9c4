import { messageOf } from '../../core/values/printable.ts'
import { explainAwsError } from '../terminal/aws-error.ts'
import { Problem } from '../terminal/problem.ts'

/** Something about the set-up that was asked for once; what could not be read is kept too, and why. */
export type Fact<T> =
  | { readonly kind: 'read'; readonly value: T }
  | { readonly kind: 'unread'; readonly why: string }
  /** Nobody asked, because it does not apply or because something else is missing. */
  | { readonly kind: 'skipped'; readonly why: string }

/** Thrown while reading: this fact does not apply here. */
export class NotAsked extends Error {}

/** Reads one fact. Whatever goes wrong becomes a part of it: other facts are read all the same. */
export async function readFact<T>(
  read: () => Promise<T>,
  explain: (error: unknown) => unknown = explainAwsError,
): Promise<Fact<T>> {
  try {
    return { kind: 'read', value: await read() }
  } catch (error) {
    if (error instanceof NotAsked) return { kind: 'skipped', why: error.message }
    const known = explain(error)
    if (known instanceof Problem) return { kind: 'unread', why: known.message }
    return { kind: 'unread', why: messageOf(known) }
  }
}

/** The value of a fact that another one rests on; without it the other is not asked for. */
export function needed<T>(fact: Fact<T>, what: string): T {
  if (fact.kind === 'read') return fact.value
  throw new NotAsked(`It needs ${what}.`)
}

/** Of optional settings, for a fact that needs them. */
export function given<T>(value: T | undefined, why: string): T {
  if (value !== undefined) return value
  throw new NotAsked(why)
}
