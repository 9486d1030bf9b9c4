import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import type { Command } from 'commander'
import { createMemoryStore } from '../../src/adapters/memory/store.ts'
import { explainCommand } from '../../src/cli/codes/explain.ts'
import { routesCheck } from '../../src/cli/doctor/checks/store.ts'
import { coverageCommand } from '../../src/cli/routes/coverage.ts'
import { routesCommand } from '../../src/cli/routes/routes.ts'
import type { Context } from '../../src/cli/terminal/context.ts'
import type { Store } from '../../src/core/records/store.ts'
import { purposes } from '../../src/core/values/request.ts'
import { seedTemplates } from '../../src/main/seed-templates.ts'
import { shippedTemplates } from '../../src/main/shipped-templates.ts'
import { runCommand } from '../fixtures/commands.ts'
import { NOW, planRules } from '../fixtures/planning.ts'
import vectors from '../vectors/countries-with-rules.json' with { type: 'json' }

type Vector = (typeof vectors)[number] & { readonly refuses?: string; readonly names?: readonly string[] }

describe('requirements of a country beyond a route', () => {
  let folder: string
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'hookline-'))
  })
  after(() => rmSync(folder, { recursive: true }))

  async function imported(routes: object): Promise<{ readonly store: Store; readonly printed: string }> {
    const store = createMemoryStore(() => NOW)
    await seedTemplates(store, () => NOW)
    const file = join(folder, 'routes.json')
    writeFileSync(file, JSON.stringify(routes))
    const add = (command: Command, context: Context): void =>
      routesCommand(command, { ...context, openDryRuns: async () => assert.fail('nothing is tried') })
    const { printed, problem } = await runCommand(add, store, ['routes', 'import', file], {
      homeRegion: () => 'us-east-1',
    })
    assert.equal(problem, undefined)
    return { store, printed: printed.join('\n') }
  }
  const oneLine = (text: string): string => text.replace(/\s+/g, ' ')
  const assertSays = (text: string, says: readonly string[]): void => {
    for (const part of says) assert.ok(oneLine(text).includes(part), `"${part}" is missing in: ${text}`)
  }

  for (const { what, routes, to, country, says, ...vector } of vectors as readonly Vector[]) {
    it(`is reported by import: ${what}`, async () => {
      const { printed } = await imported(routes)
      const [, looks = ''] = printed.split('Worth checking:')
      assertSays(looks, [...says, ...(vector.names ?? [country])])
    })

    it(`is reported by explain: ${what}`, async () => {
      const { store } = await imported(routes)
      const { printed } = await runCommand(explainCommand, store, ['explain', '--to', to])
      assertSays(printed.join('\n'), [`Note: `, `(${country}) over sms: `, ...says])
      const json = await runCommand(explainCommand, store, ['explain', '--to', to, '--json'])
      const { kind, code, notes } = JSON.parse(json.printed.join(''))
      if ('code' in vector) assert.deepEqual([kind, code], ['refusal', vector.code])
      else assert.equal(kind, 'plan')
      assert.equal(notes.length, 1)
    })

    it(`is reported by coverage, by name: ${what}`, async () => {
      const { store } = await imported(routes)
      const { printed } = await runCommand(coverageCommand, store, ['coverage', '--json'])
      const covered = JSON.parse(printed.join('')) as {
        routes: { country: string; channel: string; gap?: { sentence: string; refuses?: string } }[]
      }
      for (const one of vector.names ?? [country]) {
        const { gap } = covered.routes.find(row => row.country === one && row.channel === 'sms') ?? {}
        assertSays(gap?.sentence ?? '', says)
        assert.equal(gap?.refuses, vector.refuses)
      }
    })

    it(`is reported by doctor: ${what}`, async () => {
      const { store } = await imported(routes)
      const policy = (await store.readPolicy()) ?? assert.fail()
      const facts = { policy: { policy, rules: planRules, deliveries: [], where: 'The folder', now: NOW } }
      const faults = routesCheck.judge(facts as never)
      if (vector.names === undefined) {
        assertSays(faults.map(({ cause }) => cause).join(), [country, ...says])
        assert.equal(faults[0]?.severity, vector.refuses === undefined ? 'warning' : undefined)
      } else {
        assert.deepEqual(faults, [], 'a territory may be left out on purpose')
        assertSays(routesCheck.detail?.(facts as never) ?? '', [
          ...vector.names,
          'hookline routes try --countries',
        ])
      }
    })
  }

  it('are not reported with the registration, or with AWS Notify', async () => {
    const { store, printed } = await imported({
      IN: { sms: [{ identity: 'ACME', indiaEntityId: '1101' }] },
      CN: { sms: ['notify-a1'] },
    })
    assert.match(printed, /operators in India drop texts from a sender ID without a template ID/)
    assert.doesNotMatch(printed, /China/)
    const [english] = shippedTemplates.filter(({ channel, locale }) => channel === 'sms' && locale === 'en')
    assert.ok(english)
    const change = { ...english, indiaTemplateId: '1107', replaces: 1 }
    await store.saveTemplates([change], { author: 'a test', at: NOW })
    const { printed: covered } = await runCommand(coverageCommand, store, ['coverage', '--json'])
    assert.doesNotMatch(covered.join(''), /India/)
  })

  it('name the texts to mainland China that have no signature, until each begins with one', async () => {
    const { store } = await imported({ CN: { sms: ['+447700900100'] } })
    const gap = async () => {
      const { printed } = await runCommand(coverageCommand, store, ['coverage', '--json'])
      const { routes } = JSON.parse(printed.join('')) as {
        routes: { country: string; channel: string; gap?: { sentence: string } }[]
      }
      return routes.find(({ country, channel }) => country === 'CN' && channel === 'sms')?.gap?.sentence ?? ''
    }
    const before = await gap()
    for (const purpose of purposes) assert.ok(before.includes(`sms/zh-CN/${purpose}`), before)
    const chinese = shippedTemplates.filter(({ channel, locale }) => channel === 'sms' && locale === 'zh-CN')
    const sign = ({ short: _, ...template }: (typeof chinese)[number]) => ({
      ...template,
      text: `【示例公司】${template.text}`,
      replaces: 1,
    })
    await store.saveTemplates(chinese.slice(0, -1).map(sign), { author: 'a test', at: NOW })
    const last = chinese.at(-1)
    assert.match(await gap(), new RegExp(`Without a signature: sms/zh-CN/${last?.purpose}\\. Register`))
    await store.saveTemplates(chinese.slice(-1).map(sign), { author: 'a test', at: NOW })
    const after = await gap()
    assert.equal(after, '')
    const args = ['explain', '--to', '+8613812345678', '--json', '--locale']
    const chineseUser = await runCommand(explainCommand, store, [...args, 'zh'])
    assert.deepEqual(JSON.parse(chineseUser.printed.join('')).notes, [])
    const english = await runCommand(explainCommand, store, [...args, 'en'])
    assert.match(english.printed.join(''), /block texts .* Without a signature: this one\./)
  })

  it('do not include a neighbour that has a default route or its own route', async () => {
    const { printed } = await imported({ US: '+18665550100', '*': '+18665550101' })
    assert.doesNotMatch(printed, /usually work/)
    const own = await imported({ US: '+18665550100', PR: '+18665550100' })
    assert.match(own.printed, /AS, GU, MP, VI over sms and voice/)
  })
})
