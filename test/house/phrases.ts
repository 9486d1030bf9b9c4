import { collectSentences, type Sentence } from '../../tools/sentences.ts'
import list from './phrases.json' with { type: 'json' }

export type Finding = { readonly sentence: Sentence; readonly found: string; readonly instead: string }

const PHRASES = Object.entries(list.phrases).map(([pattern, instead]) => ({
  pattern: new RegExp(pattern, 'i'),
  instead,
}))

/** Phrases that a native editor would not print, with what to write. Code in backquotes is not read. */
export function phrasesIn(sentences: readonly Sentence[]): readonly Finding[] {
  return sentences.flatMap(sentence => {
    if (list.exceptions.some(({ file }) => file === sentence.file)) return []
    const prose = sentence.text.replace(/`[^`]*`/g, '`…`')
    return PHRASES.flatMap(({ pattern, instead }) => {
      const found = pattern.exec(prose)?.[0]
      return found === undefined ? [] : [{ sentence, found, instead }]
    })
  })
}

/** `node test/house/phrases.ts [folder …]`: the findings in these folders, a line each. */
if (import.meta.main) {
  const folders = process.argv.slice(2)
  const findings = phrasesIn(collectSentences()).filter(
    ({ sentence: { file } }) => folders.length === 0 || folders.some(folder => file.startsWith(folder)),
  )
  for (const { sentence, found, instead } of findings) {
    console.log(`${sentence.file}:${sentence.line}: "${found}": write ${instead}\n    ${sentence.text}`)
  }
  console.log(`${findings.length} to rewrite`)
}
