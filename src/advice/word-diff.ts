import { diffArrays } from 'diff'

export type Piece = { readonly kind: 'same' | 'removed' | 'added'; readonly text: string }

/**
 * The changes of a text, word by word. The pieces that are not `added` form the text before; those that are not
 * `removed` form the text after. Words are split by the rules of the language, which may not use spaces; an argument or
 * a tag is one word.
 */
export function diffWords(before: string, after: string, locale: string): readonly Piece[] {
  const [old, now] = [wordsOf(before, locale), wordsOf(after, locale)]
  return inPhrases(compare(old, now))
}

function wordsOf(text: string, locale: string): readonly string[] {
  const segmenter = new Intl.Segmenter(locale, { granularity: 'word' })
  return (text.match(/\{[^{}]*\}|<[^<>]*>|[^{}<]+|[{}<]/g) ?? []).flatMap(run =>
    /^[{<]/.test(run) ? [run] : [...segmenter.segment(run)].map(({ segment }) => segment),
  )
}

function compare(old: readonly string[], now: readonly string[]): readonly Piece[] {
  return diffArrays([...old], [...now]).flatMap(({ added, removed, value }) => {
    const kind = added ? 'added' : removed ? 'removed' : 'same'
    return value.map(text => ({ kind, text }) as const)
  })
}

/** Joins neighbouring changes, with the spaces between them, into one removed and one added phrase. */
function inPhrases(pieces: readonly Piece[]): readonly Piece[] {
  const phrases: Piece[] = []
  let [removed, added] = ['', '']
  const end = (): void => {
    if (removed !== '') phrases.push({ kind: 'removed', text: removed })
    if (added !== '') phrases.push({ kind: 'added', text: added })
    removed = added = ''
  }
  for (const [index, { kind, text }] of pieces.entries()) {
    const isBetween =
      kind === 'same' &&
      /^\s+$/.test(text) &&
      removed !== '' &&
      added !== '' &&
      pieces[index + 1]?.kind !== 'same'
    if (kind === 'same' && !isBetween) {
      end()
      phrases.push({ kind, text })
    } else {
      if (kind !== 'added') removed += text
      if (kind !== 'removed') added += text
    }
  }
  end()
  return joined(phrases)
}

function joined(pieces: readonly Piece[]): readonly Piece[] {
  const long: Piece[] = []
  for (const piece of pieces) {
    const last = long.at(-1)
    if (last?.kind === piece.kind) long[long.length - 1] = { ...piece, text: last.text + piece.text }
    else long.push(piece)
  }
  return long
}
