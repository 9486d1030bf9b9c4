import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { usNumber } from '../support/numbers.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { fakedClock, fakedClockMissing } from '../world/faked-clock.ts'
import { startWorld } from '../world/world.ts'

const SECRET = 'a-secret-of-tests-that-is-longer-than-32-characters'

test('the clock of a running server is set back and forward: limits hold, edits are used, and the log reports it', {
  skip: fakedClockMissing(),
  timeout: 120_000,
}, async () => {
  using folder = temporaryFolder()
  const { env, set } = fakedClock(folder.path)
  await using world = await startWorld({
    hook: 'process',
    settings: {
      ...env,
      HOOKLINE_SECRET_HEADER: 'x-hook-secret',
      HOOKLINE_SECRETS: SECRET,
    },
  })
  const limit = (max: string) =>
    world.printed('limits', 'set', '--scope', 'number', '--window', '600', '--max', max)
  await limit('2')
  const hook = await world.serve()
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
    const response = await fetch(hook.hookUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-hook-secret': SECRET },
      body: JSON.stringify(body),
    })
    const { commands, error } = (await response.json()) as Answer
    return commands?.[0]?.value[0]?.status ?? (error === undefined ? `HTTP ${response.status}` : 'error')
  }
  const log = (): string => readFileSync(world.outputs.stdout, 'utf8')

  const [number, other, third] = [usNumber(1), usNumber(2), usNumber(3)]
  assert.deepEqual(
    [await next(number), await next(number), await next(number)],
    ['SUCCESSFUL', 'SUCCESSFUL', 'error'],
  )

  set('-3600')
  assert.equal(await next(number), 'error', 'set back by an hour does not let another code through')
  assert.equal(await next(other), 'SUCCESSFUL')
  assert.match(log(), /"step":"clock","outcome":"set-back"/)
  await limit('3')
  const until = performance.now() + 20_000
  while ((await next(number)) !== 'SUCCESSFUL') {
    assert.ok(performance.now() < until, 'set back by an hour does not hide an edit')
    await pause(200)
  }

  set('+3600')
  assert.equal(await next(number), 'SUCCESSFUL', 'ten minutes have passed by its clock')
  assert.equal(await next(third), 'SUCCESSFUL')
  assert.match(log(), /"step":"clock","outcome":"set-forward"/)
  assert.equal((await fetch(`${hook.ready.ready}/healthz`)).status, 200)
})

type Answer = {
  readonly commands?: readonly { readonly value: readonly { readonly status: string }[] }[]
  readonly error?: object
}
