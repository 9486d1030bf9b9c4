import { writeMessage } from '../src/core/message/message.ts'
import { prepareTemplate, type Template, type TemplateText } from '../src/core/message/template.ts'
import type { TemplateValues } from '../src/core/message/template-values.ts'
import { Secret } from '../src/core/values/secret.ts'
import { optionalLanguages, shippedLanguages } from '../src/main/shipped-languages.ts'
import { templatesOf } from '../src/main/shipped-templates.ts'

/**
 * `node bench/run-message.ts`: CPU of filling in a shipped template that is known already, and of the first use of a
 * language in a process. Prints medians; fails when a goal is missed.
 */
const GOALS = { filledInMicroseconds: 20, firstUseMs: 2 }
const ROUNDS = 15
const TIMES = 200

const templates = readShipped()
const firstUses = [...Map.groupBy(templates, ({ locale }) => locale).values()].map(firstUse)
const known = templates.map(template => prepareTemplate(template))
fillInAll(known, 20) // the compiler has seen it all
const rounds = Array.from({ length: ROUNDS }, () => fillInAll(known, TIMES))
const perMessage = median(rounds)
const bySlowest = known.map(template => fillInAll([template], TIMES * 5))

console.log(`${templates.length} shipped templates, Node ${process.version}`)
console.log(
  `filling in a known template   ${perMessage.toFixed(1)} µs of CPU (median of ${ROUNDS} rounds over all), slowest template ${Math.max(...bySlowest).toFixed(1)} µs`,
)
console.log(
  `first use of a language       ${median(firstUses).toFixed(2)} ms (median of ${firstUses.length}), the very first in the process ${(firstUses[0] ?? 0).toFixed(2)} ms, slowest other ${Math.max(...firstUses.slice(1)).toFixed(2)} ms`,
)
if (perMessage > GOALS.filledInMicroseconds || median(firstUses) > GOALS.firstUseMs) {
  console.error(`Goal: ${GOALS.filledInMicroseconds} µs, and ${GOALS.firstUseMs} ms.`)
  process.exitCode = 1
}

/** Milliseconds for its first text, parsing included. */
function firstUse([text]: readonly TemplateText[]): number {
  if (text === undefined) return 0
  const startedAt = performance.now()
  write(prepareTemplate(text), 0)
  return performance.now() - startedAt
}

/** Microseconds of CPU a message. */
function fillInAll(all: readonly Template[], times: number): number {
  const before = process.cpuUsage()
  for (let time = 0; time < times; time += 1) for (const template of all) write(template, time)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / (times * all.length)
}

function write(template: Template, time: number): void {
  const values: TemplateValues = {
    code: new Secret(String(100_000 + time)),
    minutes: 1 + (time % 10),
    brand: 'Example',
    domain: '',
    firstName: '',
  }
  const message = writeMessage(template, values, { ending: undefined, partsMax: 2, voiceId: 'JOANNA' })
  if (message === undefined) throw new Error(`${template.locale} is too long`)
}

function readShipped(): readonly TemplateText[] {
  return [...shippedLanguages, ...optionalLanguages]
    .flatMap(templatesOf)
    .map(template => ({ ...template, version: 1 }))
}

function median(numbers: readonly number[]): number {
  return [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0
}
