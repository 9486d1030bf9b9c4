import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { shapeOf } from '../world/org.ts'
import { type OrgWorld, startWorld } from '../world/world.ts'

describe('hookline okta setup', { timeout: 120_000 }, () => {
  test('a new org is set up; a second run reports that there is no change; teardown restores the org', async () => {
    await using world = await startWorld({ hook: 'stand-in', org: 'new' })
    const { org, hook, runOkta, okta } = world
    const before = org.export()

    const first = await runOkta(`setup --url ${hook.url}`)
    assert.equal(first.problem, undefined)
    for (const what of ['hook key', 'service app', 'scope', 'access policy', 'rule', 'telephony hook']) {
      assert.match(first.text, new RegExp(`^create +${what} `, 'm'))
    }
    assert.match(
      first.text,
      new RegExp(
        `npx hookline deploy --issuer ${okta.issuer} --audience api://default --client-id ${okta.clientId} --scope telephony.send`,
      ),
    )
    const made = org.export()
    const second = await runOkta(`setup --url ${hook.url}`)
    assert.equal(second.problem, undefined)
    assert.match(second.text, /^No change: everything is already set up\.$/m)
    assert.equal(org.export(), made)

    const result = await okta.call({ to: '+12065550100' })
    assert.equal(result.verdict.kind, 'delivered-by-hook')

    const down = await runOkta('teardown')
    assert.equal(down.problem, undefined)
    assert.match(down.text, /Security > API > Tokens > Revoke/)
    assert.match(down.text, /administrator \(00T/)
    assert.equal(org.export(), before)
    assert.match((await runOkta('teardown')).text, /^Nothing to remove: /m)
  })

  test('prepare and activate have the same result as setup', async () => {
    await using whole = await startWorld({ hook: 'stand-in', org: 'new' })
    await whole.runOkta(`setup --url ${whole.hook.url}`)
    await using parts = await startWorld({ hook: 'stand-in', org: 'new' })
    const prepared = await parts.runOkta('prepare')
    assert.match(prepared.text, /npx hookline okta activate --org/)
    assert.equal(parts.exported().inlineHooks?.length, 0)
    const activated = await parts.runOkta(`activate --url ${parts.hook.url}`)
    assert.equal(activated.problem, undefined)
    assert.equal(shapeOf(parts), shapeOf(whole))
  })

  test('without prepare, activate reports what is missing, and changes nothing', async () => {
    await using world = await startWorld({ hook: 'stand-in', org: 'new' })
    const before = world.org.export()
    const { problem } = await world.runOkta(`activate --url ${world.hook.url}`)
    assert.match(problem?.message ?? '', /not prepared: hook key \(must be created\).*okta prepare first/s)
    assert.equal(world.org.export(), before)
  })

  test('nothing is changed without a yes, and the plan is shown before the question', async () => {
    await using world = await startWorld({ hook: 'stand-in', org: 'new' })
    const before = world.org.export()
    const no = await world.runOkta('prepare', { answers: ['no'] })
    assert.match(no.text, /^create +hook key[\s\S]*Nothing was changed\.$/m)
    assert.deepEqual(no.asked, [`Make these changes in ${world.okta.url}? (yes/no) `])
    await world.runOkta('prepare --dry-run')
    assert.equal(world.org.export(), before)
    const yes = await world.runOkta('prepare', { answers: ['yes'] })
    assert.equal(yes.problem, undefined)
    assert.equal(world.exported().apps?.length, 1)
  })

  test('a client ID can be chosen in advance, for the deployment', async () => {
    await using world = await startWorld({ hook: 'stand-in', org: 'new' })
    await world.runOkta(`setup --url ${world.hook.url} --app-client-id hookline-telephony`)
    assert.equal(world.okta.clientId, 'hookline-telephony')
  })

  test('a hook that fails is deactivated with the reason, and the phone is not changed; the next run continues', async () => {
    await using world = await startWorld({ hook: 'stand-in', org: 'new' })
    for (const [answer, why] of [
      ['failed', /FAILED; ROUTE_MISSING: No route\./],
      ['garbage', /E0000135/],
    ] as const) {
      world.hook.answer(answer)
      const { problem } = await world.runOkta(`setup --url ${world.hook.url}`)
      assert.match(problem?.message ?? '', /^The hook does not work when Okta calls it: /)
      assert.match(problem?.message ?? '', why)
      assert.match(problem?.message ?? '', /turned off again/)
      assert.equal(hooksOf(world), 'Hookline telephony INACTIVE')
      assert.equal(phoneOf(world), undefined)
    }
    world.hook.answer('sent')
    const again = await world.runOkta(`setup --url ${world.hook.url}`)
    assert.equal(again.problem, undefined)
    assert.equal(hooksOf(world), 'Hookline telephony ACTIVE')
    assert.ok(phoneOf(world))
  })

  test('a hook that was active before the run stays active if the check fails', async () => {
    await using world = await startWorld({ hook: 'stand-in', org: 'new' })
    await world.runOkta(`setup --url ${world.hook.url}`)
    world.hook.answer('failed')
    const { problem } = await world.runOkta(`setup --url ${world.hook.url}`)
    assert.match(problem?.message ?? '', /was active before this run, and stays active/)
    assert.equal(hooksOf(world), 'Hookline telephony ACTIVE')
  })

  test('a new address is a single change of the hook', async () => {
    await using world = await startWorld({ hook: 'stand-in', org: 'new' })
    await world.runOkta(`setup --url ${world.hook.url}`)
    await world.org.breakSetup({ kind: 'edit-hook-url', url: 'https://old.example.com/mfa' })
    const { text, problem } = await world.runOkta(`setup --url ${world.hook.url}`)
    assert.equal(problem, undefined)
    assert.match(text, /^change +telephony hook .*calls /m)
    assert.equal(text.match(/^ {2}✓ /gm)?.length, 2) // changed, checked
    await world.okta.call({ to: '+12065550100' })
    assert.equal(world.hook.calls.length, 3)
  })
})

function hooksOf(world: OrgWorld): string {
  return (world.exported().inlineHooks ?? []).map(({ name, status }) => `${name} ${status}`).join(', ')
}

function phoneOf(world: OrgWorld): unknown {
  return world.exported().authenticators?.find(({ key }) => key === 'phone_number')
}

describe("the answer for blocked numbers, depending on the org's own telephony", { timeout: 120_000 }, () => {
  test('for an org with its own telephony in the System Log, silence is proposed', async () => {
    await using world = await startWorld({ hook: 'stand-in', org: 'new' })
    const { runOkta, hook, okta } = world
    await runOkta(`setup --url ${hook.url}`)
    hook.answer('failed')
    assert.equal((await okta.call({ to: '+12065550100' })).verdict.kind, 'okta-sends-itself')
    hook.answer('sent')
    assert.match(
      (await runOkta(`setup --url ${hook.url}`)).text,
      /The System Log shows .+\n.*Leave HOOKLINE_BLOCKED_ANSWER .+ at silent/,
    )
  })

  test('for an org without its own telephony in the System Log, an error is proposed', async () => {
    await using world = await startWorld({ hook: 'stand-in', org: 'new' })
    const { runOkta, hook, okta, org } = world
    org.setProvider(false)
    await runOkta(`setup --url ${hook.url}`)
    hook.answer('failed')
    assert.equal((await okta.call({ to: '+12065550100' })).verdict.kind, 'nothing-sent')
    hook.answer('sent')
    assert.match((await runOkta(`setup --url ${hook.url}`)).text, /deploy --set BlockedAnswer=error/)
  })

  test('if the log shows neither, the user is asked, or the option applies', async () => {
    for (const [answer, says] of [
      ['no', /deploy --set BlockedAnswer=error/],
      ['yes', /at silent/],
      ['', /--okta-telephony no/],
    ] as const) {
      await using world = await startWorld({ hook: 'stand-in', org: 'new' })
      const { runOkta, hook } = world
      const { text, asked, problem } = await runOkta(`setup --url ${hook.url}`, {
        answers: ['yes', '', answer],
      })
      assert.equal(problem, undefined)
      assert.match(asked.at(-1) ?? '', /Okta's own telephony/)
      assert.match(text, says)
      const again = await runOkta(`setup --url ${hook.url} --okta-telephony no`)
      assert.match(again.text, /deploy --set BlockedAnswer=error/)
      assert.match(
        (await runOkta(`setup --url ${hook.url} --okta-telephony maybe`)).problem?.message ?? '',
        /expected yes or no/,
      )
    }
  })
})
