/**
 * The name that a mistyped text most likely stands for: at most three edits away (a letter more, fewer, other, or two
 * swapped), and at most two fifths of its length. Undefined where none is that close. Case does not matter.
 */
export function closest<Name extends string>(text: string, names: Iterable<Name>): Name | undefined {
  const typed = text.toLowerCase().slice(0, LENGTH_MAX)
  let best: { readonly name: Name; readonly edits: number } | undefined
  for (const name of names) {
    const edits = editsBetween(typed, name.toLowerCase())
    const editsMax = Math.min(3, Math.floor(Math.max(typed.length, name.length) * 0.4))
    if (edits <= editsMax && edits < (best?.edits ?? Number.POSITIVE_INFINITY)) best = { name, edits }
  }
  return best?.name
}

/** ` Did you mean GB?`, to end a message with; empty where nothing is close. */
export function didYouMean(text: string, names: Iterable<string>): string {
  const name = closest(text, names)
  return name === undefined ? '' : ` Did you mean ${name}?`
}

/** Damerau-Levenshtein distance, where no part is changed twice (optimal string alignment). */
function editsBetween(one: string, other: string): number {
  let [beforeLast, last]: [number[], number[]] = [[], Array.from({ length: other.length + 1 }, (_, at) => at)]
  for (let row = 1; row <= one.length; row++) {
    const next = [row]
    for (let column = 1; column <= other.length; column++) {
      const isSame = one[row - 1] === other[column - 1]
      const isSwapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]
      next.push(
        Math.min(
          (last[column] ?? 0) + 1,
          (next[column - 1] ?? 0) + 1,
          (last[column - 1] ?? 0) + (isSame ? 0 : 1),
          isSwapped ? (beforeLast[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
        ),
      )
    }
    ;[beforeLast, last] = [last, next]
  }
  return last[other.length] ?? 0
}

const LENGTH_MAX = 100
