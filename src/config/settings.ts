import { missingForAsking } from './asking-fields.ts'
import { type Environment, readFields, type ValuesOf } from './field.ts'
import { settingFields } from './setting-fields.ts'

export type { Environment }
export type Settings = ValuesOf<typeof settingFields>

export type SettingsRead =
  | { readonly kind: 'settings'; readonly settings: Settings }
  | { readonly kind: 'problems'; readonly problems: readonly string[] }

/** Reads settings from an environment. All problems at once; an unknown `HOOKLINE_*` name is one. */
export function readSettings(environment: Environment): SettingsRead {
  const { values: settings, problems } = readFields(settingFields, environment)
  const unknown = Object.keys(environment)
    .filter(name => name.startsWith('HOOKLINE_') && !(name in settingFields))
    .map(name => `${name} is not a setting of Hookline; docs/settings.md lists them.`)
  return problems.length + unknown.length > 0
    ? { kind: 'problems', problems: [...problems, ...unknown] }
    : { kind: 'settings', settings }
}

/** What `serve` needs beyond what is right in itself. */
export function missingForService(settings: Settings): readonly string[] {
  return [...missingForAsking(settings), ...missingForSending(settings)]
}

/** What it takes to send. */
export function missingForSending(settings: Settings): readonly string[] {
  return [
    ...(settings.HOOKLINE_HASH_KEY === undefined
      ? ['HOOKLINE_HASH_KEY is missing. Make one with: openssl rand -hex 32']
      : []),
    ...(settings.AWS_REGION === undefined
      ? ['AWS_REGION is missing: the region of AWS End User Messaging, such as us-east-1.']
      : []),
  ]
}
