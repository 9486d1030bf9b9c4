import { readFileSync } from 'node:fs'

/**
 * Lists the tests removed, renamed and added between two runs, from the output of `npm test`: `node test/names.ts before.log
 * after.log`. A test is named with its suites, and counted if several have the same name.
 */
function namesIn(path: string): ReadonlyMap<string, number> {
  const names = new Map<string, number>()
  const suites: string[] = []
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    if (line.startsWith('✖ failing tests:')) suites.length = 0 // the rest repeats the failures
    const [, indent = '', mark, name] = /^( *)([▶✔✖﹣]) (.*?)(?: \([\d.]+ms\))?(?: # .*)?$/.exec(line) ?? []
    if (name === undefined || /^\d+ tests in +[\d.]+ s /.test(name.trim())) continue
    const depth = indent.length / 2
    const isEndOfSuite = suites.length > depth && suites[depth] === name
    suites.length = depth
    if (mark === '▶') suites.push(name)
    else if (!isEndOfSuite) {
      const whole = [...suites, name].join(' > ')
      names.set(whole, (names.get(whole) ?? 0) + 1)
    }
  }
  return names
}

/** Pairs of a removed and an added name that are about the same: most words in common, at least half of them. */
function renamed(removed: readonly string[], added: readonly string[]): ReadonlyMap<string, string> {
  const pairs = removed
    .flatMap(old => added.map(now => ({ old, now, likeness: likenessOf(old, now) })))
    .filter(({ likeness }) => likeness >= 0.5)
    .toSorted((one, other) => other.likeness - one.likeness)
  const found = new Map<string, string>()
  const taken = new Set<string>()
  for (const { old, now } of pairs) {
    if (found.has(old) || taken.has(now)) continue
    found.set(old, now)
    taken.add(now)
  }
  return found
}

function likenessOf(one: string, other: string): number {
  const [words, others] = [wordsOf(one), wordsOf(other)]
  const common = [...words].filter(word => others.has(word)).length
  return (2 * common) / (words.size + others.size)
}

function wordsOf(name: string): Set<string> {
  return new Set(name.toLowerCase().match(/[\p{L}\p{N}_./+-]+/gu))
}

const [before = '', after = ''] = process.argv.slice(2)
const [old, now] = [namesIn(before), namesIn(after)]
const removed = [...old].filter(([name, count]) => (now.get(name) ?? 0) < count).map(([name]) => name)
const added = [...now].filter(([name, count]) => (old.get(name) ?? 0) < count).map(([name]) => name)
const pairs = renamed(removed, added)
for (const name of removed) {
  const newName = pairs.get(name)
  console.log(newName === undefined ? `went     ${name}` : `renamed  ${name}\n    to   ${newName}`)
}
const newNames = new Set(pairs.values())
for (const name of added) if (!newNames.has(name)) console.log(`came     ${name}`)
