import { valueWithout } from '../../core/records/person.ts'
import { keys } from './keys.ts'
import { inPieces, readHead } from './policy-head.ts'
import type { Table } from './table.ts'

/**
 * Puts `erased` in the place of these digests in the log of changes, and removes contents of the policy that are not in force
 * any more and contain one: they would expire after a day. `contentIds`: of all that the table has. Returns how many entries it changed.
 */
export async function eraseFromLog(
  table: Table,
  digests: readonly string[],
  contentIds: ReadonlySet<string>,
): Promise<number> {
  const names = (text: string): boolean => digests.some(digest => text.includes(digest))
  let changes = 0
  const partitions = [keys.policyChange(0, '', 0).pk, keys.loggedEvent(0, '').pk]
  for (const pk of partitions)
    for await (const { pieces, text } of wholeTexts(table, pk)) {
      if (!names(text)) continue
      const left = inPieces(JSON.stringify(valueWithout(JSON.parse(text), digests)))
      for (const [index, sk] of pieces.entries()) {
        const piece = left[index]
        // Without the person it is never longer.
        if (piece === undefined) await table.remove({ pk, sk })
        else
          await table.update({ pk, sk }, { update: 'SET #text = :text', values: { ':text': { S: piece } } })
      }
      changes += 1
    }
  const inForce = (await readHead(table))?.contentId
  for (const contentId of contentIds) {
    if (contentId === inForce) continue
    const { pk } = keys.policyPiece(contentId, 0)
    const pieces: { readonly sk: string; readonly text: string }[] = []
    for await (const page of table.query('#pk = :pk', { ':pk': { S: pk } }))
      pieces.push(...page.map(({ sk, text }) => ({ sk: sk?.S ?? '', text: text?.S ?? '' })))
    if (names(pieces.map(({ text }) => text).join('')))
      for (const { sk } of pieces) await table.remove({ pk, sk })
  }
  return changes
}

/** Each entry with the sort keys of its pieces, which are beside each other. */
async function* wholeTexts(table: Table, pk: string) {
  let [entry, pieces, text]: [string, string[], string] = ['', [], '']
  for await (const page of table.query('#pk = :pk', { ':pk': { S: pk } }))
    for (const item of page) {
      const sk = item.sk?.S ?? ''
      const own = pk === keys.loggedEvent(0, '').pk ? sk : sk.slice(0, sk.lastIndexOf('#'))
      if (own !== entry && pieces.length > 0) yield { pieces, text }
      ;[pieces, text] =
        own === entry ? [[...pieces, sk], text + (item.text?.S ?? '')] : [[sk], item.text?.S ?? '']
      entry = own
    }
  if (pieces.length > 0) yield { pieces, text }
}
