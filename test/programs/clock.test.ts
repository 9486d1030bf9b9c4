import assert from 'node:assert/strict'
import { globSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { usNumber } from '../support/numbers.ts'
import { startServing } from '../support/serving.ts'

/** Debian's package `faketime`. */
const [library] = globSync('/usr/lib/{*/,}faketime/libfaketime.so.1')
const isRequired = process.env.HOOKLINE_REQUIRE_FAKETIME !== undefined
const SECRET = 'a-secret-of-tests-that-is-longer-than-32-characters'

test('the clock of a running server is set back and forward: limits hold, edits are seen, and the log says so', {
  skip:
    library === undefined &&
    !isRequired &&
    'NOT RUN: libfaketime is not on this machine (apt-get install faketime)',
  timeout: 120_000,
}, async () => {
  assert.ok(library, 'HOOKLINE_REQUIRE_FAKETIME is set, and libfaketime is not on this machine')
  const folder = mkdtempSync(join(tmpdir(), 'hookline-clock-'))
  const file = join(folder, 'offset')
  const set = (offset: string): void => {
    writeFileSync(`${file}.new`, `${offset}\n`)
    renameSync(`${file}.new`, file) // whole at every moment
  }
  set('+0')
  await using serving = await startServing({
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    HOOKLINE_SECRET_HEADER: 'x-hook-secret',
    HOOKLINE_SECRETS: SECRET,
  })
  const limit = (max: string) =>
    serving.hookline('limits', 'set', '--scope', 'number', '--window', '600', '--max', max)
  await limit('2')
  const hook = await serving.serve()
  let events = 0
  const next = async (phoneNumber: string): Promise<string> => {
    events += 1
    const body = {
      eventId: `event-${events}`,
      eventType: 'com.okta.telephony.provider',
      data: {
        userProfile: { login: `user${events}@example.com`, userId: `00u${events}` },
        messageProfile: { phoneNumber, otpCode: '123456', deliveryChannel: 'sms', locale: 'en' },
      },
    }
    const response = await fetch(`${hook.ready.ready}/mfa`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-hook-secret': SECRET },
      body: JSON.stringify(body),
    })
    const { commands, error } = (await response.json()) as Answer
    return commands?.[0]?.value[0]?.status ?? (error === undefined ? `HTTP ${response.status}` : 'error')
  }
  const log = (): string => readFileSync(serving.outputs.stdout, 'utf8')

  try {
    const [number, other, third] = [usNumber(1), usNumber(2), usNumber(3)]
    assert.deepEqual(
      [await next(number), await next(number), await next(number)],
      ['SUCCESSFUL', 'SUCCESSFUL', 'error'],
    )

    set('-3600')
    assert.equal(await next(number), 'error', 'set back by an hour lets no code more through')
    assert.equal(await next(other), 'SUCCESSFUL')
    assert.match(log(), /"step":"clock","outcome":"set-back"/)
    await limit('3')
    const until = performance.now() + 20_000
    while ((await next(number)) !== 'SUCCESSFUL') {
      assert.ok(performance.now() < until, 'set back by an hour hides an edit')
      await pause(200)
    }

    set('+3600')
    assert.equal(await next(number), 'SUCCESSFUL', 'ten minutes are over by its clock')
    assert.equal(await next(third), 'SUCCESSFUL')
    assert.match(log(), /"step":"clock","outcome":"set-forward"/)
    assert.equal((await fetch(`${hook.ready.ready}/healthz`)).status, 200)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

type Answer = {
  readonly commands?: readonly { readonly value: readonly { readonly status: string }[] }[]
  readonly error?: object
}
