import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Secret } from '../../src/core/values/secret.ts'
import { EVENT_SECRET } from '../world/org.ts'
import { type OrgWorld, startWorld } from '../world/world.ts'

const NONE = { access: { eventSecret: () => undefined } }
const TO = '+12065550100'

type Hook = {
  readonly id: string
  readonly name: string
  readonly status: string
  readonly verificationStatus: string
  readonly description: string | null
  readonly eventTypes: readonly string[]
  readonly channel: { readonly config: { readonly uri: string } }
}

describe('the event hook of hookline okta', { timeout: 120_000 }, () => {
  test('is made, verified and marked; a code that is entered becomes an event; teardown restores the org', async () => {
    await using world = await startWorld({ hook: 'stand-in', org: 'new' })
    const { org, okta, hook, runOkta } = world
    const before = org.export()
    const first = await runOkta(`setup --url ${hook.url}`)
    assert.equal(first.problem, undefined)
    assert.match(first.text, /^create +event hook +Hookline events +Tells /m)
    assert.match(first.text, /✓ verified {4}event hook: Hookline events/)
    const [made] = hooksIn(world)
    assert.deepEqual(
      [made?.status, made?.verificationStatus, made?.channel.config.uri],
      ['ACTIVE', 'VERIFIED', hook.eventsUrl],
    )
    assert.match(made?.description ?? '', /Made by Hookline/)

    const whole = org.export()
    const second = await runOkta(`setup --url ${hook.url}`)
    assert.match(second.text, /^none, exists +event hook +Hookline events /m)
    assert.match(second.text, /^No change: everything is already set up\.$/m)
    assert.equal(org.export(), whole)

    await okta.call({ to: TO, code: '740815' })
    assert.equal(okta.enterCode({ to: TO, code: '740815' }).isAccepted, true)
    okta.signIn('OKTA_VERIFY_PUSH')
    await okta.eventsSettled()
    const posts = hook.eventPosts as readonly { credential: string; body: { data: { events: unknown[] } } }[]
    assert.deepEqual(
      posts.map(({ credential, body }) => [credential, body.data.events.length]),
      [[EVENT_SECRET, 3]], // the code was sent, it was entered, and the other sign-in
    )

    const down = await runOkta('teardown')
    assert.match(down.text, /✓ event hook: Hookline events is turned off/)
    assert.equal(org.export(), before)
  })

  for (const verification of ['with-secret', 'without-secret'] as const) {
    test(`is verified by a challenge ${verification.replace('-', ' its ')}`, async () => {
      await using world = await startWorld({
        hook: 'stand-in',
        org: 'new',
        okta: { behaviours: { verification } },
      })
      assert.equal((await world.runOkta(`setup --url ${world.hook.url}`)).problem, undefined)
      assert.equal(hooksIn(world)[0]?.verificationStatus, 'VERIFIED')
    })
  }

  test('is turned on again, moved and completed by the next run, and then verified again', async () => {
    await using world = await startWorld({ hook: 'stand-in', org: 'new' })
    const { api, hook, runOkta } = world
    await runOkta(`setup --url ${hook.url}`)
    const [made] = hooksIn(world)
    assert.ok(made)
    await api('PUT', `/eventHooks/${made.id}`, {
      name: made.name,
      description: made.description,
      events: { type: 'EVENT_TYPE', items: ['user.mfa.factor.activate', 'user.mfa.factor.suspend'] },
      channel: { type: 'HTTP', version: '1.0.0', config: { uri: 'https://old.example.com/events/okta' } },
    })
    await api('POST', `/eventHooks/${made.id}/lifecycle/deactivate`)
    const again = await runOkta(`setup --url ${hook.url}`)
    assert.equal(again.problem, undefined)
    assert.match(again.text, /^change +event hook +Hookline events +calls http:/m)
    const [now, ...others] = hooksIn(world)
    assert.deepEqual(
      [now?.id, now?.status, now?.verificationStatus, now?.channel.config.uri, others.length],
      [made.id, 'ACTIVE', 'VERIFIED', hook.eventsUrl, 0],
    )
    assert.ok(now?.eventTypes.includes('user.authentication.auth_via_mfa'))
    assert.ok(now?.eventTypes.includes('user.mfa.factor.suspend'), 'an event that somebody added stays')
    await world.okta.call({ to: TO, code: '740815' })
    world.okta.enterCode({ to: TO, code: '740815' })
    await world.okta.eventsSettled()
    assert.equal(hook.eventPosts[0]?.credential, EVENT_SECRET)
  })

  test('of somebody else at the same address is adopted, and teardown leaves it', async () => {
    await using world = await startWorld({ hook: 'stand-in', org: 'new' })
    const { api, hook, org, runOkta } = world
    const byHand = {
      name: 'By hand',
      description: 'For the SIEM too.',
      events: { type: 'EVENT_TYPE', items: ['user.mfa.factor.suspend'] },
      channel: {
        type: 'HTTP',
        version: '1.0.0',
        config: { uri: hook.eventsUrl, headers: [{ key: 'X-Team', value: 'identity' }] },
      },
    }
    await api('POST', '/eventHooks', byHand)
    const adopted = await runOkta(`setup --url ${hook.url}`)
    assert.equal(adopted.problem, undefined)
    const [now, ...others] = hooksIn(world)
    assert.deepEqual(
      [now?.name, now?.description, now?.verificationStatus, others.length],
      ['By hand', 'For the SIEM too.', 'VERIFIED', 0],
    )
    assert.match(JSON.stringify(now), /X-Team/)
    await runOkta('teardown')
    assert.equal(hooksIn(world)[0]?.name, 'By hand')
    assert.ok(!org.export().includes('Made by Hookline'))
  })

  test('is not made, and the set-up goes on, without a secret, an address for events, or the scope', async () => {
    await using world = await startWorld({
      hook: 'stand-in',
      org: 'new',
      okta: { serviceApp: true, withheld: ['okta.eventHooks.manage'] },
    })
    const { hook, okta, runOkta } = world
    const before = world.org.export()
    const setUp = `setup --url ${hook.url}`
    const reasons = [
      [await runOkta(setUp, NONE), /^- skipped {7}event hook: HOOKLINE_EVENT_SECRETS is not set/m],
      [await runOkta(setUp, { asApp: true }), /event hook: It needs the scope okta\.eventHooks\.manage\./],
    ] as const
    hook.setEvents(false)
    const missing = await runOkta(setUp)
    for (const [{ problem, text }, says] of [
      ...reasons,
      [missing, /event hook: http:\S+ answered 404 to a challenge/] as const,
    ]) {
      assert.equal(problem, undefined)
      assert.match(text, says)
    }
    assert.deepEqual(hooksIn(world), [])
    assert.equal((await okta.call({ to: TO })).verdict.kind, 'delivered-by-hook')
    const down = await runOkta('teardown', { asApp: true })
    assert.match(down.text, /the event hook, if Hookline made one: it was not read\. It needs the scope/)
    assert.equal(world.org.export(), before)
  })

  test('that Okta cannot verify is reported; everything else is set up, and the next run continues', async () => {
    await using world = await startWorld({ hook: 'stand-in', org: 'new' })
    const { hook, okta, runOkta } = world
    let printed = 0
    const onPrint = () => {
      printed += 1
      if (hooksIn(world).length > 0) hook.setEvents(false)
    }
    const { problem } = await runOkta(`setup --url ${hook.url}`, { onPrint })
    assert.match(problem?.message ?? '', /The endpoint was not verified: it answered 404/)
    assert.ok(printed > 0)
    assert.equal((await okta.call({ to: TO })).verdict.kind, 'delivered-by-hook')
    hook.setEvents(true)
    assert.equal((await runOkta(`setup --url ${hook.url}`)).problem, undefined)
    assert.equal(hooksIn(world)[0]?.verificationStatus, 'VERIFIED')
  })

  test('is not made by prepare, by a dry run or by a trial; a secret that is too short is refused first', async () => {
    await using world = await startWorld({ hook: 'stand-in', org: 'new' })
    const { hook, runOkta } = world
    await runOkta('prepare')
    const dry = await runOkta(`activate --url ${hook.url} --dry-run`)
    assert.match(dry.text, /^create +event hook /m)
    await runOkta(`activate --url ${hook.url} --for 1s`)
    assert.deepEqual(hooksIn(world), [])
    const short = { access: { eventSecret: () => new Secret('too short') } }
    const before = world.org.export()
    const { problem } = await runOkta(`activate --url ${hook.url}`, short)
    assert.match(problem?.message ?? '', /event hook's secret has 9 characters; expected at least 32/)
    assert.equal(world.org.export(), before)
  })
})

function hooksIn({ exported }: Pick<OrgWorld, 'exported'>): readonly Hook[] {
  return exported().eventHooks as readonly Hook[]
}
