import { nameOfWhom, type Override } from './fraud-policy.ts'
import type { StoredPolicy } from './policy.ts'
import { type Editor, nameOfTemplate } from './policy-store.ts'

/**
 * The log of changes: who changed what, before and after, and who looked up a person. `test/contracts/changes.test.ts`
 * proves it. Changes of the policy are logged by the store, in the step that makes them (`PolicyStore`). It never contains
 * a whole number, a login or a code. All calls reject when the store is unavailable.
 */
export type ChangeLog = {
  /** Logs what is not part of the policy: a change of an opt-out list, the look-up of a person, an erasure. */
  readonly logEvent: (event: LogEvent, by: Editor) => Promise<void>
  /** The newest entries that match, newest first, at most `limit`. */
  readonly listChanges: (query: ChangeQuery) => Promise<readonly LoggedChange[]>
}

/** Something that was changed. Both values are JSON; `before` is absent if it was added, `after` if it was removed. */
export type Difference = { readonly name: string; readonly before?: unknown; readonly after?: unknown }

export type LogEvent = {
  readonly what: (typeof loggedEvents)[number]
  readonly differences: readonly Difference[]
}

/** What was changed in one step, by whom and why. A step that changed very much may have several entries. */
export type LoggedChange = Editor & {
  readonly what: LoggedThing
  /** At least one. */
  readonly differences: readonly Difference[]
  /** Continues a list (`ChangeQuery.before`). Opaque: its form depends on the store. */
  readonly position: string
}

export type ChangeQuery = {
  /** 1 to 1,000. */
  readonly limit: number
  readonly what?: LoggedThing
  /** Only those from this moment on; milliseconds since 1970. */
  readonly since?: number
  /** Only those that a list shows after this position. */
  readonly before?: string
}

/** The part of the policy that people change. */
export type PolicyContent = Omit<StoredPolicy, 'version' | 'answerFlows'>

type Parts = readonly (readonly [name: string, value: unknown])[]

/** Each section of the policy as named parts, so that a new section is logged as soon as it has a line here. */
const SECTIONS: { readonly [S in keyof PolicyContent]-?: (policy: PolicyContent) => Parts } = {
  templates: ({ templates }) =>
    templates.map(({ channel, locale, purpose, ...template }) => [
      nameOfTemplate({ channel, locale, purpose }),
      template,
    ]),
  routes: ({ routes }) =>
    routes.map(({ country, channel, candidates }) => [`${country}/${channel}`, candidates]),
  limits: ({ limits: { mode, windows } }) => [
    ['mode', mode],
    ...windows.map(({ scope, windowSeconds, ...rest }) => [`${scope}/${windowSeconds}`, rest] as const),
  ],
  fraud: ({ fraud: { mode, modes, overrides, budgets } }) => [
    ['mode', mode],
    ['budgets', budgets],
    ...Object.entries(modes).map(([caller, own]) => [`mode of ${caller}`, own] as const),
    ...overrides.map(override => [nameOfOverride(override), override] as const),
  ],
  routing: ({ routing: { mode, pinned, shares, refused } }) => [
    ['mode', mode],
    ...pinned.map(route => [`pin of ${route}`, true] as const),
    ...Object.entries(shares).map(([route, { tenths }]) => [`shares of ${route}`, tenths] as const),
    ...Object.keys(refused).map(name => [`AWS about ${name}`, 'refused'] as const),
  ],
}

const loggedEvents = ['optouts', 'lookups', 'erasures'] as const
export const loggedThings = [...(Object.keys(SECTIONS) as (keyof PolicyContent)[]), ...loggedEvents]
export type LoggedThing = (typeof loggedThings)[number]

/** Whether it is part of the policy, whose changes the store logs in the same step. */
export function isOfPolicy(what: LoggedThing): what is keyof PolicyContent {
  return Object.hasOwn(SECTIONS, what)
}

/** A phone is either allowed or denied; the same one has one name. */
function nameOfOverride({ what, whom }: Override): string {
  return `${what === 'expect' ? 'expect' : 'allow or deny'} ${nameOfWhom(whom)}`
}

/** What a change of the policy changed, by section. Empty if both are the same. */
export function policyDifferences(
  before: PolicyContent,
  after: PolicyContent,
): readonly { readonly what: LoggedThing; readonly differences: readonly Difference[] }[] {
  return (Object.keys(SECTIONS) as (keyof PolicyContent)[]).flatMap(what => {
    const partsOf = SECTIONS[what]
    const differences = differencesOf(new Map(partsOf(before)), new Map(partsOf(after)))
    return differences.length === 0 ? [] : [{ what, differences }]
  })
}

function differencesOf(
  before: ReadonlyMap<string, unknown>,
  after: ReadonlyMap<string, unknown>,
): readonly Difference[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap(name => {
    const [old, now] = [before.get(name), after.get(name)]
    if (canonical(old) === canonical(now)) return []
    return [{ name, ...(old !== undefined && { before: old }), ...(now !== undefined && { after: now }) }]
  })
}

/** Equal values have equal text, whatever the order of their properties. */
function canonical(value: unknown): string | undefined {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([one], [other]) => (one < other ? -1 : 1)))
      : part,
  )
}
