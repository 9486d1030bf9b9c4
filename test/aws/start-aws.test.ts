import assert from 'node:assert/strict'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { parseEnv } from 'node:util'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { FREE_PORTS, startHookline } from '../world/processes.ts'
import { runHookline } from '../world/run-hookline.ts'

const LIMIT = { timeout: 240_000 }

test(
  'start --aws shows both codes from the deployed functions; its table is there for commands; Ctrl-C ends it all',
  LIMIT,
  async () => {
    using folder = temporaryFolder()
    const cwd = folder.path
    await using program = startHookline(['start', '--aws', ...FREE_PORTS], { cwd })
    const [text] = await program.prints(
      /✓ delivered: SMS[\s\S]+✓ delivered: voice call[\s\S]+as everything does\./,
    )
    assert.match(text, /sms from \+12065550100: \d{6} is your Okta sign-in code/)
    const [, carrier = ''] = await program.prints(/Phone page\s+(http:\S+)\/ /)
    const [, hook = ''] = await program.prints(/Hook\s+(http:\S+\/v1\/mfa) /)
    const [, issuer = ''] = await program.prints(/Okta stand-in\s+(http:\S+)/)

    const [, file = ''] = /^ {2}set -a; \. (\S+); set \+a$/m.exec(text) ?? []
    assert.equal(statSync(join(cwd, file)).mode & 0o777, 0o600)
    const env = parseEnv(readFileSync(join(cwd, file), 'utf8')) as Record<string, string>
    const addresses = ['--okta', new URL(issuer).origin, '--carrier', carrier]
    const commands = [...text.matchAll(/^ {2}npx hookline (.+)$/gm)].map(([, line = '']) =>
      [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word]) => quoted ?? word ?? ''),
    )
    assert.equal(commands.length, 3)
    for (const args of commands) {
      const more = args[0] === 'send' ? addresses : []
      const { code, stdout, stderr } = await runHookline([...args, ...more], { cwd, env })
      assert.deepEqual([code, stderr], [0, ''], `${args.join(' ')}\n${stdout}`)
      if (args[0] === 'deliveries') assert.match(stdout, /accepted|delivered/, args.join(' '))
    }
    assert.equal((await fetch(hook, { method: 'POST', body: '{}' })).status, 401)
    assert.match(readFileSync(join(cwd, 'data', 'functions.log'), 'utf8'), /"step":"hook-response"/)

    program.interrupt()
    const { code, stderr } = await program.ended
    assert.deepEqual([code, stderr, program.hasProcesses()], [0, '', false])
  },
)

test(
  'start --aws --one-function shows both codes from a deployment without an authorizer',
  LIMIT,
  async () => {
    using folder = temporaryFolder()
    const cwd = folder.path
    const { code, stdout, stderr } = await runHookline(
      ['start', '--aws', '--one-function', '--once', ...FREE_PORTS],
      { cwd },
    )
    assert.deepEqual([code, stderr], [0, ''], stdout)
    assert.match(stdout, /API Gateway, then one function/)
    assert.match(stdout, /✓ delivered: SMS[\s\S]+✓ delivered: voice call/)
  },
)

test('start: one function is for a deployment', async () => {
  const { code, stderr } = await runHookline(['start', '--one-function'])
  assert.deepEqual([code, stderr], [2, '--one-function is only for --aws.\n'])
})

test('start --aws is not combined with an empty org', async () => {
  const { code, stderr } = await runHookline(['start', '--aws', '--empty-org'])
  assert.deepEqual([code, stderr], [2, '--aws cannot be combined with --empty-org.\n'])
})
