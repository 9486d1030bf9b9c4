import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { describe, test } from 'node:test'
import { Secret } from '../../src/core/values/secret.ts'
import type { StepName } from '../../tools/observe/steps.ts'
import { type Observing, type Person, SIGN_INS, startObserving } from './observing.ts'

/**
 * The command in this process with Okta's SDK; the server on a real port, with stand-ins for Okta and AWS over HTTP.
 */
describe('npm run observe', { timeout: 120_000 }, () => {
  test('one sign-in for each step: the report answers the open questions, and contains no personal data', async () => {
    await using observing = await startObserving()
    await observing.runOkta(`activate --url ${observing.url}`)
    const { printed, problem, report = '', pauses } = await observing.observe(testUser(observing))
    assert.equal(problem, undefined)
    assert.equal((await observing.messages()).length, 5) // text, call, reset, recovery, enrolment; the previous check went to another hook
    assert.deepEqual(pauses, [])

    const itself = 'Okta sent a code with its own provider'
    const expected = {
      text: /^Okta relied on the hook, and sent no code itself \(one call; the hook answered SUCCESSFUL; codes arrived: 1,/,
      call: /^Okta relied on the hook/,
      reset: /^Okta relied on the hook/,
      pending:
        /^Neither Okta nor the hook sent a code \(one call; the hook answered PENDING; .*fail-over false\)\.$/,
      failed: new RegExp(
        `^${itself} \\(one call; the hook answered FAILED; .*System Log: fail-over true\\)\\.$`,
      ),
      error: new RegExp(`^${itself} \\(one call; the hook answered an error object;`),
      late: new RegExp(`^${itself} \\(one call; the hook answered FAILED after Okta's three seconds;`),
      recovery: /^Okta relied on the hook/,
      enrolment: /^Okta relied on the hook/,
      preview: /^Okta called the hook: its request is in the table below/,
    }
    for (const [step, answer] of Object.entries(expected)) assert.match(answerOf(report, step), answer)
    for (const row of [
      '| `data.messageProfile.deliveryChannel` | `SMS` (text, reset, pending, failed, error, late, recovery, enrolment, preview); `voice call` (call) | 10 of 10 |',
      '| `data.messageProfile.phoneNumber` | + and 11 digits (text, call, reset, pending, failed, error, late, recovery, enrolment); 10 digits without + (preview) | 10 of 10 |',
      '| `data.messageProfile.msgTemplate` | text of 33 characters, the code exactly once, GSM-7 (text, reset, pending, failed, error, late, recovery, enrolment); text of 32 characters, the code exactly once, GSM-7 (preview) | 9 of 10, not in call |',
      '| `eventTime` to `otpExpires` | 300 s | 300 s |',
      '| `alg` | `RS256` | 10 of 10 |',
      '| `sub` | text, the same as cid | 10 of 10 |',
      '| `debugContext.debugData.is_call_hook_failover` | text false | call |',
      '| `debugContext.debugData.is_sms_hook_failover` | text true | failed, error, late |',
      '| `user.mfa.factor.activate` | SUCCESS | no | eventHookIds | enrolment |', // the org has an event hook
      '8 of 10 calls came with a token that an earlier call had.',
      'was found in `debugContext.debugData.code` of `inline_hook.response.processed`.',
    ])
      assert.ok(report.includes(row), `${row}\n${report}`)
    // A step begins slightly early, so on a fast machine the next one has this event too.
    assert.match(
      report,
      /\| `user\.account\.reset_password` \| SUCCESS \| no \| eventHookIds \| recovery(, enrolment)? \|/,
    )
    assert.match(report, /^# What Okta does\n\nThis report contains nothing that identifies/)
    assert.doesNotMatch(report, /ended early/)

    assert.deepEqual(observing.leaksIn(report), [])
    assert.deepEqual(observing.leaksIn(printed.replace(observing.out, '')), [])
    assert.deepEqual(observing.leaksIn(`${report} 740819`), ['holds 740819']) // the search finds a value that is present
    assert.match(observing.leaksIn(`${report} ${btoa('zeb.quackenbush@example.org')}`).join(), /base64/)
  })

  test('says what to run while the hook has another address, and continues when it has this one', async () => {
    await using observing = await startObserving()
    const { hook, url } = observing
    await observing.runOkta(`activate --url ${hook.url}`)
    const run = new RegExp(`npx hookline (okta activate --org \\S+ --url ${url})\\n`)
    const person = testUser(observing, {
      getReady: async printed => {
        const [, command = ''] = run.exec(printed) ?? assert.fail(printed)
        const ran = await observing.runOkta(command.replace(/^okta /, '').replace(/--org \S+ /, ''))
        assert.equal(ran.problem, undefined, ran.text)
      },
    })
    const { printed, problem, report = '' } = await observing.observe(person, ['--steps', 'pending'])
    assert.equal(problem, undefined, printed)
    assert.match(printed, /The org's active telephony hook, ".+", calls another address\./)
    assert.match(printed, /✓ The org's active telephony hook calls this server\./)
    assert.match(answerOf(report, 'pending'), /^Neither Okta nor the hook sent a code/)
    assert.match(report, /, 1 call of the hook\./) // the check of `activate` is not an observation
    assert.deepEqual(observing.leaksIn(report), [])
  })

  test('writes the observations until Ctrl-C, skips a step on request, and waits a minute for an empty log', async () => {
    await using observing = await startObserving()
    await observing.runOkta(`activate --url ${observing.url}`)
    const asked: string[] = []
    const person = testUser(observing, {
      signIn: async step => {
        asked.push(step)
        if (step === 'call') return 's'
        // Okta does not document the request's ID in its log.
        const omit = step === 'text' ? ['data.context.request.id'] : []
        if (step !== 'reset') await observing.okta.call({ ...SIGN_INS[step], omit })
        return step === 'pending' ? undefined : ''
      },
      codes: step => (step === 'text' ? 's' : '0'),
    })
    const { printed, problem, report = '', pauses } = await observing.observe(person)
    assert.equal(problem, undefined, printed)
    assert.deepEqual(asked, ['text', 'call', 'reset', 'pending'])
    assert.equal(pauses.length, 12)
    assert.match(
      answerOf(report, 'text'),
      /^Okta relied on the hook, .*SUCCESSFUL; System Log: fail-over false\)/,
    )
    assert.match(answerOf(report, 'reset'), /^Not settled: Okta did not call the hook/)
    assert.match(answerOf(report, 'pending'), /^Neither Okta nor the hook sent a code/)
    assert.doesNotMatch(report, /^\| call \|/m)
    assert.match(report, /The run was ended early: steps are missing\./)
    assert.match(report, /\| `system\.sms\.send_phone_verification_message` \| SUCCESS \| no \|/)
    assert.deepEqual(observing.leaksIn(report + printed.replace(observing.out, '')), [])
  })

  test('says why it does not start, and changes nothing', async () => {
    await using observing = await startObserving()
    const { out, url } = observing
    const person = testUser(observing)
    const why = async (args: readonly string[], access = {}): Promise<string> => {
      const { problem, report, printed } = await observing.observe(person, args, access)
      assert.equal(report, undefined)
      return problem?.message ?? printed
    }
    assert.match(await why([], { isAtTerminal: false }), /needs a terminal, and this is not one/)
    assert.match(
      await why(['--steps', 'text,ring']),
      /--steps has "ring"; expected text, call, reset, pending,/,
    )
    assert.match(await why(['--url', `${observing.hook.url}`]), /answers there, but not this one/)
    const env = { PATH: process.env.PATH, OKTA_API_TOKEN: observing.org.apiToken }
    const args = ['tools/observe/observe.ts', '--org', observing.okta.url, '--url', url]
    const { status, stderr } = spawnSync(process.execPath, args, { env, encoding: 'utf8', timeout: 30_000 })
    assert.deepEqual([status, /needs a terminal/.test(stderr)], [2, true])
    assert.match(
      await why([], { token: () => new Secret('00wrongwrongwrong') }),
      /^Okta refused the request\. E0000011: .* The API token is not valid for this org/,
    )
    writeFileSync(out, 'the report of before')
    const { problem, report } = await observing.observe(person)
    assert.match(problem?.message ?? '', /--out is ".*", which already exists/)
    assert.equal(report, 'the report of before')
  })
})

/** What the test user does with the code, in the form of Okta's log. */
const FOLLOWING: Partial<Record<StepName, string>> = {
  recovery: 'user.account.reset_password',
  enrolment: 'user.mfa.factor.activate',
}

function testUser({ okta, org }: Observing, changed: Partial<Person> = {}): Person {
  return {
    signIn: async step => {
      await okta.call(SIGN_INS[step])
      const event = FOLLOWING[step]
      if (event !== undefined) org.addEvent(event)
      return ''
    },
    codes: step => (step === 'pending' ? '0' : '1'),
    ...changed,
  }
}

function answerOf(report: string, step: string): string {
  const [, , , answer] =
    report
      .split('\n')
      .find(line => line.startsWith(`| ${step} |`))
      ?.split('|') ?? []
  return answer?.trim() ?? assert.fail(`no answer of ${step}:\n${report}`)
}
