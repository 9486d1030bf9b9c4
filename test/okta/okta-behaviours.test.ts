import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { shapeOf } from '../world/org.ts'
import { startWorld } from '../world/world.ts'

const PUBLIC_KEYS = ['flat', 'embedded'] as const
const EXECUTES = ['all', 'commands', 'strict'] as const

/** Behaviour that Okta's documents leave open or describe in two ways: the commands work with each. */
describe('the set-up of an org is the same', { timeout: 300_000 }, () => {
  for (const publicKey of PUBLIC_KEYS) {
    for (const execute of EXECUTES) {
      test(`with a public key that is ${publicKey} and an execute that answers ${execute}`, async () => {
        await using world = await startWorld({
          hook: 'stand-in',
          org: 'new',
          okta: { behaviours: { publicKey, execute } },
        })
        const { hook, okta, org, runOkta } = world
        const before = org.export()
        for (const args of ['prepare', `activate --url ${hook.url}`]) {
          const { problem } = await runOkta(args)
          assert.equal(problem, undefined)
        }
        const again = await runOkta(`setup --url ${hook.url}`)
        assert.match(again.text, /^No change: everything is already set up\.$/m)
        assert.equal((await okta.call({ to: '+12065550100' })).verdict.kind, 'delivered-by-hook')

        const previewed = await runOkta('preview')
        assert.ok(!previewed.exitCode, previewed.text)
        assert.match(previewed.text, /The hook authenticated Okta as stand-in by secret header\./)
        const pattern = /execute lacks the details .* They are from the System Log\./s
        assert.equal(pattern.test(previewed.text), execute !== 'all')

        hook.answer('failed')
        const failed = await runOkta(`setup --url ${hook.url}`)
        assert.match(failed.problem?.message ?? '', /FAILED; ROUTE_MISSING: No route\./)
        hook.answer('sent')
        assert.equal((await runOkta('teardown')).problem, undefined)
        assert.equal(org.export(), before)
      })
    }
  }

  test('and its parts are the same in all of them', async () => {
    const shapes = new Set<string>()
    for (const publicKey of PUBLIC_KEYS) {
      await using world = await startWorld({
        hook: 'stand-in',
        org: 'new',
        okta: { behaviours: { publicKey } },
      })
      await world.runOkta(`setup --url ${world.hook.url}`)
      shapes.add(shapeOf(world))
    }
    assert.equal(shapes.size, 1)
  })
})

describe('an org that differs from the documents', { timeout: 120_000 }, () => {
  test('that omits the modulus of the key causes an error that says what to do, and teardown removes the key again', async () => {
    await using world = await startWorld({
      hook: 'stand-in',
      org: 'new',
      okta: { behaviours: { publicKey: 'without-n' } },
    })
    const before = world.org.export()
    const { problem } = await world.runOkta('prepare')
    assert.match(problem?.message ?? '', /public key of the hook key "Hookline hook key" .* "n" is missing/)
    world.org.setBehaviours({ publicKey: 'flat' })
    assert.equal((await world.runOkta('prepare')).problem, undefined)
    await world.runOkta('teardown')
    assert.equal(world.org.export(), before)
  })

  test('whose execute hides a successful answer, and whose System Log cannot be read, is set up by its commands alone', async () => {
    await using world = await startWorld({
      hook: 'stand-in',
      org: 'new',
      okta: {
        behaviours: { execute: 'commands' },
        serviceApp: true,
        withheld: ['okta.logs.read'],
      },
    })
    const { problem, text } = await world.runOkta(`setup --url ${world.hook.url}`, { asApp: true })
    assert.equal(problem, undefined)
    assert.match(text, /They were not found in the System Log: It needs the scope okta\.logs\.read\./)
  })
})
