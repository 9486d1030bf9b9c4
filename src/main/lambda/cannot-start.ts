/** Why a function does not start, for its log. */
export function cannotStart(problems: readonly string[]): Error {
  return new Error(`This function cannot start: ${problems.join(' ')} Every setting: docs/settings.md.`)
}
