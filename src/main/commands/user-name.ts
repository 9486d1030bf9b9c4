import { userInfo } from 'node:os'

/** Whom the operating system runs this for; undefined where it has no name for them, as in some containers. */
export function userName(): string | undefined {
  try {
    return userInfo().username
  } catch {
    return undefined
  }
}
