import { writeMessage } from '../src/core/message/message.ts'
import { prepareTemplate, type Template } from '../src/core/message/template.ts'
import { Secret } from '../src/core/values/secret.ts'
import { shippedTemplates } from '../src/main/shipped-templates.ts'

/**
 * A fresh process that writes the shipped messages, and prints what they cost as JSON. `npm run bench:message` also runs it in the
 * folder of an earlier version: it imports only what that has too.
 */
const TIMES = 100

const templates = shippedTemplates.map(template => ({ ...template, version: 1 }))
const firstUses = [...Map.groupBy(templates, ({ locale }) => locale).values()].flatMap(([template]) => {
  if (template === undefined) return []
  const startedAt = performance.now()
  write(prepareTemplate(template), 0)
  return [performance.now() - startedAt]
})
const known = templates.map(template => prepareTemplate(template))
cpuOfEach(known, 50) // the compiler has seen it all
const texts = known.filter(({ channel }) => channel === 'sms')
const calls = known.filter(({ channel }) => channel === 'voice')

console.log(
  JSON.stringify({
    templates: templates.length,
    textMicroseconds: cpuOfEach(texts, TIMES),
    callMicroseconds: cpuOfEach(calls, TIMES),
    slowestMicroseconds: Math.max(...known.map(template => cpuOfEach([template], 5 * TIMES))),
    firstUsesMs: firstUses,
  }),
)

/** Microseconds of CPU a message. */
function cpuOfEach(all: readonly Template[], times: number): number {
  const before = process.cpuUsage()
  for (let time = 0; time < times; time += 1) for (const template of all) write(template, time)
  const { user, system } = process.cpuUsage(before)
  return (user + system) / (times * all.length)
}

function write(template: Template, time: number): void {
  const values = {
    code: new Secret(String(100_000 + time)),
    minutes: 1 + (time % 10),
    brand: 'Example',
    domain: '',
    firstName: '',
  }
  const message = writeMessage(template, values, { ending: undefined, partsMax: 2, voiceId: 'JOANNA' })
  if (message === undefined) throw new Error(`${template.locale} is too long`)
}
