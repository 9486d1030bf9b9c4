import type { AnswerFlows } from '../../core/policy/answer-flow.ts'
import { keys } from './keys.ts'
import type { Table } from './table.ts'

/** Names the content of the policy that is in force. */
export type Head = {
  readonly version: number
  readonly contentId: string
  readonly pieces: number
  /** Of the whole table (`TABLE_FORM`). NaN in a table from before 0.1.0. */
  readonly form: number
  readonly answerFlows?: AnswerFlows
}

/** Undefined in a table without a policy. */
export async function readHead(table: Table): Promise<Head | undefined> {
  const item = await table.get(keys.policy)
  if (item?.contentId?.S === undefined) return undefined
  const { version, contentId, pieces, form, answerFlows: flows } = item
  const numbers = { version: Number(version?.N), pieces: Number(pieces?.N), form: Number(form?.N) }
  const head = { ...numbers, contentId: contentId.S }
  return flows?.S === undefined ? head : { ...head, answerFlows: JSON.parse(flows.S) as AnswerFlows }
}

/** Pieces of at most 400,000 bytes, the size of an item. Never splits a surrogate pair, half of which would be lost. */
export function inPieces(text: string): readonly string[] {
  return text.match(/.{1,100000}/gsu) ?? []
}
