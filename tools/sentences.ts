import { globSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { type Comment, parseSync } from 'oxc-parser'

/** A sentence that a person reads, and where it is. */
export type Sentence = {
  readonly kind: 'docs' | 'program' | 'comment'
  readonly file: string
  readonly line: number
  readonly text: string
}

/**
 * Every sentence that people read: of the documents, of what the programs print (any string with a blank in it),
 * and of the comments. Code blocks, and code in backquotes alone, are left out. Paths are relative to the
 * repository's root, which must be the working directory.
 */
export function collectSentences(): readonly Sentence[] {
  return [...DOCUMENTS.flatMap(inDocument), ...SOURCES.flatMap(inSource)]
}

const DOCUMENTS = globSync(['*.md', 'docs/**/*.md']).sort()
const SOURCES = globSync(['{src,infra,simulators,bench,test,tools}/**/*.ts']).sort()

/** Files whose strings people read. Strings in tests are their names and test data. */
const PRINTS = /^(?:src|infra|tools|simulators)\/(?!.*\.test\.ts$)/

function inDocument(file: string): readonly Sentence[] {
  const blocks: { readonly line: number; text: string }[] = []
  let isCode = false
  let isOpen = false
  for (const [index, content] of readFileSync(file, 'utf8').split('\n').entries()) {
    if (content.startsWith('```')) isCode = !isCode
    const isText = !isCode && !/^(?:```| {4}\S|<!--|\s*$|\|[ -|]*\|$)/.test(content)
    const begins = /^(?:#+ |\||\s*(?:[-*]|\d+\.) )/.test(content)
    const last = blocks.at(-1)
    if (isText && isOpen && !begins && last !== undefined) last.text += ` ${content}`
    else if (isText) {
      const cells = content.startsWith('|')
        ? content.split('|')
        : [content.replace(/^\s*(?:#+|[-*]|\d+\.) /, '')]
      blocks.push(...cells.map(text => ({ line: index + 1, text })))
    }
    isOpen = isText && !content.startsWith('|') && !content.startsWith('#')
  }
  return blocks.flatMap(({ line, text }) => sentencesOf(text, 'docs', file, line))
}

function inSource(file: string): readonly Sentence[] {
  const text = readFileSync(file, 'utf8')
  const { program, comments } = parseSync(file, text)
  const lineOf = lineFinder(text)
  const printed: Sentence[] = []
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    const { type, value, start = 0, quasis } = node as Node
    const literal = type === 'Literal' && typeof value === 'string' ? value : undefined
    const template = quasis?.map(({ value }) => value.cooked ?? '').join('…')
    const text = literal ?? template
    if (text !== undefined) printed.push(...sentencesOf(text, 'program', file, lineOf(start)))
    for (const [part, child] of Object.entries(node)) if (part !== 'source') visit(child)
  }
  if (PRINTS.test(file)) visit(program)
  return [...printed, ...comments.flatMap(comment => inComment(comment, file, lineOf(comment.start)))]
}

type Node = {
  readonly type?: string
  readonly value?: unknown
  readonly start?: number
  /** The fixed parts of a template string, with an ellipsis for each filled-in value. */
  readonly quasis?: readonly { readonly value: { readonly cooked?: string } }[]
}

function inComment({ value }: Comment, file: string, line: number): readonly Sentence[] {
  return sentencesOf(value.replace(/^\s*\*+ ?/gm, ''), 'comment', file, line)
}

/** Cut at ends of sentences. One or two words are not a sentence. Comments and paragraphs are joined over their lines. */
function sentencesOf(text: string, kind: Sentence['kind'], file: string, line: number): readonly Sentence[] {
  return text
    .replace(/\s+/g, ' ')
    .split(/(?<=[.!?])\s+(?=[\p{Lu}`"'])/u)
    .map(sentence => sentence.trim())
    .filter(sentence => (sentence.match(/(?<=^|\s)[A-Za-z][a-z']*(?=[\s,.;:!?]|$)/g) ?? []).length > 2)
    .map(sentence => ({ kind, file, line, text: sentence }))
}

function lineFinder(text: string): (offset: number) => number {
  const ends = [...text.matchAll(/\n/g)].map(({ index }) => index)
  return offset => {
    const next = ends.findIndex(end => end >= offset)
    return (next < 0 ? ends.length : next) + 1
  }
}

/** The same for the same seed (Mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** `node tools/sentences.ts --seed N`: prints thirty random sentences to review, ten of each kind. */
function main(): void {
  const { values } = parseArgs({ options: { seed: { type: 'string', default: '1' } } })
  const random = randomOf(Number(values.seed))
  const all = collectSentences()
  for (const kind of ['docs', 'program', 'comment'] as const) {
    const left = all.filter(sentence => sentence.kind === kind)
    console.log(`\n${kind}: ten of ${left.length}\n`)
    for (let count = 0; count < 10 && left.length > 0; count += 1) {
      const [one] = left.splice(Math.floor(random() * left.length), 1)
      if (one !== undefined) console.log(`${one.file}:${one.line}\n    ${one.text}`)
    }
  }
}

if (import.meta.main) main()
