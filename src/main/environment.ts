import type { Environment } from '../config/field.ts'

/**
 * What a program that this one starts needs of the environment: where programs and folders are, language, time zone and
 * Node's own options. No setting and no secret, whoever's it is; what the program needs besides is named by whoever starts it.
 */
export function inheritedEnvironment(environment: Environment): Readonly<Record<string, string>> {
  const needed = Object.entries(environment).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && NEEDED.test(entry[0]),
  )
  return Object.fromEntries(needed)
}

const NEEDED =
  /^(?:PATH|PATHEXT|HOME|USERPROFILE|SYSTEMROOT|COMSPEC|WINDIR|APPDATA|LOCALAPPDATA|TMPDIR|TEMP|TMP|TZ|LANG|LC_\w+|NODE_\w+|npm_config_cache)$/i
