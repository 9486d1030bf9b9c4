import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { runCommand } from '../../../test/fixtures/commands.ts'
import { allShippedTexts } from '../../../test/fixtures/planning.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { createMemoryStore } from '../../adapters/memory/store.ts'
import type { Finding } from '../../advice/lint/finding.ts'
import type { NewTemplate } from '../../core/policy/policy-store.ts'
import type { Store } from '../../core/records/store.ts'
import { Problem } from '../terminal/problem.ts'
import { templatesCommand } from './templates.ts'

const lint = (store: Store, ...args: string[]) =>
  runCommand(templatesCommand, store, ['templates', 'lint', ...args])
async function storeOf(templates: readonly NewTemplate[]): Promise<Store> {
  const store = createMemoryStore(() => 0)
  await store.saveTemplates(templates, { author: 'Hookline', at: 0 })
  return store
}
const SPANISH = 'Este es su código de acceso de un solo uso para el servicio de ejemplo: {code}'

describe('hookline templates lint', () => {
  it('finds nothing in the shipped templates except long calls', async () => {
    const { printed, problem } = await lint(await storeOf(allShippedTexts), '--json')
    assert.equal(problem, undefined)
    const findings = JSON.parse(printed[0] ?? '') as readonly Finding[]
    assert.deepEqual(
      findings.filter(({ severity, rule }) => severity !== 'info' && rule !== 'spoken-length'),
      [],
    )
    assert.equal(findings.filter(({ rule }) => rule === 'parts').length, 235)
  })

  it('explains why one letter costs a second part, grouped by template', async () => {
    using folder = temporaryFolder()
    const file = join(folder.path, 'words.json')
    writeFileSync(file, JSON.stringify([{ channel: 'sms', locale: 'es', text: SPANISH }]))
    const { printed, problem } = await lint(
      createMemoryStore(() => 0),
      '--file',
      file,
    )
    assert.equal(problem, undefined, 'a warning does not fail')
    const [first = '', ...rest] = (printed[0] ?? '').split('\n')
    assert.equal(first, 'sms/es/any')
    const report = rest.join(' ').replaceAll(/ +/g, ' ')
    assert.match(
      report,
      /warning parts line 1, column 13: It costs 2 message parts, twice the price of one\. One letter is the reason: "ó"/,
    )
    assert.match(report, /→ Use words without "ó" \(then it takes 1 part\)/)
    assert.match(report, /1 template: 0 errors, 2 warnings, 2 notes \(--notes shows them\)\.$/)
  })

  it('shows notes on request', async () => {
    const store = await storeOf(allShippedTexts)
    const [without, withNotes] = [await lint(store), await lint(store, '--notes')]
    assert.doesNotMatch(without.printed[0] ?? '', / note /)
    assert.match(withNotes.printed[0] ?? '', /^ {2}note +parts +1 part, the lowest price/m)
  })

  it('always fails on errors, and on warnings with --strict, after printing the report', async () => {
    using folder = temporaryFolder()
    const file = join(folder.path, 'words.json')
    const write = (text: string) =>
      writeFileSync(file, JSON.stringify([{ channel: 'sms', locale: 'es', text }]))
    const store = createMemoryStore(() => 0)
    write(SPANISH)
    assert.equal((await lint(store, '--file', file)).problem, undefined)
    const strict = await lint(store, '--file', file, '--strict')
    assert.ok(strict.problem instanceof Problem && strict.problem.exitCode === 2)
    assert.equal(strict.printed.length, 1)
    write('Sin clave')
    const { problem, printed } = await lint(store, '--file', file, '--json')
    assert.ok(problem instanceof Problem)
    const [finding] = JSON.parse(printed[0] ?? '') as readonly Finding[]
    assert.deepEqual(
      [finding?.template, finding?.rule, finding?.severity],
      ['sms/es/any', 'savable', 'error'],
    )
  })

  it('judges a file without opening the store', async () => {
    using folder = temporaryFolder()
    const file = join(folder.path, 'words.json')
    writeFileSync(file, JSON.stringify([{ channel: 'sms', locale: 'en', text: '{code} is it.' }]))
    const openStore = () => Promise.reject(new Error('opened'))
    const { problem } = await runCommand(
      templatesCommand,
      createMemoryStore(() => 0),
      ['templates', 'lint', '--file', file],
      {
        openStore,
      },
    )
    assert.equal(problem, undefined)
  })

  it('says which languages of Okta are missing in a store of few', async () => {
    const { printed } = await lint(await storeOf(allShippedTexts.filter(({ locale }) => locale === 'en')))
    assert.match(
      printed[0] ?? '',
      /^all templates\n {2}warning +missing-language +There is no text in zh-CN, zh-TW, cs/m,
    )
  })

  it('judges with the settings: a last line that has no room', async () => {
    const store = await storeOf(allShippedTexts)
    const { planRules } = await import('../../../test/fixtures/planning.ts')
    const rules = {
      ...planRules,
      partsMax: 1,
      ending: { kind: 'domain', domain: 'login.example.com' } as const,
    }
    const { printed } = await runCommand(templatesCommand, store, ['templates', 'lint', '--json'], {
      planRules: () => rules,
    })
    const findings = JSON.parse(printed[0] ?? '') as readonly Finding[]
    const hindi = findings.find(({ template, rule }) => template === 'sms/hi/any' && rule === 'ending')
    assert.equal(hindi?.severity, 'warning')
    assert.equal(
      findings.some(({ template, rule }) => template === 'sms/en/any' && rule === 'ending'),
      false,
    )
  })
})
