import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { CREDENTIALS } from '../world/hook-bench.ts'

const HOOKLINE = fileURLToPath(new URL('../../src/main/hookline.ts', import.meta.url))

test('serve goes on answering when nobody reads its log any more', { timeout: 60_000 }, async () => {
  using folder = temporaryFolder()
  const child = spawn(process.execPath, [HOOKLINE, 'serve'], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    env: {
      ...CREDENTIALS,
      PORT: '0',
      HOOKLINE_DATA_DIR: folder.path,
      HOOKLINE_HASH_KEY: 'a key of tests, longer than 32 characters',
      HOOKLINE_SECRET_HEADER: 'x-hook-secret',
      HOOKLINE_SECRETS: 'a-secret-of-tests-longer-than-32-characters',
      AWS_REGION: 'us-east-1',
    },
  })
  const ended = once(child, 'exit')
  try {
    const [{ ready }] = (await Promise.race([
      once(child, 'message'),
      ended.then(() => assert.fail('it did not start')),
    ])) as [{ readonly ready: string }]
    child.stdout?.destroy()
    for (let request = 1; request <= 5; request += 1) {
      const { status } = await fetch(`${ready}/mfa`, { method: 'POST', body: '{}' })
      assert.equal(status, 401) // which is a line in the log
    }
    assert.equal(child.exitCode, null)
  } finally {
    child.kill('SIGKILL')
    await ended
  }
})
