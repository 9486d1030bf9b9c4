/** Whether a text fits one of IAM's patterns: `*` is any characters, `?` is one. */
export function matchesAny(
  patterns: string | readonly string[],
  text: string,
  { ignoreCase = false } = {},
): boolean {
  return [patterns].flat().some(pattern => toRegExp(pattern, ignoreCase).test(text))
}

function toRegExp(pattern: string, ignoreCase: boolean): RegExp {
  const escaped = pattern.replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
  const source = escaped.replaceAll('*', '.*').replaceAll('?', '.')
  return new RegExp(`^${source}$`, ignoreCase ? 'is' : 's')
}
