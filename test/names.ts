import { readFileSync } from 'node:fs'

/**
 * Lists the tests removed and added between two runs, from the output of `npm test`: `node test/names.ts before.log
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

const [before = '', after = ''] = process.argv.slice(2)
const [old, now] = [namesIn(before), namesIn(after)]
for (const [name, count] of old) if ((now.get(name) ?? 0) < count) console.log(`went  ${name}`)
for (const [name, count] of now) if ((old.get(name) ?? 0) < count) console.log(`came  ${name}`)
