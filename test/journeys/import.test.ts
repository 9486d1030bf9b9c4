import assert from 'node:assert/strict'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { usNumber } from '../support/numbers.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import type { HookWorld } from '../world/controls.ts'
import { runHookline } from '../world/run-hookline.ts'
import { startWorld } from '../world/world.ts'

const vector = (name: string): string => new URL(`../vectors/${name}`, import.meta.url).pathname

describe('hookline routes and templates, while the hook runs', { timeout: 120_000 }, () => {
  let world: HookWorld
  before(async () => {
    world = await startWorld({ hook: 'in-process' })
  })
  after(() => world?.[Symbol.asyncDispose]())
  const hookline = (...args: readonly string[]) => runHookline(args, { env: world.env })

  test("identities in the guidance's format are imported, and points to review are listed", async () => {
    const { code, stdout, stderr } = await hookline('routes', 'import', vector('originationIdentities.json'))
    assert.deepEqual([code, stderr], [0, ''])
    const { Imported = [], Changed = [], 'Worth checking': looks = [] } = sections(stdout)
    assert.ok(Imported.includes('US sms: +1855XXXXXXX (phone number)'), stdout)
    assert.ok(
      Imported.includes('DE sms: arn:aws:sms-voice:eu-west-1:123XXXXXXX:sender-id/Hookline/DE (sender ID)'),
    )
    assert.equal(
      Imported.some(line => line.startsWith('DE voice')),
      false,
      'a sender ID never calls',
    )
    assert.ok(Changed.includes('US sms: was +12065550100'), stdout)
    assert.ok(
      looks.some(line => /^DE: no voice calls, because a sender ID cannot call/.test(line)),
      stdout,
    )
    assert.ok(
      looks.some(line => /^GB: phone-X+ is an example\./.test(line)),
      stdout,
    )
    const { stdout: listed } = await hookline('routes', 'list', '--json')
    const routes = JSON.parse(listed) as {
      country: string
      channel: string
      candidates: { identity: string }[]
    }[]
    const canada = routes.find(({ country, channel }) => country === 'CA' && channel === 'sms')
    assert.match(canada?.candidates[0]?.identity ?? '', /phone-caX+$/)
    assert.match((await hookline('routes', 'list')).stdout, /^country +channel +candidate +kind/)
  })

  test("templates are found in the guidance's prose, and its placeholders become Hookline's", async () => {
    const { code, stdout, stderr } = await hookline('templates', 'import', vector('templates-in-prose.txt'))
    assert.deepEqual([code, stderr], [0, ''])
    const { Imported = [], Changed = [], 'Worth checking': looks = [] } = sections(stdout)
    assert.deepEqual(Imported, ['voice/en/any and each purpose', 'sms/es/any and each purpose'])
    assert.ok(Changed.includes('voice/en/any: @otp and @otp2 became {code}'), stdout)
    assert.ok(Changed.includes('sms/es/any: @otp became {code}'), stdout)
    assert.ok(
      looks.some(line => /^sms\/es\/any: It takes 2 message parts.*"ó"/.test(line)),
      stdout,
    )
    const { stdout: shown } = await hookline('templates', 'show', 'sms/es/any')
    assert.match(shown, /^sms\/es\/any, version 2\n\nEste es su código .*: \{code\}\n$/)
    assert.match((await hookline('templates', 'list')).stdout, /voice\/en\/any +2 +MATTHEW/)
  })

  test('the running server sends imported templates without a restart', async () => {
    const file = join(world.dataFolder, 'templates.json')
    const text = 'Imported while it runs: {code}'
    writeFileSync(file, JSON.stringify([{ channel: 'sms', locale: 'en', purpose: 'mfa-verification', text }]))
    assert.equal((await hookline('templates', 'import', file)).code, 0)
    const send = (to: string) => hookline('send', '--to', to, '--locale', 'en', '--json', ...world.addresses)
    // The policy is read again once it is older than a second, so that one of the next messages uses it.
    const texts: string[] = []
    while (!texts.at(-1)?.startsWith('Imported while it runs: ') && texts.length < 300) {
      texts.push(JSON.parse((await send(usNumber(texts.length))).stdout).delivered?.body ?? '')
    }
    assert.match(texts.at(-1) ?? '', /^Imported while it runs: \d{6}$/)
  })
})

describe('an import that is refused', { timeout: 60_000 }, () => {
  const bad: readonly (readonly [what: string, command: string, content: string, says: RegExp])[] = [
    ['routes that are not JSON', 'routes', '{', /is not JSON/],
    ['routes that are a list', 'routes', '[]', /is not a JSON object of countries/],
    [
      'several wrong identities',
      'routes',
      '{"US": "+12065550100", "GB": "1 2 3", "Narnia": "pool-abc"}',
      /was not imported:\n.*GB.*"1 2 3"; expected a phone number, pool, sender ID or RCS agent.*\n.*"Narnia" is not a country/s,
    ],
    ['a file without templates', 'templates', 'Dear reader {', /contains no template/],
    [
      'a template without the code',
      'templates',
      '[{"channel": "sms", "locale": "en", "text": "Hello"}]',
      /sms\/en\/any cannot be imported\. Nothing was imported:\n.*does not have the code/,
    ],
    [
      'a template with another argument',
      'templates',
      '[{"channel": "sms", "locale": "en", "text": "{code} {name}"}]',
      /\{name\} \(line 1, column 8\) is not a placeholder\. Allowed: \{code\}/,
    ],
  ]
  for (const [what, command, content, says] of bad) {
    test(`${what}: exit code 2, the reason, and nothing is imported`, async () => {
      using folder = temporaryFolder()
      const env = { HOOKLINE_DATA_DIR: join(folder.path, 'data') }
      const file = join(folder.path, 'file')
      writeFileSync(file, content)
      const before = await runHookline([command, 'list', '--json'], { env })
      const { code, stdout, stderr } = await runHookline([command, 'import', file], { env })
      assert.deepEqual([code, stdout], [2, ''])
      assert.match(stderr, says)
      assert.equal((await runHookline([command, 'list', '--json'], { env })).stdout, before.stdout)
    })
  }

  test('a missing file is named', async () => {
    using folder = temporaryFolder()
    const env = { HOOKLINE_DATA_DIR: folder.path }
    const { code, stderr } = await runHookline(['routes', 'import', '/nowhere/file.json'], { env })
    assert.equal(code, 2)
    assert.match(stderr, /\/nowhere\/file\.json cannot be read/)
  })

  test('for a missing template, those of its language are listed, or the languages', async () => {
    using folder = temporaryFolder()
    const env = { HOOKLINE_DATA_DIR: folder.path }
    const { code, stderr } = await runHookline(['templates', 'show', 'sms/en/login'], { env })
    assert.equal(code, 2)
    assert.match(stderr, /There is no template "sms\/en\/login"\. Available: .*sms\/en\/any/)
    const { stderr: strange } = await runHookline(['templates', 'show', 'sms/xx/any'], { env })
    assert.match(strange, /There is no template "sms\/xx\/any"\. Available: languages .*\ben, es\b/)
  })
})

/** An import's report: its headings, and the lines below each. */
function sections(report: string): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    report
      .trimEnd()
      .split('\n\n')
      .map(part => {
        const [title = '', ...lines] = part.split('\n')
        return [title.replace(/:$/, ''), lines.map(line => line.trim())]
      }),
  )
}
