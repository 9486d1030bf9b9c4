import assert from 'node:assert/strict'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { parseEnv } from 'node:util'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { FREE_PORTS, startHookline } from '../world/processes.ts'
import { complaintsOf, runHookline } from '../world/run-hookline.ts'

describe('hookline start --empty-org', { timeout: 120_000 }, () => {
  test('the printed commands set the org up, find it healthy, send a code, and restore it', async () => {
    using folder = temporaryFolder()
    const args = ['start', '--empty-org', ...FREE_PORTS, '--aws-port', '0']
    await using program = startHookline(args, { env: { PORT: '0' }, cwd: folder.path })
    const [text] = await program.prints(/In a second terminal[\s\S]+Ctrl-C ends everything/)
    const [, file = ''] = /^ {2}set -a; \. (\S+); set \+a$/m.exec(text) ?? []
    const [, exported = ''] = /(http\S+\/org\/export)/.exec(text) ?? []
    assert.equal(statSync(join(folder.path, file)).mode & 0o077, 0)
    const env = parseEnv(readFileSync(join(folder.path, file), 'utf8')) as Record<string, string>
    const org = async (): Promise<string> => (await fetch(exported)).text()
    const before = await org()

    const commands = text.match(/(?<=^ {2}npx hookline ).+$/gm) ?? []
    const outputs: string[] = []
    for (const command of commands) {
      const words = command.split(' ')
      const asks = /^okta (setup|teardown) /.test(command)
      const ended = await runHookline([...words, ...(asks ? ['--yes'] : [])], { env, cwd: folder.path })
      assert.deepEqual([ended.code, complaintsOf(ended)], [0, ''], `${command}\n${ended.stdout}`)
      outputs.push(ended.stdout)
    }
    assert.equal(outputs.length, 5)
    assert.match(outputs[1] ?? '', /^✓ \d+ passed, 2 skipped\./)
    assert.match(outputs[2] ?? '', /^The hook authenticated Okta as http:\S+ by access token: issuer /m)
    assert.match(outputs[2] ?? '', /✓ 8 of 8 would be sent/)
    assert.match(outputs[3] ?? '', /is your Okta sign-in code/)
    assert.equal(await org(), before)
  })
})
