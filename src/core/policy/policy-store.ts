import type { TemplateText } from '../message/template.ts'
import type { FraudPolicy, NewFraudPolicy } from './fraud-policy.ts'
import type { Limits } from './limits.ts'
import type { StoredPolicy } from './policy.ts'
import type { Route } from './route.ts'
import type { NewRoutingPolicy } from './routing-policy.ts'

/**
 * Stores the policy, with the versions of its templates; `test/contracts/store.ts` proves it. All calls reject when the
 * store is unavailable. The caller limits the time. Every change is in the log of changes (`change-log.ts`), or it is not made.
 */
export type PolicyStore = {
  /** The whole policy at one moment; undefined if it is still the version that the caller knows. */
  readonly readPolicy: (knownVersion?: number) => Promise<StoredPolicy | undefined>
  /**
   * Adds or replaces templates by (channel, locale, purpose), all or none. If one call has two with the same name, the
   * last is saved. The store increments the version. Nothing is saved if an editor saw a version that is not in force.
   */
  readonly saveTemplates: (changes: readonly TemplateChange[], by: Editor) => Promise<TemplatesSaved>
  /** The versions that are kept of one template, newest first: the one in force, and at least the 49 before it. */
  readonly readTemplateVersions: (of: TemplateName) => Promise<readonly TemplateVersion[]>
  /** Adds or replaces routes by (country, channel), all or none. */
  readonly saveRoutes: (routes: readonly Route[], by: Editor) => Promise<void>
  readonly saveLimits: (limits: Limits, by: Editor) => Promise<void>
  /**
   * Replaces the mode and the overrides of the fraud rule, and increments `FraudPolicy.version`. False, and nothing is
   * saved, if `replaces` is not the version in force. Without it, any version is replaced.
   */
  readonly saveFraudPolicy: (fraud: NewFraudPolicy, by: Editor, replaces?: number) => Promise<boolean>
  /** The same for the shares of routes (`RoutingPolicy.version`). */
  readonly saveRoutingPolicy: (routing: NewRoutingPolicy, by: Editor, replaces?: number) => Promise<boolean>
  /**
   * Records that codes of these callers are answered (`flowsWith`), if it was not recorded within the hour. Does nothing in
   * a store without a policy. When two processes record at the same moment, one of them may do nothing.
   */
  readonly noteAnswers: (callers: readonly string[], at: number) => Promise<void>
}

export type NewTemplate = Omit<TemplateText, 'version'>

export type TemplateName = Pick<TemplateText, 'channel' | 'locale' | 'purpose'>

/** `sms/es/any`: how commands, logs and findings name a template. */
export function nameOfTemplate(of: TemplateName): string {
  return `${of.channel}/${of.locale}/${of.purpose}`
}

/** Whether two templates give the same message. */
export function isSameTemplate(one: NewTemplate, other: NewTemplate): boolean {
  return (
    one.text === other.text &&
    one.short === other.short &&
    one.voiceId === other.voiceId &&
    one.indiaTemplateId === other.indiaTemplateId
  )
}

export type TemplateChange = NewTemplate & {
  /** The version that the editor saw; 0 if there was no template. Without it, any version is replaced. */
  readonly replaces?: number
}

/** Who made a change, when (milliseconds since 1970), and why if they said so. */
export type Editor = { readonly author: string; readonly at: number; readonly because?: string }

/** A template as it was saved. */
export type TemplateVersion = TemplateText & { readonly author: string; readonly savedAt: number }

/** How many versions of a template a store keeps, including the one in force. */
export const VERSIONS_KEPT = 50

export type TemplatesSaved =
  /** The templates that are now in force. */
  | { readonly kind: 'saved'; readonly templates: readonly TemplateText[] }
  /** The changes whose editor saw a version that is not in force. */
  | { readonly kind: 'conflict'; readonly with: readonly TemplateConflict[] }

export type TemplateConflict = {
  readonly change: TemplateChange
  /** The template in force, if there is one. */
  readonly existing: TemplateText | undefined
}

/** The templates that a store must save, or the conflicts with the existing ones. */
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

/** `refused`: `work` returned nothing. `conflict`: others saved at the same moment, again and again. */
export type FraudPolicyChanged =
  | { readonly kind: 'saved'; readonly policy: NewFraudPolicy }
  | { readonly kind: 'refused' }
  | { readonly kind: 'conflict' }

/** Reads, changes and saves the fraud policy; again, if somebody else saved in the meantime. */
export async function changeFraudPolicy(
  store: Pick<PolicyStore, 'readPolicy' | 'saveFraudPolicy'>,
  by: Editor,
  work: (policy: FraudPolicy) => NewFraudPolicy | undefined,
): Promise<FraudPolicyChanged> {
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const { fraud } = (await store.readPolicy()) ?? {}
    if (fraud === undefined) throw new Error('The store returned no policy')
    const policy = work(fraud)
    if (policy === undefined) return { kind: 'refused' }
    if (await store.saveFraudPolicy(policy, by, fraud.version)) return { kind: 'saved', policy }
  }
  return { kind: 'conflict' }
}

const ATTEMPTS_MAX = 5
