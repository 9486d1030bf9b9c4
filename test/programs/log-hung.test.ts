import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { CREDENTIALS } from '../world/hook-bench.ts'

const HOOKLINE = fileURLToPath(new URL('../../src/main/hookline.ts', import.meta.url))
const PIPE_BYTES = 64 * 1024

test('serve goes on answering while the reader of its log hangs, and leaves when it is told to', {
  timeout: 60_000,
}, async () => {
  using folder = temporaryFolder()
  const child = spawn(process.execPath, [HOOKLINE, 'serve'], {
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'], // nobody reads the pipe
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
    const ask = async (): Promise<void> => {
      const { status } = await fetch(`${ready}/mfa`, { method: 'POST', body: '{}' })
      assert.equal(status, 401) // which is a line in the log, of more than a hundred bytes
    }
    for (let sent = 0; sent < PIPE_BYTES / 100; sent += 20) {
      await Promise.all(Array.from({ length: 20 }, ask))
    }
    child.kill('SIGTERM')
    assert.deepEqual(await ended, [0, null])
  } finally {
    child.kill('SIGKILL')
    await ended
  }
})
