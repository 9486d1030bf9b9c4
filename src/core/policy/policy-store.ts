import type { TemplateText } from '../message/template.ts'
import type { Limits } from './limits.ts'
import type { StoredPolicy } from './policy.ts'
import type { Route } from './route.ts'

/**
 * Where the policy is kept, with every version of its templates; `test/contracts/store.ts` is the proof. All calls reject
 * when the store is out of reach. The caller bounds the wait.
 */
export type PolicyStore = {
  /** The whole policy of one moment; undefined when it is still the version that the caller knows. */
  readonly readPolicy: (knownVersion?: number) => Promise<StoredPolicy | undefined>
  /**
   * Adds or replaces templates by (channel, locale, purpose), all or none; of two with the same name in one call the
   * last. The store counts the version up. Nothing is saved where an editor saw another version than there is.
   */
  readonly saveTemplates: (changes: readonly TemplateChange[], by: Editor) => Promise<TemplatesSaved>
  /** Every version that is kept of one template, newest first: the one in force, and at least 49 before it. */
  readonly readTemplateVersions: (of: TemplateName) => Promise<readonly TemplateVersion[]>
  /** Adds or replaces routes by (country, channel), all or none. */
  readonly saveRoutes: (routes: readonly Route[]) => Promise<void>
  readonly saveLimits: (limits: Limits) => Promise<void>
}

export type NewTemplate = Omit<TemplateText, 'version'>

export type TemplateName = Pick<TemplateText, 'channel' | 'locale' | 'purpose'>

/** `sms/es/any`: how commands, logs and findings name a template. */
export function nameOfTemplate(of: TemplateName): string {
  return `${of.channel}/${of.locale}/${of.purpose}`
}

export type TemplateChange = NewTemplate & {
  /** The version that the editor saw; 0 for "there is none". Without it, any version is replaced. */
  readonly replaces?: number
}

/** Who changes something, and when. */
export type Editor = { readonly author: string; readonly at: number }

/** A template as it was saved. One from before versions were kept has the author `unknown` and the time 0. */
export type TemplateVersion = TemplateText & { readonly author: string; readonly savedAt: number }

/** A store keeps so many versions of a template, the one in force among them. */
export const VERSIONS_KEPT = 50

export type TemplatesSaved =
  /** The templates as they are now in force. */
  | { readonly kind: 'saved'; readonly templates: readonly TemplateText[] }
  /** Every change that meets another version than its editor saw. */
  | { readonly kind: 'conflict'; readonly with: readonly TemplateConflict[] }

export type TemplateConflict = {
  readonly change: TemplateChange
  /** The template in force, if there is one. */
  readonly existing: TemplateText | undefined
}

/** How a store saves: the templates that come into force, or every conflict with the existing ones. */
export function applyChanges(
  existing: readonly TemplateText[],
  changes: readonly TemplateChange[],
): TemplatesSaved {
  const byName = new Map(existing.map(template => [nameOfTemplate(template), template]))
  const lastOfEach = [...new Map(changes.map(change => [nameOfTemplate(change), change]))]
  const conflicts = lastOfEach.flatMap(([name, change]) => {
    const current = byName.get(name)
    const isAsSeen = change.replaces === undefined || change.replaces === (current?.version ?? 0)
    return isAsSeen ? [] : [{ change, existing: current }]
  })
  if (conflicts.length > 0) return { kind: 'conflict', with: conflicts }
  const templates = lastOfEach.map(([name, { replaces: _, ...template }]) => ({
    ...template,
    version: (byName.get(name)?.version ?? 0) + 1,
  }))
  return { kind: 'saved', templates }
}
