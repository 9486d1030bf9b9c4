import type { TemplateText } from '../message/template.ts'
import type { TemplateChange, TemplatesSaved } from './store.ts'
import { nameOfTemplate } from './template-name.ts'

/** How a store saves: the templates that come into force beside the known ones, or every conflict with these. */
export function applyChanges(
  known: readonly TemplateText[],
  changes: readonly TemplateChange[],
): TemplatesSaved {
  const there = new Map(known.map(template => [nameOfTemplate(template), template]))
  const lastOfEach = [...new Map(changes.map(change => [nameOfTemplate(change), change]))]
  const conflicts = lastOfEach.flatMap(([name, change]) => {
    const current = there.get(name)
    const isAsSeen = change.replaces === undefined || change.replaces === (current?.version ?? 0)
    return isAsSeen ? [] : [{ change, there: current }]
  })
  if (conflicts.length > 0) return { kind: 'conflict', with: conflicts }
  const templates = lastOfEach.map(([name, { replaces: _, ...template }]) => ({
    ...template,
    version: (there.get(name)?.version ?? 0) + 1,
  }))
  return { kind: 'saved', templates }
}

/** So many versions of a template are kept, the one in force among them. */
export const VERSIONS_KEPT = 50
