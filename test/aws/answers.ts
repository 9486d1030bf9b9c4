import assert from 'node:assert/strict'
import type { CallResult } from '../../simulators/okta/hook-caller.ts'

/** The value of the only command in an answer of the hook. */
export type AnswerValue = Readonly<
  Record<'status' | 'provider' | 'transactionId' | 'transactionMetadata', string>
>

export function valueIn({ answer }: CallResult): AnswerValue {
  const { commands } = answer as { readonly commands?: readonly { readonly value: readonly AnswerValue[] }[] }
  const value = commands?.[0]?.value[0]
  assert.ok(value, JSON.stringify(answer))
  return value
}

/** Our own word for how it went, as Okta's System Log has it. */
export function codeIn({ answer }: CallResult): string | undefined {
  return (answer as { readonly debugContext?: { readonly code?: string } }).debugContext?.code
}
