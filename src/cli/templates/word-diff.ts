import { diffArrays } from 'diff'

export type Piece = { readonly kind: 'same' | 'removed' | 'added'; readonly text: string }

/**
 * What became of a text, word by word: the pieces that are not `added`, joined, are the text before; those that are
 * not `removed` the text after. Words are those of the language, also where it writes no spaces; an argument or a tag
 * is one word.
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

/** Changes side by side as one, removed before added, over the spaces between them: people read phrases. */
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
