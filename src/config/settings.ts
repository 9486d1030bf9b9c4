import { didYouMean } from '../core/values/closest.ts'
import {
  type CallerSettings,
  callersOfOrg,
  hasUnnamedOrg,
  missingForCallers,
  type OrgSelector,
} from './callers.ts'
import type { Environment } from './environment.ts'
import { type EventSecrets, eventSecretProblems } from './event-settings.ts'
import { missingForSending } from './sending-settings.ts'
import { readGroups, type ValuesOf } from './setting.ts'
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
  const { values: settings, problems } = readGroups(settingTable, environment)
  const known = new Set(allSettings.map(({ name }) => name))
  const unknown = Object.keys(environment)
    .filter(name => name.startsWith('HOOKLINE_') && !known.has(name))
    .map(
      name => `${name} is not a setting of Hookline; docs/settings.md lists them.${didYouMean(name, known)}`,
    )
  const all = [...problems, ...unknown]
  return all.length > 0 ? { kind: 'problems', problems: all } : { kind: 'settings', settings }
}

/** Settings that `serve` needs and that are missing, or contradict each other. */
export function missingForService(settings: Settings): readonly string[] {
  return [
    ...missingForCallers(settings.callers),
    ...eventSecretProblems(settings.events),
    ...eventOrgProblems(settings.events, settings.callers),
    ...missingForSending(settings),
  ]
}

/** Secrets for orgs that do not call the hook: no delivery could be theirs. In this file because the events function does not load the settings of callers. */
function eventOrgProblems(
  { secrets, orgSecrets = new Map() }: EventSecrets,
  callers: CallerSettings,
): readonly string[] {
  const names = (callers.orgs ?? []).map(({ name }) => name)
  const unknown = [...orgSecrets.keys()].filter(name => !names.includes(name))
  return [
    ...unknown.map(
      name =>
        `${settingTable.events.orgSecrets.name} names ${name}, which HOOKLINE_ORGS does not, so none of its events could be joined. Correct the name or remove it.${didYouMean(name, names)}`,
    ),
    ...(secrets !== undefined && names.length > 0 && !hasUnnamedOrg(callers)
      ? [
          `${settingTable.events.secrets.name} is for the org without a name, and every org has one, so none of its events could be joined. Set ${settingTable.events.orgSecrets.name} instead.`,
        ]
      : []),
  ]
}

/** The settings as if the deployment trusted only this org; undefined if it does not trust it. */
export function settingsOfOrg(settings: Settings, selector: OrgSelector): Settings | undefined {
  const callers = callersOfOrg(settings.callers, selector)
  return callers && { ...settings, callers: { ...settings.callers, ...callers } }
}
