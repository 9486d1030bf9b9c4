import list from './old-names.json' with { type: 'json' }

/** A name that must not occur any more: where it was found, and what to write. */
export type OldName = {
  readonly file: string
  readonly line: number
  readonly old: string
  readonly instead: string
}

/** Why these files may have old names. */
export const exceptions: Readonly<Record<string, string>> = list.exceptions

/** Every old name in a text: in prose, and as a part of an identifier in any spelling (`askerName`, `ASKER`, `the-asker`). */
export function oldNamesIn(file: string, text: string): readonly OldName[] {
  return text
    .split('\n')
    .flatMap((content, index) =>
      RULES.flatMap(({ pattern, old, instead }) =>
        pattern.test(content) ? [{ file, line: index + 1, old, instead }] : [],
      ),
    )
}

const RULES = [
  ...Object.entries(list.names).map(([old, instead]) => ({ pattern: partOf(old), old, instead })),
  ...Object.entries(list.identifiers).map(([old, instead]) => ({
    pattern: new RegExp(
      `(?<![a-z])${old}(?![a-z])|${old.replace(/^./, first => first.toUpperCase())}(?![a-z])`,
    ),
    old,
    instead,
  })),
  ...Object.entries(list.commands).map(([old, instead]) => ({
    pattern: new RegExp(`(?<!\\bno )\\b${old.replace(' ', "(?:'?,? ?'?| )")}\\b`),
    old,
    instead,
  })),
  ...Object.entries(list.steps).map(([old, instead]) => ({
    pattern: new RegExp(`\\bstep(?: ?[=:]+ ?)["']${old}["']`),
    old: `step ${old}`,
    instead,
  })),
  ...Object.entries({ ...list.metrics, ...list.codes }).map(([old, instead]) => ({
    pattern: new RegExp(`\\b${old}\\b`),
    old,
    instead,
  })),
]

/** `way in` is also `wayIn`, `WayIn`, `way-in`, `way_in`, `WAY_IN`. A part of a longer word does not count: `wrung`, `health`. */
function partOf(name: string): RegExp {
  const words = name.split(' ')
  const capital = words.map(word => word.replace(/^./, first => first.toUpperCase()))
  const small = `(?<![A-Za-z])${words.join('[ _-]')}(?![a-z]| which)`
  const camel = `(?<![A-Za-z])${[words[0], ...capital.slice(1)].join('')}(?![a-z])`
  const pascal = `(?<![A-Z])${capital.join('[ _-]?')}(?![a-z])`
  const shout = `(?<![A-Z])${name.toUpperCase().replaceAll(' ', '_')}(?![A-Z])`
  return new RegExp([small, camel, pascal, shout].join('|'))
}
