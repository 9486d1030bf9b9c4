import assert from 'node:assert/strict'
import type { CallResult } from '../../simulators/okta/hook-caller.ts'

/** The value of the only command in the hook's answer. */
export type AnswerValue = Readonly<
  Record<'status' | 'provider' | 'transactionId' | 'transactionMetadata', string>
>

export function valueIn({ answer }: CallResult): AnswerValue {
  const { commands } = answer as { readonly commands?: readonly { readonly value: readonly AnswerValue[] }[] }
  const value = commands?.[0]?.value[0]
  assert.ok(value, JSON.stringify(answer))
  return value
}

/** Hookline's own result code, as in Okta's System Log. */
export function codeIn({ answer }: CallResult): string | undefined {
  return (answer as { readonly debugContext?: { readonly code?: string } }).debugContext?.code
}
