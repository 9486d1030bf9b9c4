import assert from 'node:assert/strict'
import { globSync, readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import { Script } from 'node:vm'
import { hostileInputs } from './hostile-inputs.ts'
import { readRegularExpressions } from './read-source.ts'

const IN_SRC = { size: 64 * 1024, maxMs: 5, giveUpMs: 60_000 }

/** CPU of this thread for one pass over the input with `test`, or with `g` for every match. */
function cpuMs({ source, flags }: RegExp, input: string): number {
  const pattern = new RegExp(source, flags)
  let matches = 0
  const before = process.threadCpuUsage()
  while (pattern.test(input) && pattern.global && pattern.lastIndex > 0) matches += 1
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1_000 - matches * MATCH_MS // the call of the engine is not counted
}
const MATCH_MS = 0.0002

/** The first input that takes too long. A busy machine may slow down one pass, but not all of five. */
function slowInput(
  pattern: RegExp,
  { size, maxMs, giveUpMs }: { size: number; maxMs: number; giveUpMs: number },
): string | undefined {
  const isSlow = (input: string): boolean => {
    const first = cpuMs(pattern, input)
    return first > maxMs && (first > 20 * maxMs || [1, 2, 3, 4].every(() => cpuMs(pattern, input) > maxMs))
  }
  let at = ''
  const search = (): string | undefined =>
    hostileInputs(pattern, size).find(input => {
      at = input
      return isSlow(input)
    })
  try {
    Object.assign(globalThis, { search })
    return SEARCH.runInThisContext({ timeout: giveUpMs }) // nothing else can stop a regular expression
  } catch {
    return at
  }
}
const SEARCH = new Script('search()')

describe('every regular expression of src', () => {
  for (const file of globSync('src/**/*.ts').filter(name => !name.endsWith('.test.ts'))) {
    const patterns = readRegularExpressions(readFileSync(file, 'utf8'))
    if (patterns.length === 0) continue
    it(`reads 64 KB of hostile input within 5 ms of CPU: ${file}`, () => {
      const slow = patterns.flatMap(({ line, pattern }) => {
        const input = slowInput(pattern, IN_SRC)
        return input === undefined
          ? []
          : [`${file}:${line}: ${pattern} on ${JSON.stringify(input.slice(0, 60))}…`]
      })
      assert.deepEqual(slow, [])
    })
  }
})

describe('the check of regular expressions', () => {
  for (const slow of [
    /\s+$/,
    /(?:a+)+$/,
    /^(?:\w+\s?)*$/,
    /^Bearer +(\w+ *)+$/,
    /[a-z.]*[a-z]\.[a-z]{2}/,
    /<[^>]*>/g,
    /^\d*\.?\d+$/,
    /x.*y.*z/,
  ]) {
    it(`sees that ${slow} is slow`, () =>
      assert.notEqual(slowInput(slow, { size: 8_000, maxMs: 1, giveUpMs: 300 }), undefined))
  }
  for (const linear of [/^\d+$/, /[^\s<]+/g, /^Bearer +([\w-]+\.[\w-]+)$/i]) {
    it(`sees that ${linear} is not`, () => assert.equal(slowInput(linear, IN_SRC), undefined))
  }
  it('finds them in a source, but no division or address', () => {
    const source =
      "const a = 8 / 2 / 1 // /no/\nconst b = text.replace(/[/]x'/gi, `$" + "{/y/}`) + 'http://z/'\n"
    const found = readRegularExpressions(source).map(({ line, pattern }) => `${line} ${pattern}`)
    assert.deepEqual(found, ["2 /[/]x'/gi", '2 /y/'])
  })
})
