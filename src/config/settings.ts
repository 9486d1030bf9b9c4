import type { CodeEnding } from '../core/message/code-ending.ts'
import type { PlanRules } from '../core/plan/plan.ts'
import { didYouMean } from '../core/values/closest.ts'
import { callersOfOrg, missingForCallers, type OrgSelector } from './callers.ts'
import type { Environment } from './environment.ts'
import { readGroup, type SettingGroup, type ValuesOf } from './setting.ts'
import { allSettings, settingTable } from './setting-table.ts'

/** The settings of a deployment, in the groups of the table of settings. */
export type Settings = {
  readonly [Group in keyof typeof settingTable]: ValuesOf<(typeof settingTable)[Group]>
}

export type SettingsRead =
  | { readonly kind: 'settings'; readonly settings: Settings }
  | { readonly kind: 'problems'; readonly problems: readonly string[] }

/** Reads settings from an environment, and reports all problems at once. An unknown `HOOKLINE_*` name is a problem. */
export function readSettings(environment: Environment): SettingsRead {
  const groups: readonly (readonly [string, SettingGroup])[] = Object.entries(settingTable)
  const read = groups.map(([name, group]) => [name, readGroup(group, environment)] as const)
  const known = new Set(allSettings.map(({ name }) => name))
  const unknown = Object.keys(environment)
    .filter(name => name.startsWith('HOOKLINE_') && !known.has(name))
    .map(
      name => `${name} is not a setting of Hookline; docs/settings.md lists them.${didYouMean(name, known)}`,
    )
  const problems = [...read.flatMap(([, group]) => group.problems), ...unknown]
  if (problems.length > 0) return { kind: 'problems', problems }
  const settings = Object.fromEntries(read.map(([name, { values }]) => [name, values]))
  return { kind: 'settings', settings: settings as Settings } // group by group, as the table has them
}

/** Settings that `serve` needs and that are missing. */
export function missingForService(settings: Settings): readonly string[] {
  return [...missingForCallers(settings.callers), ...missingForSending(settings)]
}

/** Settings that sending needs and that are missing. */
export function missingForSending({ store, aws }: Settings): readonly string[] {
  return [
    ...(store.hashKey === undefined
      ? [`${settingTable.store.hashKey.name} is missing. Create one with: openssl rand -hex 32`]
      : []),
    ...(aws.region === undefined
      ? [
          `${settingTable.aws.region.name} is missing: the region of AWS End User Messaging, such as us-east-1.`,
        ]
      : []),
  ]
}

/** The settings as if the deployment trusted only this org; undefined if it does not trust it. */
export function settingsOfOrg(settings: Settings, selector: OrgSelector): Settings | undefined {
  const callers = callersOfOrg(settings.callers, selector)
  return callers && { ...settings, callers }
}

/** The settings for planning. */
export function planRules({ numbers, texts, prices, aws }: Settings): PlanRules {
  return {
    ...numbers,
    defaultLocale: texts.defaultLocale,
    fallbackVoiceLocale: texts.fallbackVoiceLocale,
    oktasTextFor: texts.oktasTextFor,
    partsMax: texts.partsMax,
    brand: texts.brand,
    brandSpeech: brandSpeech(texts),
    domain: texts.domain,
    usesFirstName: texts.usesFirstName,
    ending: codeEnding(texts),
    maxPricePerPart: prices.partMax,
    maxPricePerMinute: prices.minuteMax,
    homeRegion: aws.region,
  }
}

function brandSpeech({
  brandSpoken: alias,
  brandLanguage: language,
}: Settings['texts']): PlanRules['brandSpeech'] {
  return alias === undefined && language === undefined ? undefined : { alias, language }
}

/** If both are set, texts end with the app's hash: they can be for one app or for browsers, not both. */
function codeEnding({ domain, appHash }: Settings['texts']): CodeEnding | undefined {
  if (appHash !== undefined) return { kind: 'app', appHash }
  return domain === undefined ? undefined : { kind: 'domain', domain }
}
