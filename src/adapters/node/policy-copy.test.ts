import assert from 'node:assert/strict'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { createFakeClock } from '../../../test/fixtures/fake-clock.ts'
import { temporaryFolder } from '../../../test/support/temporary-folder.ts'
import type { StepEvent } from '../../core/deliver/event.ts'
import type { Store } from '../../core/records/store.ts'
import { createMemoryStore } from '../memory/store.ts'
import { policyWithCopy, renewPolicyCopy } from './policy-copy.ts'

const sick = (): Promise<never> => Promise.reject(new Error('store: disk I/O error'))

function setUp() {
  const folder = temporaryFolder()
  const clock = createFakeClock()
  const events: StepEvent[] = []
  /** A process, on a store that may be another one than before. */
  const start = (
    store: Pick<
      Store,
      'readPolicy' | 'saveTemplates' | 'saveRoutes' | 'saveLimits' | 'saveFraudPolicy' | 'saveRoutingPolicy'
    >,
  ) => policyWithCopy(store, folder.path, clock, event => void events.push(event))
  return { folder, clock, events, start, [Symbol.dispose]: () => folder[Symbol.dispose]() }
}

async function withPolicy(): Promise<Store> {
  const store = createMemoryStore(() => 0)
  const template = { channel: 'sms', locale: 'en', purpose: 'any', text: '{code}', voiceId: '' } as const
  await store.saveTemplates([{ ...template, indiaTemplateId: undefined }], { author: 'x', at: 0 })
  await store.saveRoutes([{ country: 'US', channel: 'sms', candidates: [{ identity: '+18665550100' }] }], {
    author: 'a test',
    at: 0,
  })
  return store
}

describe('the policy of a failing store', () => {
  it('is the copy of the last policy for a starting process, and the store’s once it answers', async () => {
    using world = setUp()
    const store = await withPolicy()
    const read = await world.start(store).readPolicy()
    let isSick = true
    const again = world.start({ ...store, readPolicy: known => (isSick ? sick() : store.readPolicy(known)) })
    assert.equal(await again.beginWithCopy(new Error('store: disk I/O error')), true)
    const copy = await again.readPolicy()
    assert.deepEqual([copy?.templates.length, copy?.routes], [1, read?.routes])
    assert.deepEqual(
      world.events.map(({ outcome, detail }) => [outcome, detail]),
      [['policy-copy', 'store: disk I/O error. The copy of the last policy is used.']],
    )
    await assert.rejects(again.readPolicy(copy?.version), /I\/O/) // a process that has one keeps it
    isSick = false
    assert.equal((await again.readPolicy(copy?.version))?.version, read?.version)
  })

  it('is missing if no policy was ever read, or if the copy is invalid', async () => {
    using world = setUp()
    const store = { ...(await withPolicy()), readPolicy: sick }
    assert.equal(await world.start(store).beginWithCopy('a cause'), false)
    for (const text of [
      '',
      '{',
      'null',
      '{"form":1}',
      '{"form":1,"policy":{"templates":[],"routes":[]}}',
      '{"form":1,"policy":{"routes":[{}],"templates":[{}]}}',
      JSON.stringify({ form: 2, policy: await (await withPolicy()).readPolicy() }),
      JSON.stringify(await (await withPolicy()).readPolicy()),
    ]) {
      writeFileSync(join(world.folder.path, 'last-policy.json'), text)
      const policy = world.start(store)
      assert.equal(await policy.beginWithCopy('a cause'), false, text)
      await assert.rejects(policy.readPolicy(), /I\/O/)
    }
  })

  it('is copied completely at every edit, without personal data, readable only by its owner', async () => {
    using world = setUp()
    const store = await withPolicy()
    const policy = world.start(store)
    const { version } = (await policy.readPolicy()) ?? assert.fail()
    await store.saveRoutes([{ country: 'GB', channel: 'sms', candidates: [{ identity: 'Example' }] }], {
      author: 'a test',
      at: 0,
    })
    await policy.readPolicy(version)
    assert.deepEqual(readdirSync(world.folder.path), ['last-policy.json'])
    const file = join(world.folder.path, 'last-policy.json')
    assert.equal(statSync(file).mode & 0o777, 0o600)
    assert.match(readFileSync(file, 'utf8'), /"GB"/)
  })
})

describe('a database that was removed while the process runs', () => {
  it('gets the last policy again, and no code is refused in the meantime', async () => {
    using world = setUp()
    const before = await withPolicy()
    const empty = createMemoryStore(() => 0)
    let current: Store = before
    const policy = world.start({
      readPolicy: known => current.readPolicy(current === before ? known : undefined),
      saveTemplates: (...args) => current.saveTemplates(...args),
      saveRoutes: (...args) => current.saveRoutes(...args),
      saveLimits: (...args) => current.saveLimits(...args),
      saveRoutingPolicy: (routing, by) => current.saveRoutingPolicy(routing, by),
      saveFraudPolicy: (...args) => current.saveFraudPolicy(...args),
    })
    const { version } = (await policy.readPolicy()) ?? assert.fail()
    current = empty
    const restored = await policy.readPolicy(version)
    assert.deepEqual([restored?.templates.length, restored?.routes.length], [1, 1])
    assert.equal((await empty.readPolicy())?.routes.length, 1)
    assert.deepEqual(
      world.events.map(({ outcome }) => outcome),
      ['policy-restored'],
    )
  })

  it('is not changed if another database with a policy replaced it', async () => {
    using world = setUp()
    const before = await withPolicy()
    const other = await withPolicy()
    await other.saveRoutes([{ country: 'FR', channel: 'sms', candidates: [{ identity: 'Example' }] }], {
      author: 'a test',
      at: 0,
    })
    let current: Store = before
    const policy = world.start({ ...before, readPolicy: () => current.readPolicy() })
    await policy.readPolicy()
    current = other
    assert.equal((await policy.readPolicy(1))?.routes.length, 2)
    assert.deepEqual(world.events, [])
  })
})

describe('the copy of the policy after an erasure', () => {
  it('is that of the store, and the drafts of processes that died are gone', async () => {
    using folder = temporaryFolder()
    const old = { mode: 0o600 }
    writeFileSync(join(folder.path, 'last-policy.json'), 'with the person', old)
    writeFileSync(join(folder.path, 'last-policy.json.0123456789abcdef'), 'with the person', old)
    writeFileSync(join(folder.path, 'hookline.log'), 'of somebody else', old)
    await renewPolicyCopy(await withPolicy(), folder.path)
    assert.deepEqual(readdirSync(folder.path).sort(), ['hookline.log', 'last-policy.json'])
    assert.equal(JSON.parse(readFileSync(join(folder.path, 'last-policy.json'), 'utf8')).form, 1)
  })

  it('is not made where no server made one, and drafts are gone as well', async () => {
    using folder = temporaryFolder()
    writeFileSync(join(folder.path, 'last-policy.json.0123456789abcdef'), 'with the person')
    await renewPolicyCopy(await withPolicy(), folder.path)
    assert.deepEqual(readdirSync(folder.path), [])
  })
})
