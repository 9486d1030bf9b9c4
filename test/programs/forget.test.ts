import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { keyedDigest, readKeptHashKey } from '../../src/adapters/node/hash-key.ts'
import { startDemo } from '../world/processes.ts'
import { runHookline } from '../world/run-hookline.ts'

const NUMBER = '+12065550177'
const USER = { id: '00uForgetMe000000001', login: 'forget.me@example.com' }

test('after `hookline forget`, no file of the data folder of `start` has a digest of the person', {
  timeout: 120_000,
}, async () => {
  await using start = await startDemo()
  const run = (...args: readonly string[]) => runHookline(args, { env: start.env })
  const digest = keyedDigest(readKeptHashKey(start.dataFolder) ?? assert.fail('no hash key'))
  const digests = [NUMBER, USER.id, USER.login].map(digest)
  const namedIn = (): readonly string[] =>
    readdirSync(start.dataFolder, { recursive: true, withFileTypes: true })
      .filter(entry => entry.isFile())
      .flatMap(({ parentPath, name }) => {
        const bytes = readFileSync(join(parentPath, name))
        return digests.some(each => bytes.includes(each)) ? [name] : []
      })
  for (let index = 0; index < 3; index += 1) {
    const body = JSON.stringify({ to: NUMBER, user: { userId: USER.id, login: USER.login } })
    const headers = { 'content-type': 'application/json' }
    const sent = await fetch(`${start.okta}/caller/calls`, { method: 'POST', headers, body })
    assert.equal(sent.status, 200, await sent.text())
  }
  await run('fraud', 'deny', NUMBER, '--because', 'a trial')
  await run('deliveries', '--user', USER.login)
  const exported = await run('export-person', '--phone', NUMBER)
  assert.equal(JSON.parse(exported.stdout).deliveries.length, 3)
  assert.notDeepEqual(namedIn(), [])

  const forgotten = await run(
    'forget',
    '--phone',
    NUMBER,
    '--user',
    USER.login,
    '--yes',
    '--because',
    'ticket 7',
  )
  assert.equal(forgotten.code, 0, forgotten.stdout + forgotten.stderr)
  assert.match(forgotten.stdout, /Erased: 3 deliveries .*1 override\./)
  assert.deepEqual(namedIn(), [])
  using database = new DatabaseSync(join(start.dataFolder, 'hookline.db'), { readOnly: true })
  assert.deepEqual(database.prepare("SELECT * FROM deliveries WHERE last_digits = '77'").all(), [])
  const changes = await run('changes', '--what', 'erasures', '--json')
  assert.equal(JSON.parse(changes.stdout).because, 'ticket 7')
  assert.equal((await fetch(`${start.hook}/healthz`)).status, 200)
})
