export type Environment = Readonly<Record<string, string | undefined>>

/** The text of a setting in an environment: an empty variable is an unset one. */
export function textOf({ name }: { readonly name: string }, environment: Environment): string | undefined {
  return environment[name]?.trim() || undefined
}

/** Variables that hold secrets. Each may be `<name>_FILE` instead: the path of a file that holds it. */
export const secretNames: readonly string[] = [
  'HOOKLINE_HASH_KEY',
  'HOOKLINE_OTHER_HASH_KEY',
  'HOOKLINE_SECRETS',
  'HOOKLINE_ORG_SECRETS',
  'HOOKLINE_EVENT_SECRETS',
  'HOOKLINE_ORG_EVENT_SECRETS',
  'OKTA_API_TOKEN',
]
