import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { runCommand } from '../../../test/fixtures/commands.ts'
import { allShippedTexts, planRules } from '../../../test/fixtures/planning.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import { createMemoryStore } from '../../adapters/memory/store.ts'
import type { PlanRules } from '../../core/plan/plan.ts'
import { Problem } from '../terminal/problem.ts'
import { templatesCommand } from './templates.ts'

async function preview(args: readonly string[], rules: Partial<PlanRules> = {}) {
  const store = createMemoryStore(() => 0)
  await store.saveTemplates(allShippedTexts, { author: 'Hookline', at: 0 })
  return runCommand(templatesCommand, store, ['templates', 'preview', ...args], {
    planRules: () => ({ ...planRules, ...rules }),
  })
}

describe('hookline templates preview', () => {
  it('shows the default language as it would arrive: texts with their cost, calls with voice and pauses', async () => {
    const { printed, problem } = await preview([], { brand: 'Example & Co' })
    assert.equal(problem, undefined)
    const lines = (printed[0] ?? '').split('\n')
    assert.equal(lines[0], 'English (en)')
    assert.equal(lines.filter(line => /^ {2}(?:text|call) /.test(line)).length, 10)
    assert.match(
      printed[0] ?? '',
      /text {2}mfa-verification {2}1 part, GSM-7, full form\n {4}493817 is your Example & Co sign-in code\./,
    )
    assert.match(
      printed[0] ?? '',
      /call {2}any +JOANNA, about \d\d s\n {4}Hello\. This is Example & Co\. .*\[0\.5 s\] 4 · 9 · 3 {3}8 · 1 · 7 \[0\.8 s\] Once/,
    )
  })

  it('shows the language that a user gets, in any spelling', async () => {
    assert.match(
      (await preview(['--locale', 'zh_TW_#Hant'])).printed[0] ?? '',
      /^Chinese \(Traditional\) \(zh-TW\)/,
    )
    const { problem } = await preview(['--locale', 'sw'])
    assert.match(problem?.message ?? '', /no template for sw\. There are: ar, bg, ca, cs, /)
    assert.match(
      (await preview(['--locale', 'not one'])).problem?.message ?? '',
      /"not one" is not a language tag/,
    )
  })

  it('shows all languages on request, by their English names', async () => {
    const { printed } = await preview(['--all'])
    const titles = (printed[0] ?? '').split('\n').filter(line => /^\S/.test(line))
    assert.equal(titles.length, 47)
    assert.match(titles[0] ?? '', /^Arabic \(ar\) {2}العربية$/)
  })

  it('shows the call that users of a language without a voice get', async () => {
    const { printed } = await preview(['--locale', 'zh-HK'])
    assert.match(
      printed[0] ?? '',
      /This language has no call\. Users are called in Chinese \(Traditional\):\n {2}call .*ZHIYU/,
    )
  })

  it('ends texts as the settings say', async () => {
    const ending = { kind: 'domain', domain: 'login.example.com' } as const
    const { printed } = await preview([], { ending })
    assert.match(printed[0] ?? '', /ask for it\.\n {4}@login\.example\.com #493817\n/)
  })

  it('writes one self-contained page without any address', async () => {
    using folder = temporaryFolder()
    const out = join(folder.path, 'new', 'folder')
    const { printed } = await preview(['--all', '--out', out], { brand: "Q&A d'Or" })
    assert.match(printed.at(-1) ?? '', /index\.html written\.$/)
    assert.deepEqual(readdirSync(out), ['index.html'])
    const page = readFileSync(join(out, 'index.html'), 'utf8')
    assert.equal(page.match(/<section /g)?.length, 47)
    assert.equal(page.match(/class="message"/g)?.length, 378)
    assert.doesNotMatch(page, /https?:|<link|<img|src="(?!.*\.wav)/)
    assert.match(page, /Q&#38;A d&#39;Or/)
    assert.match(page, /<p class="bubble" data-form="full" lang="ar" dir="rtl"><span class="code">493817</)
    assert.match(page, /This language has no call\. Users are called in English, by JOANNA:/)
  })

  it('needs a folder for audio, and reports that eSpeak NG is missing', async () => {
    const { problem } = await preview(['--audio'])
    assert.ok(problem instanceof Problem)
    assert.match(problem.message, /--audio needs --out/)
    using folder = temporaryFolder()
    const path = process.env.PATH
    process.env.PATH = folder.path
    try {
      const { printed } = await preview(['--audio', '--out', folder.path])
      assert.match(printed.join('\n'), /No audio was written: espeak-ng is not installed/)
      assert.ok(existsSync(join(folder.path, 'index.html')))
    } finally {
      if (path !== undefined) process.env.PATH = path
    }
  })
})
